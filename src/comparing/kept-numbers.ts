import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import { countsOf, type PairNumbers } from "../statistics/pair-numbers.ts";

/** What is kept of a pair's numbers. Of an adapter alone only the norm is known: its histograms are empty, and not kept. */
export function keptNumbers({ a }: Pair, stats: PairStats): PairStats | PairNumbers {
  if (!a.update) return stats;
  const { relative, magnitude, ...sums } = stats;
  return { ...sums, counts: countsOf(stats) };
}
