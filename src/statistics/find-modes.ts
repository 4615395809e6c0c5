import type { SmoothBins } from "./smooth-bins.ts";

/** A peak that stands out. */
export interface Peak {
  /** Where, in bins; between two bins where the neighbours say so. */
  bin: number;
  height: number;
}

/** The lowest place between two neighbouring peaks. */
export interface Valley {
  bin: number;
  height: number;
  /** 1 − valley / the lower of its two peaks, in (0, 1]. */
  depth: number;
}

/** From left to right; one valley fewer than peaks. */
export interface Modes {
  peaks: Peak[];
  valleys: Valley[];
}

/**
 * A dent shallower than this is no valley. In distributions of one mode the 16-bit formats leave no dent beyond chance once
 * smoothed, the 8-bit ones up to 8 % (docs/kinds.md).
 */
export const LEAST_DEPTH = 0.1;
/** A peak lower than this part of the highest is no mode: on a linear axis nobody would see it. */
export const LEAST_HEIGHT = 0.05;
/** A valley must be deeper than counting at random makes it, by this many standard deviations. */
export const LEAST_DEVIATIONS = 5;

/** The lowest of the bins on the way from one to another; of equal ones, the first. */
export function lowest(heights: Float64Array, from: number, to: number): number {
  const step = Math.sign(to - from) || 1;
  let least = from;
  for (let bin = from; bin !== to + step; bin += step) if (heights[bin] < heights[least]) least = bin;
  return least;
}

/** The summit of the parabola through a peak and its two neighbours, at most half a bin away. */
function summit(heights: Float64Array, bin: number): number {
  if (bin === 0 || bin === heights.length - 1) return bin;
  const bend = heights[bin - 1] - 2 * heights[bin] + heights[bin + 1];
  return bend < 0 ? bin + (heights[bin - 1] - heights[bin + 1]) / (2 * bend) : bin;
}

/** All places not lower than their neighbours; of a flat top, the middle. */
function summits(heights: Float64Array): number[] {
  const found: number[] = [];
  for (let start = 0; start < heights.length; ) {
    let end = start;
    while (end + 1 < heights.length && heights[end + 1] === heights[start]) end++;
    const rises = start === 0 || heights[start - 1] < heights[start];
    const falls = end === heights.length - 1 || heights[end + 1] < heights[start];
    if (rises && falls && heights[start] > 0) found.push((start + end) >> 1);
    start = end + 1;
  }
  return found;
}

/**
 * The peaks of a smoothed histogram that are told apart by valleys of at least `leastDepth`, deeper than chance, and are
 * at least `LEAST_HEIGHT` of the highest. The shallowest valley goes first, with the lower of its peaks, until all hold.
 */
export function findModes({ heights, variances }: SmoothBins, leastDepth = LEAST_DEPTH): Modes {
  const highest = heights.reduce((most, height) => Math.max(most, height), 0);
  const peaks = summits(heights).filter((bin) => heights[bin] >= LEAST_HEIGHT * highest);
  const valleyAfter = (i: number) => {
    const bin = lowest(heights, peaks[i], peaks[i + 1]);
    const lower = heights[peaks[i]] < heights[peaks[i + 1]] ? i : i + 1;
    const drop = heights[peaks[lower]] - heights[bin];
    const deviations = drop / Math.sqrt(variances[peaks[lower]] + variances[bin]);
    const depth = drop / heights[peaks[lower]];
    return { bin, lower, depth, holds: depth >= leastDepth && deviations >= LEAST_DEVIATIONS };
  };
  const between = () => peaks.slice(1).map((_, i) => valleyAfter(i));
  let valleys = between();
  for (;;) {
    const weak = valleys.filter(({ holds }) => !holds);
    if (weak.length === 0) break;
    const shallowest = weak.reduce((least, valley) => (valley.depth < least.depth ? valley : least));
    peaks.splice(shallowest.lower, 1);
    valleys = between();
  }
  return {
    peaks: peaks.map((bin) => ({ bin: summit(heights, bin), height: heights[bin] })),
    valleys: valleys.map(({ bin, depth }) => ({ bin, height: heights[bin], depth })),
  };
}
