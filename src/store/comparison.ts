import type { EngineName } from "../kernels/engine.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair, Unpaired } from "../pairing/pair.ts";

/** What a comparison remembers of an operand. */
export interface OperandRecord {
  /** Canonical reference, pinned. */
  ref: string;
  label: string;
  revision: string | null;
  files: { path: string; size: number; hash: string | null }[];
  notes: string[];
}

/** Two opened operands and what belongs together in them. The numbers are in `Results`. */
export interface Comparison {
  /** Counts up with every comparison, so that late messages of an old one can be told. */
  id: number;
  a: OperandRecord;
  /** Null when A is looked at alone. */
  b: OperandRecord | null;
  pairs: readonly Pair[];
  unpaired: readonly Unpaired[];
}

export interface PairOutcome {
  stats: PairStats;
  /** Share of the pair's elements seen; 1 = exact. */
  coverage: number;
  /** The engine that computed it. */
  engine: EngineName;
}

/**
 * The numbers so far, by pair index. The list is filled in place while a scan runs; `version` counts up whenever it is
 * worth looking again, and a new object is put into the store.
 */
export interface Results {
  version: number;
  list: readonly (PairOutcome | null)[];
}

export const NO_RESULTS: Results = { version: 0, list: [] };
