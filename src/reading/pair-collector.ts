import { type DeltaSums, emptyDeltaSums, mergeDeltaSums } from "../kernels/low-rank/delta-sums.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import type { ReadPlan } from "./read-plan.ts";
import type { Segment } from "./segment.ts";

/** What is known of one pair so far. */
export interface PairResult {
  stats: PairStats;
  /** Share of the pair's elements that `stats` has seen; 1 = exact. */
  coverage: number;
  /** Where an adapter's change is compared with B's: over the same elements. */
  deltas?: DeltaSums;
}

interface Part {
  stats: PairStats;
  deltas: DeltaSums | undefined;
}

/**
 * Puts the numbers of segments together, pair by pair. Segments may arrive in any order; they are always added up by
 * position, so that the sums of a rerun agree to the last bit whatever the number of workers.
 */
export class PairCollector {
  #plan: Pick<ReadPlan, "slicesOf">;
  #pairs: readonly { count: number }[];
  #parts = new Map<number, (Part | undefined)[]>();

  constructor(plan: Pick<ReadPlan, "slicesOf">, pairs: readonly { count: number }[]) {
    this.#plan = plan;
    this.#pairs = pairs;
  }

  add(segment: Segment, stats: PairStats, deltas?: DeltaSums): PairResult {
    const parts = this.#parts.get(segment.pair) ?? [];
    parts[segment.slice] = { stats, deltas };
    this.#parts.set(segment.pair, parts);
    const sum = emptyPairStats();
    const both = deltas && emptyDeltaSums();
    let seen = 0;
    for (const part of parts) {
      if (!part) continue;
      seen++;
      mergePairStats(sum, part.stats);
      if (both && part.deltas) mergeDeltaSums(both, part.deltas);
    }
    const complete = seen === this.#plan.slicesOf(segment.pair);
    if (complete) this.#parts.delete(segment.pair);
    const coverage = complete ? 1 : sum.count / this.#pairs[segment.pair].count;
    return { stats: sum, coverage, ...(both ? { deltas: both } : {}) };
  }
}
