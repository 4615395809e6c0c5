import { emptyPairStats, type PairStats } from "../kernels/pair-stats.ts";
import { relativeCount, sumSlots } from "./relative-counts.ts";

/** PairStats without its histograms. */
export type PairSums = Omit<PairStats, "relative" | "magnitude">;
export type Histograms = Pick<PairStats, "relative" | "magnitude">;

/** What the numbers of a pair need of its histograms, as counts of elements. They add up as everything else does. */
export interface HistogramCounts {
  /** Elements with a relative change: finite, a not zero. */
  relative: number;
  /** Of these, the ones with d ≠ 0. */
  changed: number;
  /** Of these, the ones with |t| ≥ 257/256. */
  beyondOne: number;
  /** Of these, the ones with |d| ≥ |a| against a's sign. */
  crossed: number;
}

/** The numbers of a pair whose histograms are not kept: those of one among many experts are added to a shared one. */
export interface PairNumbers extends PairSums {
  counts: HistogramCounts;
}

const { relative, magnitude, ...NO_SUMS } = emptyPairStats();

/** The names of the sums and counts of PairStats, in the order of the contract. */
export const SUM_NAMES = Object.keys(NO_SUMS) as (keyof PairSums)[];

/** The names of the counts that stand for histograms; none can be left out. */
export const COUNT_NAMES = Object.keys({
  relative: 0,
  changed: 0,
  beyondOne: 0,
  crossed: 0,
} satisfies HistogramCounts) as (keyof HistogramCounts)[];

/** First slot of the magnitude histograms with |t| ≥ 1: four slots for each of the octaves from 2^−20. */
const MAGNITUDE_ONE = 80;

function ends(slots: Float64Array): number {
  return (slots[0] ?? 0) + (slots[slots.length - 1] ?? 0);
}

export const hasHistograms = (stats: PairStats | PairNumbers): stats is PairStats => "relative" in stats;

/** The counts that are kept, or those of the histograms. */
export function countsOf(stats: PairStats | PairNumbers): HistogramCounts {
  if (!hasHistograms(stats)) return stats.counts;
  const { relative, magnitude } = stats;
  return {
    relative: relativeCount(stats),
    changed: sumSlots(magnitude.grow) + sumSlots(magnitude.shrink),
    beyondOne: ends(relative.positive) + ends(relative.negative),
    crossed: sumSlots(magnitude.shrink, MAGNITUDE_ONE),
  };
}

/**
 * The numbers of a pair that is known to be identical and was not read: no element changed, and ‖A‖² is unknown (NaN).
 * So is what depends on it, pooled with others too; `derive` gives what equality alone says.
 */
export function identicalNumbers(count: number): PairNumbers {
  return {
    ...NO_SUMS,
    count,
    unchanged: count,
    sumA2: Number.NaN,
    counts: { relative: Number.NaN, changed: 0, beyondOne: 0, crossed: 0 },
  };
}
