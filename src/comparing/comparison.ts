import type { EngineName } from "../kernels/engine.ts";
import type { DeltaSums } from "../kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair, Unpaired } from "../pairing/pair.ts";
import type { PairNumbers } from "../statistics/pair-numbers.ts";
import { OutcomeList } from "./outcome-list.ts";

/** What a comparison remembers of an operand. */
export interface OperandRecord {
  /** Canonical reference, pinned. */
  ref: string;
  label: string;
  revision: string | null;
  files: { path: string; size: number; hash: string | null }[];
  notes: string[];
  /** The repo that its model card says it was made from. */
  baseModel?: string;
  /** It is an adapter: as B it stands for A with the adapter applied, as A for what it adds to a model. */
  adapter?: true;
}

/** Two opened operands and what belongs together in them. The numbers are in `Results`. */
export interface Comparison {
  /** Counts up with every comparison, so that late messages of an old one can be told. */
  id: number;
  a: OperandRecord;
  /** Null when A is looked at alone. */
  b: OperandRecord | null;
  /** An adapter over A whose change is compared with B's; absent where there is none. */
  adapter?: OperandRecord;
  pairs: readonly Pair[];
  unpaired: readonly Unpaired[];
  /** The rule by which B's names were rewritten; empty for none. */
  rename: string;
}

export interface PairOutcome {
  /**
   * Without histograms where the pair is one of many experts of a layer, which share theirs; null where all that is known
   * of it is that it is identical.
   */
  stats: PairStats | PairNumbers | null;
  /** Share of the pair's elements seen; 1 = exact. */
  coverage: number;
  /** The engine that computed it; null where nothing was. */
  engine: EngineName | null;
  /** Known to be the same on both sides without being read. */
  identical?: true;
  /** How an adapter's change compares with B's. */
  deltas?: DeltaSums;
}

export type CellState = "waiting" | "partial" | "exact" | "none";

/** The numbers of a cell: those of its pairs, pooled where a layer has several (experts). */
export interface CellOutcome {
  numbers: PairNumbers;
  /** The same with histograms; null where there are none. */
  stats: PairStats | null;
  state: CellState;
  /** All its pairs are known to be the same on both sides without being read. */
  identical?: true;
  /** How an adapter's change compares with B's, over those of its pairs that it touches. */
  deltas?: DeltaSums;
}

/**
 * The numbers so far. The list is filled in place while a scan runs; `version` counts up whenever it is worth looking
 * again, and a new object is put into the store.
 */
export interface Results {
  version: number;
  list: OutcomeList;
}

export const NO_RESULTS: Results = { version: 0, list: new OutcomeList([]) };
