import type { PairStats } from "../kernels/pair-stats.ts";

export const sumSlots = (slots: Float64Array, from = 0): number => {
  let sum = 0;
  for (let slot = from; slot < slots.length; slot++) sum += slots[slot] ?? 0;
  return sum;
};

/** Elements that have a relative change: a, b and d finite, a not zero. */
export const relativeCount = (stats: PairStats): number =>
  sumSlots(stats.relative.positive) + sumSlots(stats.relative.negative);

/**
 * Elements with a relative change of exactly zero. `unchanged` itself would be too many by those where both a and b
 * are zero; the magnitude histograms hold each element with a ≠ 0 and d ≠ 0, so the difference is exact.
 */
export const unchangedNonZero = (stats: PairStats): number =>
  relativeCount(stats) - sumSlots(stats.magnitude.grow) - sumSlots(stats.magnitude.shrink);
