import { readHeader } from "../safetensors/read-header.ts";
import { ADAPTER_CONFIG, mayBeAdapter } from "./adapter-files.ts";
import { adapterBaseModel } from "./base-model.ts";
import type { Checkpoint } from "./checkpoint.ts";
import { findWeights } from "./find-weights.ts";
import { resolveAddress } from "./hub-address.ts";
import { type HubClient, hubOptions } from "./hub-client.ts";
import { HubError } from "./hub-error.ts";
import { listTree } from "./list-tree.ts";
import { formatRef } from "./parse-ref.ts";
import { readCheckpoint } from "./read-checkpoint.ts";
import { NO_CONFIG, readConfig } from "./read-config.ts";
import { readIndex } from "./read-index.ts";
import type { Ref } from "./ref.ts";
import { isModelFile } from "./ref-grammar.ts";
import { isCommit, type ResolvedRevision, resolveRevision } from "./resolve-revision.ts";
import { weightsPlan } from "./weights-plan.ts";

/**
 * Opens a Hub repo: revision → commit (skipped for a full commit hash), listing, index where there is one, headers of all
 * shards, `config.json`, and an adapter's own configuration. The result's `ref` carries the commit and the repo's present name. Fails as `openCheckpoint`.
 */
export async function openRepo(
  ref: Extract<Ref, { kind: "hub" }>,
  client: HubClient,
): Promise<Omit<Checkpoint, "opened">> {
  const { repo: asked, revision = "main", folder: target = "" } = ref;
  const resolved: ResolvedRevision = isCommit(revision)
    ? { repo: asked, commit: revision.toLowerCase() }
    : await resolveRevision(client, asked, revision);
  const { commit } = resolved;
  const folder = isModelFile(target) ? target.replace(/(?:^|\/)[^/]*$/, "") : target;
  const tree = await listTree(client, resolved.repo, commit, folder);
  const { repo } = tree;
  const files = new Map(tree.files.map((file) => [file.path, file]));
  const name = target === "" ? repo : `${repo}:${target}`;
  const found = findWeights([...files.keys()], target, name);

  const inFolder = (path: string) => (folder ? `${folder}/${path}` : path);
  // What the index names is not known before it may be read; these are the files that it can mean.
  const isShard = (path: string) => /^(?!consolidated)[^/]*\.safetensors$/i.test(path.slice(inFolder("").length));
  const plan = weightsPlan(
    tree.files.filter(({ path }) => (found.kind === "index" ? isShard(path) : path === found.path)),
  );
  const at = (path: string): [string, ReturnType<typeof hubOptions>] => {
    const url = resolveAddress(client.hub, repo, commit, path);
    return [url, hubOptions(client, url, { repo, revision: commit, path, plan })];
  };
  const index = found.kind === "index" ? await readIndex(...at(found.path)) : undefined;
  const paths = index ? [...new Set([...index.weightMap.values()].map(inFolder))].sort() : [found.path];
  const lost = paths.find((path) => !files.has(path));
  if (lost !== undefined) {
    throw new HubError(
      "EntryNotFound",
      `The index ${found.path} of ${repo} names ${lost}, which is not in the repo. The upload is incomplete; ask its owner or choose another revision.`,
    );
  }

  const source = {
    ...(client.options.signal ? { signal: client.options.signal } : {}),
    readHeader: (path: string, signal: AbortSignal) => {
      const [url, options] = at(path);
      const listed = files.get(path);
      return readHeader(url, { ...options, signal, ...(listed ? { expectedSize: listed.size } : {}) });
    },
    hash: (path: string) => files.get(path)?.hash,
  };
  const configAt = (path: string) => (files.has(path) ? readConfig(...at(path)) : NO_CONFIG);
  const [weights, config, adapter] = await Promise.all([
    readCheckpoint(paths, source, index && { index, shardPath: inFolder }),
    configAt(inFolder("config.json")),
    mayBeAdapter(found.path) ? configAt(inFolder(ADAPTER_CONFIG)) : NO_CONFIG,
  ]);
  const baseModel = resolved.baseModel ?? adapterBaseModel(adapter.config);
  const renamed = repo === asked ? [] : [`${asked} is now called ${repo} on the Hub.`];
  return {
    ref: formatRef({ kind: "hub", repo, revision: commit, ...(target ? { folder: target } : {}) }),
    label: name,
    revision: commit,
    ...weights,
    ...(config.config ? { config: config.config } : {}),
    ...(adapter.config ? { adapter: adapter.config } : {}),
    ...(baseModel ? { baseModel } : {}),
    notes: [...renamed, ...found.notes, ...weights.notes, ...config.notes, ...adapter.notes],
  };
}
