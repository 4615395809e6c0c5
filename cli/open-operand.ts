import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { looksLikeAdapter, readAdapter } from "../src/adapters/read-adapter.ts";
import type { Wait } from "../src/bytes/with-retry.ts";
import type { Checkpoint } from "../src/hub/checkpoint.ts";
import type { GivingWords } from "../src/hub/local-files.ts";
import { openCheckpoint } from "../src/hub/open-checkpoint.ts";
import { openLocal } from "../src/hub/open-local.ts";
import { parseRef } from "../src/hub/parse-ref.ts";
import type { Ref } from "../src/hub/ref.ts";
import { isCommit, type ResolvedRevision, resolveRevision } from "../src/hub/resolve-revision.ts";
import type { Operand } from "../src/pairing/pair-operands.ts";
import { BadInput } from "./bad-input.ts";
import { type CachedRepo, cachedAt, cachedAtPath, type HubRef, isCached, snapshotAt } from "./cached-repo.ts";
import { type HubSettings, untilded } from "./hub-settings.ts";
import { hubToken } from "./hub-token.ts";
import { dropAt, locatedByPath } from "./local-drop.ts";
import { openSnapshot } from "./open-snapshot.ts";

export interface OpenContext extends HubSettings {
  /** Folder of the demo models. */
  demo: string;
  signal: AbortSignal;
  onWait: (wait: Wait) => () => void;
}

/** An operand and the reference it was asked for by. */
export interface OpenedOperand extends Operand {
  ref: Ref;
}

/** How files are given here. */
const BY_PATH: GivingWords = { give: "Name", missing: "is not beside it" };
/** How a token is set here, for what is said where the Hub refuses. */
export const TOKEN_PLACE = "in the environment variable HF_TOKEN";

/**
 * Opens what a person wrote: any reference that the page takes, or a path of this machine, which wins where there is
 * something of that name, as `from_pretrained` has it. Throws an error with one sentence.
 */
export async function openOperand(text: string, isAdapter: boolean, context: OpenContext): Promise<OpenedOperand> {
  const { checkpoint, ref } = await openWritten(text, context);
  const adapter = isAdapter || looksLikeAdapter(checkpoint) ? readAdapter(checkpoint) : null;
  return { checkpoint, ref, adapter };
}

type Written = { checkpoint: Checkpoint; ref: Ref };

async function openWritten(text: string, context: OpenContext): Promise<Written> {
  const path = pathOf(text);
  if (path !== null) return openPath(path, context);
  const ref = parseRef(text, context);
  switch (ref.kind) {
    case "hub":
      return { ref, checkpoint: await openHub(ref, context) };
    case "demo":
      return { ref, checkpoint: await openDemo(ref.name, context) };
    case "url":
      if (context.offline)
        throw new BadInput(`${text} is on the network, and nothing is to be fetched (HF_HUB_OFFLINE, --offline).`);
      return { ref, checkpoint: await openFar(ref, context) };
    case "local":
      throw new BadInput(`${text} stands for files that a page was given. Give their path.`);
  }
}

/** The path that a text means; null where it is a reference. */
function pathOf(text: string): string | null {
  const isWritten = /^(?:\.{0,2}\/|\.{1,2}$|~(?:\/|$)|[a-z]:\\)/i.test(text);
  return isWritten || existsSync(text) ? resolve(untilded(text)) : null;
}

async function openPath(path: string, { signal }: OpenContext): Promise<Written> {
  const cached = await cachedAtPath(path);
  if (cached) {
    const { repo, commit: revision } = cached;
    return { ref: { kind: "hub", repo, revision }, checkpoint: await openWhole(cached) };
  }
  const { drop, paths } = await dropAt(path);
  return { ref: { kind: "local", drop }, checkpoint: locatedByPath(await openLocal(drop, signal, BY_PATH), paths) };
}

async function openWhole(cached: CachedRepo, target?: string): Promise<Checkpoint> {
  const opened = await openSnapshot(cached, target);
  if (opened) return opened;
  throw new BadInput(
    `The cache has only some files of ${cached.repo} at ${cached.commit} (${cached.folder}). Fetch the rest, or go without --offline.`,
  );
}

/** From the cache where the commit is there, or where nothing may be fetched; else from the Hub. */
async function openHub(ref: HubRef, context: OpenContext): Promise<Checkpoint> {
  const { hub, cache, offline, signal, onWait } = context;
  if (offline) {
    const cached = await cachedAt(cache, ref);
    if (cached) return openWhole(cached, ref.folder);
    const revision = ref.revision ? ` at ${ref.revision}` : "";
    throw new BadInput(
      `${ref.repo}${revision} is not in the cache (${cache}), and nothing is to be fetched (HF_HUB_OFFLINE, --offline).`,
    );
  }
  if (!(await isCached(cache, ref.repo))) return openFar(ref, context);
  const token = hubToken();
  const client = { hub, tokenPlace: TOKEN_PLACE, options: { signal, onWait }, ...(token ? { token } : {}) };
  const { revision = "main" } = ref;
  const { repo, commit, baseModel }: ResolvedRevision = isCommit(revision)
    ? { repo: ref.repo, commit: revision.toLowerCase() }
    : await resolveRevision(client, ref.repo, revision);
  const cached = await snapshotAt(cache, repo, commit);
  const opened = cached && (await openSnapshot(cached, ref.folder).catch(() => null));
  if (!opened) return openFar({ ...ref, revision: commit }, context);
  return baseModel ? { ...opened, baseModel } : opened;
}

function openFar(ref: Ref, { hub, signal, onWait }: OpenContext): Promise<Checkpoint> {
  const token = hubToken();
  // Demo models are files of this machine here.
  return openCheckpoint(ref, { hub, demo: "", tokenPlace: TOKEN_PLACE, signal, onWait, ...(token ? { token } : {}) });
}

async function openDemo(name: string, { demo, signal }: OpenContext): Promise<Checkpoint> {
  const folder = join(demo, name);
  if (!existsSync(folder))
    throw new BadInput(
      existsSync(demo)
        ? `There is no demo model ${name}. Check the word after demo:.`
        : "The demo models are not in this package. Run a checkout of the project for them, or name other models.",
    );
  const { drop, paths } = await dropAt(folder);
  return { ...locatedByPath(await openLocal(drop, signal, BY_PATH), paths), ref: `demo:${name}`, label: name };
}
