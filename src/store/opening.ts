import { tokenFor } from "../access/token-vault.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { formatRef, parseRef } from "../hub/parse-ref.ts";
import type { Ref } from "../hub/ref.ts";
import type { Pairing } from "../pairing/pair.ts";
import type { ScanCost } from "../scheduling/read-plan.ts";
import type { OpenedCheckpoint } from "../scheduling/worker-contract.ts";
import type { WorkerPool } from "../scheduling/worker-pool.ts";
import type { Side } from "./app-state.ts";
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

export interface Opened {
  a: OpenedCheckpoint;
  b: OpenedCheckpoint | null;
  pairing: Pairing;
  /** What scanning it will take. */
  cost: ScanCost;
}

/** Pairs that come in one message: some 3 ms of the main thread. */
export const PIECE = 500;

/** Opens both operands side by side and pairs them. Rejects with an OperandError. */
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
  const opened = {
    a: (a as PromiseFulfilledResult<OpenedCheckpoint>).value,
    b: (b as PromiseFulfilledResult<OpenedCheckpoint | null>).value,
  };
  const size = await survey.pair(job).catch((error: Error) => {
    throw new OperandError(opened.b ? "b" : "a", error);
  });
  const pairing: Pairing = { pairs: [], unpaired: [] };
  const thin = new ThinPairs();
  for (let from = 0; from < Math.max(size.pairs, size.unpaired); from += PIECE) {
    const piece = await survey.pairing(job, from, from + PIECE);
    pairing.pairs.push(...piece.pairs.map((pair) => thin.thin(pair)));
    pairing.unpaired.push(...piece.unpaired);
  }
  // What is left there is of no more use.
  void survey.cancel(job);
  return { ...opened, pairing, cost: size.cost };
}

export function relocator(hub: string, environment: Environment): (location: FileLocation) => Promise<FileLocation> {
  return (location) =>
    environment.pool.survey.relocate(location, { hub, demo: environment.demo, token: tokenFor(hub) });
}

/** Reads a field. Returns the reference, or the sentence that says what is wrong with it. */
export function readField(text: string, hub: string): { ref: Ref; text: string } | { error: string } {
  try {
    const ref = parseRef(text, { hub });
    return { ref, text: formatRef(ref) };
  } catch (error) {
    return { error: (error as Error).message };
  }
}
