import { lowRankNorm } from "../../kernels/low-rank/low-rank-norm.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../../kernels/pair-stats.ts";
import type { Fold, Join } from "../fold.ts";

export const pairStatsJoin: Join<PairStats> = {
  merge(parts) {
    const sum = emptyPairStats();
    for (const part of parts) mergePairStats(sum, part);
    return sum;
  },

  finish: (stats) => stats,
};

/** The numbers of every pair. */
export const pairStatsFold: Fold<PairStats> = {
  ...pairStatsJoin,
  takes: () => true,
  start: emptyPairStats,

  async add(stats, chunk, { computer }) {
    const { a, b } = chunk.segment;
    const { count } = chunk;
    const stretch = { dtypeA: a.dtype, dtypeB: (b ?? a).dtype, count, a: chunk.a, b: chunk.b };
    const computed = await computer.compute(stretch);
    chunk.a = computed.a;
    chunk.b = computed.b;
    mergePairStats(stats, computed.stats);
  },

  /** Its norm stands where that of a model alone does, and nothing else is known. */
  ofUpdate({ count }, { factors }) {
    const norm = lowRankNorm(factors);
    const stats = emptyPairStats();
    stats.count = count;
    if (Number.isFinite(norm)) stats.sumA2 = norm * norm;
    else stats.nonFinite = count;
    return stats;
  },
};
