import type { PairStats } from "../kernels/pair-stats.ts";
import { changeCounts } from "./change-counts.ts";
import { histogramDip } from "./dip.ts";
import { findModes, type Peak } from "./find-modes.ts";
import { type Lattice, largestStep } from "./lattice.ts";
import { binCentre, RELATIVE_BINS, type RelativeHistogramOptions } from "./relative-histogram.ts";
import { smoothBins } from "./smooth-bins.ts";

/** A mode of the relative change. */
export interface Mode {
  /** The relative change at the peak, in [−1, 1]. */
  at: number;
  /** Height of the smoothed histogram there, in elements a bin of 1/128. */
  height: number;
}

export interface DistributionShape {
  /** Elements that changed and lie within the ends (with "pile": or are piled up there). */
  counted: number;
  /** Standard deviation of the smoothing, as a relative change: 1/64, or the largest step of the lattice if that is more. */
  bandwidth: number;
  /** The smoothed histogram, 257 bins. */
  smoothed: Float64Array;
  /** Modes inside, from left to right. */
  modes: Mode[];
  /** Whether the distribution has a peak at an end, where one cannot see how it goes on. Such a peak is no mode. */
  peakAtEnd: { low: boolean; high: boolean };
  /** The deepest valley between two neighbouring modes, or null where there are not two. */
  valley: { at: number; depth: number } | null;
  /** Half the distance of two modes of like height that lie at −m and +m; null where no such pair exists. */
  pair: number | null;
  /**
   * Hartigan's dip of the bins before smoothing, each read as a flat stretch. An effect size from 0 to 0.25: with millions
   * of elements any p-value is zero.
   */
  dip: number;
}

/** At least two bins: with one, counting noise of a hundred elements a bin would show. */
const LEAST_BANDWIDTH = 1 / 64;
/** Beyond this a bandwidth takes up a quarter of the axis' half, and no pair of modes could be told apart. */
const MOST_BANDWIDTH = 1 / 4;
/** Fewer changed elements than this have no shape worth a name. */
export const FEWEST_CHANGED = 1024;
/** Two modes mirror each other if they are off by no more than this part of their distance from zero, or one bandwidth. */
export const MIRROR_TOLERANCE = 0.1;
/** …and the lower is at least half as high. */
export const LIKE_HEIGHT = 0.5;

const EDGES = Float64Array.from({ length: RELATIVE_BINS + 1 }, (_, edge) => binCentre(edge) - 1 / 256);

/** The bandwidth for a lattice, as a relative change: a step of the lattice must not show as a comb. */
export const bandwidthFor = (lattice: Lattice | null): number =>
  Math.max(LEAST_BANDWIDTH, lattice ? largestStep(lattice) : 0);

function mirroredPair(modes: readonly Mode[], bandwidth: number): number | null {
  const [first, ...rest] = modes;
  const last = rest.pop();
  // A third mode between the two may only be at zero.
  if (!last || rest.length > 1 || rest.some(({ at }) => Math.abs(at) > bandwidth)) return null;
  const half = (last.at - first.at) / 2;
  const off = Math.abs(first.at + last.at) / 2;
  const like = Math.min(first.height, last.height) >= LIKE_HEIGHT * Math.max(first.height, last.height);
  return like && first.at < 0 && last.at > 0 && off <= Math.max(bandwidth, MIRROR_TOLERANCE * half) ? half : null;
}

/**
 * What one distribution of relative changes looks like, in numbers. Null where fewer than `FEWEST_CHANGED` elements
 * changed, or the storage format is so coarse (two fraction bits are the fewest) that its own steps are all one would
 * see. `lattice` is that of the pair's dtypes, null where unknown or none.
 */
export function distributionShape(
  stats: PairStats,
  options: { denominator: RelativeHistogramOptions["denominator"]; beyond: "drop" | "pile" },
  lattice: Lattice | null,
): DistributionShape | null {
  const bandwidth = bandwidthFor(lattice);
  const { bins, counted } = changeCounts(stats, options, lattice);
  if (counted < FEWEST_CHANGED || bandwidth > MOST_BANDWIDTH) return null;
  const smooth = smoothBins(bins, bandwidth * 128);
  const { peaks, valleys } = findModes(smooth);
  // Within two bandwidths of an end the smoothing cannot tell a peak from what the mirror made.
  const zone = 1 - 2 * bandwidth;
  const modeOf = ({ bin, height }: Peak): Mode => ({ at: binCentre(bin), height });
  const all = peaks.map(modeOf);
  const isInside = ({ at }: Mode) => Math.abs(at) < zone;
  const modes = all.filter(isInside);
  const inner = valleys.filter((_, i) => isInside(all[i]) && isInside(all[i + 1]));
  const deepest = inner.reduce<(typeof inner)[number] | null>(
    (most, valley) => (most === null || valley.depth > most.depth ? valley : most),
    null,
  );
  return {
    counted,
    bandwidth,
    smoothed: smooth.heights,
    modes,
    peakAtEnd: { low: all.some(({ at }) => at <= -zone), high: all.some(({ at }) => at >= zone) },
    valley: deepest && { at: binCentre(deepest.bin), depth: deepest.depth },
    pair: mirroredPair(modes, bandwidth),
    dip: histogramDip(EDGES, bins) ?? 0,
  };
}
