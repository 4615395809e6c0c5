import { tokenFor } from "../access/token-vault.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { formatRef, parseRef } from "../hub/parse-ref.ts";
import type { Ref } from "../hub/ref.ts";
import type { Pairing } from "../pairing/pair.ts";
import { parseRenameRule } from "../pairing/rename-rule.ts";
import type { ScanCost } from "../scheduling/read-plan.ts";
import type { OpenedCheckpoint } from "../scheduling/worker-contract.ts";
import type { WorkerPool } from "../scheduling/worker-pool.ts";
import type { Side } from "./app-state.ts";
import type { LocalDrops } from "./local-drops.ts";
import { ThinPairs } from "./thin-pairs.ts";

/** What the page knows about where it runs. */
export interface Environment {
  /** Origin of the page. */
  page: string;
  /** Address of the page without its hash. */
  address: string;
  /** Absolute address of the folder of demo models, final slash included. */
  demo: string;
  pool: WorkerPool;
  /** The person asked their browser to save data. */
  saveData: boolean;
  /** The browser offers WebGPU (which does not mean that there is an adapter). */
  gpu: boolean;
  /** Hands a file to the person. */
  download(file: Blob, name: string): void;
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

/** Both operands, their headers read. */
export interface Opened {
  a: OpenedCheckpoint;
  b: OpenedCheckpoint | null;
}

/** What belongs together in them. */
export interface Paired {
  pairing: Pairing;
  /** What scanning it will take. */
  cost: ScanCost;
}

/** Pairs that come in one message: some 3 ms of the main thread. */
export const PIECE = 500;

/** Opens both operands side by side. Rejects with an OperandError, or an AggregateError of two. */
export async function openBoth(
  refs: { a: Ref; b: Ref | null },
  hub: string,
  environment: Environment,
  job: number,
): Promise<Opened> {
  const { survey } = environment.pool;
  const options = { hub, demo: environment.demo, token: tokenFor(hub) };
  const open = (side: Side, ref: Ref) =>
    survey.open(job, side, ref, options).catch((error: Error) => {
      throw new OperandError(side, error);
    });
  const both = [open("a", refs.a), refs.b ? open("b", refs.b) : null] as const;
  // The other side goes on to its own end: both fields get their sentence when both are wrong.
  const [a, b] = await Promise.allSettled(both);
  const failures = [a, b].filter((result) => result.status === "rejected").map((result) => result.reason as Error);
  if (failures.length > 0) throw failures.length === 1 ? failures[0] : new AggregateError(failures);
  return {
    a: (a as PromiseFulfilledResult<OpenedCheckpoint>).value,
    b: (b as PromiseFulfilledResult<OpenedCheckpoint | null>).value,
  };
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
  return { pairing, cost: size.cost };
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
