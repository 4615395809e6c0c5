import type { PairStats } from "../kernels/pair-stats.ts";
import { type Lattice, largestStep } from "./lattice.ts";
import { RELATIVE_BINS, type RelativeHistogramOptions, relativeHistogram } from "./relative-histogram.ts";

const MIDDLE = (RELATIVE_BINS - 1) / 2;

/**
 * Bins on each side of the middle one in which no change of a lattice can lie: those that end at or below its smallest
 * step, half of the largest. −1 where not even the middle one is such. BF16: 0, F8_E4M3: 7.
 */
function emptyReach(lattice: Lattice | null): number {
  if (lattice?.side !== "both") return -1;
  return Math.floor((largestStep(lattice) * 128 - 1) / 2);
}

/** What the shape of a distribution is read from. */
export interface ChangeCounts {
  /** 257 bins as in `RelativeHistogram`, unchanged weights taken out, with stand-ins where the lattice has no place. */
  bins: Float64Array;
  /** Elements behind them: changed ones, less those dropped beyond the ends. Stand-ins are not among them. */
  counted: number;
}

/**
 * The distribution of the weights that changed, made ready for questions about its shape. Without its unchanged weights a
 * lattice leaves a hole around zero: the weights that would lie there were rounded to no change. The hole says nothing
 * about the change, so its bins are raised to the mean of as many bins beside it, half on either side.
 */
export function changeCounts(
  stats: PairStats,
  options: Pick<RelativeHistogramOptions, "denominator" | "beyond">,
  lattice: Lattice | null,
): ChangeCounts {
  const { bins, total } = relativeHistogram(stats, { ...options, unchanged: "hide" });
  const reach = Math.min(emptyReach(lattice), MIDDLE / 4);
  if (reach < 0) return { bins, counted: total };
  let beside = 0;
  for (let j = reach + 1; j <= 2 * reach + 1; j++) beside += bins[MIDDLE - j] + bins[MIDDLE + j];
  const standIn = Math.floor(beside / (2 * (reach + 1)));
  for (let j = -reach; j <= reach; j++) bins[MIDDLE + j] = Math.max(bins[MIDDLE + j], standIn);
  return { bins, counted: total };
}
