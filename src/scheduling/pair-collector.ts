import { emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import type { ReadPlan } from "./read-plan.ts";
import type { Segment } from "./segment.ts";

/** What is known of one pair so far. */
export interface PairResult {
  stats: PairStats;
  /** Share of the pair's elements that `stats` has seen; 1 = exact. */
  coverage: number;
}

/**
 * Puts the numbers of segments together, pair by pair. Segments may arrive in any order; they are always added up by
 * position, so that the sums of a rerun agree to the last bit whatever the number of workers.
 */
export class PairCollector {
  #plan: Pick<ReadPlan, "slicesOf">;
  #pairs: readonly { count: number }[];
  #parts = new Map<number, (PairStats | undefined)[]>();

  constructor(plan: Pick<ReadPlan, "slicesOf">, pairs: readonly { count: number }[]) {
    this.#plan = plan;
    this.#pairs = pairs;
  }

  add(segment: Segment, stats: PairStats): PairResult {
    const parts = this.#parts.get(segment.pair) ?? [];
    parts[segment.slice] = stats;
    this.#parts.set(segment.pair, parts);
    const sum = emptyPairStats();
    let seen = 0;
    for (const part of parts) {
      if (!part) continue;
      seen++;
      mergePairStats(sum, part);
    }
    const complete = seen === this.#plan.slicesOf(segment.pair);
    if (complete) this.#parts.delete(segment.pair);
    return { stats: sum, coverage: complete ? 1 : sum.count / this.#pairs[segment.pair].count };
  }
}
