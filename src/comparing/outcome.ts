import type { EngineName } from "../kernels/engine.ts";
import type { DeltaSums } from "../kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import type { PairNumbers } from "../statistics/pair-numbers.ts";

/** What is known of one pair. */
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
