import type { OAuthClient } from "../access/oauth-client.ts";
import { tokenFor } from "../access/token-vault.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { ThinPairs } from "../comparing/thin-pairs.ts";
import { formatRef, parseRef } from "../hub/parse-ref.ts";
import type { Ref } from "../hub/ref.ts";
import { type Pairing, SIDES, type Side } from "../pairing/pair.ts";
import { parseRenameRule } from "../pairing/rename-rule.ts";
import type { LinkFormat } from "../permalink/link-format.ts";
import { planFromCuts, type ReadPlan, type ScanCost } from "../reading/read-plan.ts";
import type { OpenedCheckpoint } from "../reading/worker-contract.ts";
import type { WorkerPool } from "../workforce/worker-pool.ts";
import type { LocalDrops } from "./local-drops.ts";
import type { Slice } from "./slice.ts";

/** What the page knows about where it runs. */
export interface Environment {
  /** Origin of the page. */
  page: string;
  /** Address of the page without its hash. */
  address: string;
  /** Absolute address of the folder of demo models, final slash included. */
  demo: string;
  /** The instruments of this page, and how its links are written. */
  instruments: readonly Slice[];
  links: LinkFormat;
  pool: WorkerPool;
  /** The person asked their browser to save data. */
  saveData: boolean;
  /** The browser offers WebGPU (which does not mean that there is an adapter). */
  gpu: boolean;
  /** How people sign in at a Hub from here; absent where this page is no client of any. */
  signIn?: SignInDoor;
  /** Resolves when the screen of a comparison stands, or after a moment where it takes long. */
  screenDrawn?(): Promise<void>;
  /** Hands a file to the person. */
  download(file: Blob, name: string): void;
}

/** The way to a Hub's sign-in, and out of a frame. */
export interface SignInDoor {
  client: OAuthClient;
  /**
   * The page stands in another one. The Hub does not let itself be framed, and what a frame keeps is hidden from a tab, so
   * there people sign in after the page has a tab of its own.
   */
  framed: boolean;
  /** Goes to `address` in this tab, or opens it in a new one. */
  go(address: string, newTab: boolean): void;
}

/** An operand that could not be opened, with the field it belongs to. */
export class OperandError extends Error {
  readonly side: Side;

  constructor(side: Side, cause: Error) {
    super(cause.message, { cause });
    this.name = "OperandError";
    this.side = side;
  }
}

/** A link names a whole model as the adapter. */
class NoAdapter extends Error {
  override readonly name = "NoAdapter";

  constructor(label: string) {
    super(`The link opens ${label} as an adapter, but it is a whole model. Press Compare to compare it with A as one.`);
  }
}

/** What is to be compared. */
export interface Refs extends Record<Side, Ref | null> {
  a: Ref;
  /** A link says that B is an adapter. */
  isAdapter: boolean;
}

/** All references that there are. */
export const namedIn = (refs: Refs): Ref[] => SIDES.flatMap((side) => refs[side] ?? []);

/** All operands, their headers read. */
export interface Opened extends Record<Side, OpenedCheckpoint | null> {
  a: OpenedCheckpoint;
}

const filesOf = (opened: OpenedCheckpoint | null): FileLocation[] =>
  opened?.files.map(({ location }) => location) ?? [];

/** Where the files of each of them lie. */
export const locationsOf = ({ a, b, adapter }: Opened): Record<Side, FileLocation[]> => ({
  a: filesOf(a),
  b: filesOf(b),
  adapter: filesOf(adapter),
});

/** What belongs together in them. */
export interface Paired {
  pairing: Pairing;
  /** What scanning it will take, and how it is read. */
  cost: ScanCost;
  plan: ReadPlan;
}

/** Pairs that come in one message: some 3 ms of the main thread. */
export const PIECE = 500;

const answerOf = <Value>(settled: PromiseSettledResult<Value>): Value =>
  (settled as PromiseFulfilledResult<Value>).value;

/** Opens the operands side by side. Rejects with an OperandError, or an AggregateError of several. */
export async function openAll(refs: Refs, hub: string, environment: Environment, job: number): Promise<Opened> {
  const { survey } = environment.pool;
  const canSignIn = environment.signIn?.client.hub === hub;
  const options = { hub, demo: environment.demo, token: tokenFor(hub), ...(canSignIn ? { canSignIn } : {}) };
  const open = (side: Side, ref: Ref) =>
    survey.open(job, side, ref, options).catch((error: Error) => {
      throw new OperandError(side, error);
    });
  const all = [open("a", refs.a), refs.b && open("b", refs.b), refs.adapter && open("adapter", refs.adapter)] as const;
  // The others go on to their own end: each field gets its sentence when several are wrong.
  const [a, b, adapter] = await Promise.allSettled(all);
  const failures = [a, b, adapter].flatMap((result) => (result.status === "rejected" ? [result.reason as Error] : []));
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  const opened = { a: answerOf(a), b: answerOf(b), adapter: answerOf(adapter) };
  const { b: model } = opened;
  if (refs.isAdapter && model && !model.isAdapter) throw new OperandError("b", new NoAdapter(model.label));
  return opened;
}

/**
 * Pairs what was opened in a job, B's names rewritten by `rename`. The survey keeps the tensors of both, so that it can be asked
 * again. Rejects with an OperandError.
 */
export async function pairBoth({ b }: Opened, rename: string, { pool }: Environment, job: number): Promise<Paired> {
  const { survey } = pool;
  const size = await survey.pair(job, rename).catch((error: Error) => {
    const isOfA = !b || error.name === "AdapterAsBase" || error.name === "AdapterOverAdapter";
    throw new OperandError(isOfA ? "a" : "b", error);
  });
  const pairing: Pairing = { pairs: [], unpaired: [] };
  const thin = new ThinPairs();
  for (let from = 0; from < Math.max(size.pairs, size.unpaired); from += PIECE) {
    const piece = await survey.pairing(job, from, from + PIECE);
    pairing.pairs.push(...piece.pairs.map((pair) => thin.thin(pair)));
    pairing.unpaired.push(...piece.unpaired);
  }
  return { pairing, cost: size.cost, plan: planFromCuts(pairing.pairs, size.cuts) };
}

export function relocator(hub: string, environment: Environment): (location: FileLocation) => Promise<FileLocation> {
  return (location) =>
    environment.pool.survey.relocate(location, { hub, demo: environment.demo, token: tokenFor(hub) });
}

/** The full commit that a reference names, if it does. */
export const pinOf = (ref: Ref): string | null =>
  ref.kind === "hub" && /^[0-9a-f]{40}$/.test(ref.revision ?? "") ? (ref.revision ?? null) : null;

/** The sentence for why a rename rule cannot be used; null where it can. */
export function ruleError(rule: string): string | null {
  try {
    parseRenameRule(rule);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Reads a field. Returns the reference, or the sentence that says what is wrong with it. */
export function readField(
  text: string,
  hub: string,
  drops: LocalDrops,
): { ref: Ref; text: string } | { error: string } {
  const drop = drops.find(text);
  if (drop) return { ref: { kind: "local", drop }, text };
  try {
    const ref = parseRef(text, { hub });
    return { ref, text: formatRef(ref) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
