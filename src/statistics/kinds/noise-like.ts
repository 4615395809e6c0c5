import { magnitudeEdge } from "../../kernels/bins.ts";
import type { PairStats } from "../../kernels/pair-stats.ts";
import type { DistributionShape } from "../distribution-shape.ts";
import { formatPercent } from "../format-number.ts";
import { type Lattice, largestStep } from "../lattice.ts";
import { nullShareFrom } from "../null-model.ts";
import { hasHistograms } from "../pair-numbers.ts";
import { relativeCount } from "../relative-counts.ts";
import type { Evidence, FindingOf } from "./evidence.ts";
import { replaced } from "./replaced.ts";

export type NoiseLikeFinding = FindingOf<
  "noise-like",
  {
    /** Largest difference, over all sizes, between the share of weights that grew (shrank) by that or more and the model's. */
    distance: number;
    /** Share of ‖Δ‖² along A. */
    share: number;
  }
>;

/** Less than a cosine of 0.1 between A and Δ. */
export const HARDLY_ALONG = 0.01;
/** Two distributions that differ by a twentieth of the weights look the same on a chart. */
export const CLOSE = 0.05;
/** The model must put at least this share of the weights where the format can show them. */
const LEAST_VISIBLE = 0.5;

/**
 * Largest distance between the measured shares with t ≥ x and t ≤ −x and those of two independent Gaussians (Kolmogorov
 * and Smirnov's, over the edges of the magnitude slots from `from` on).
 */
function distanceToNull(stats: PairStats, relativeNorm: number, from: number): number {
  const { grow, shrink } = stats.magnitude;
  const count = relativeCount(stats);
  let grew = 0;
  let shrank = 0;
  let most = 0;
  // The first slot also takes smaller changes, so its edge is none.
  for (let slot = grow.length - 1; slot > 0 && magnitudeEdge(slot) >= from; slot--) {
    grew += grow[slot] / count;
    shrank += shrink[slot] / count;
    const expected = nullShareFrom(relativeNorm, magnitudeEdge(slot)) / 2;
    most = Math.max(
      most,
      Math.abs(grew - expected),
      Math.abs(shrank - expected),
      Math.abs(grew + shrank - 2 * expected),
    );
  }
  return most;
}

/** The smallest size at which shares are to be trusted: below a step of the lattice they are those of the format. */
const visibleFrom = (lattice: Lattice | null): number =>
  Math.max(magnitudeEdge(1), lattice && lattice.side !== "base" ? largestStep(lattice) : 0);

/** At most one mode, and that at zero. The mode of a wide distribution is flat, and its place not sharp. */
const isCentred = ({ modes, bandwidth, peakAtEnd }: DistributionShape, relativeNorm: number): boolean =>
  modes.length === 1 &&
  Math.abs(modes[0].at) <= Math.max(bandwidth, relativeNorm / 4) &&
  !peakAtEnd.low &&
  !peakAtEnd.high;

/** Looks like Gaussian noise that has nothing to do with A. */
export function noiseLike(evidence: Evidence): NoiseLikeFinding | null {
  const { stats, shapes, numbers, lattice } = evidence;
  const { relativeNorm, rescaleShare: share } = numbers;
  if (!shapes || !hasHistograms(stats) || relativeNorm === null || share === null || replaced(evidence)) return null;
  if (share >= HARDLY_ALONG || !isCentred(shapes.abs, relativeNorm) || !isCentred(shapes.signed, relativeNorm))
    return null;
  const from = visibleFrom(lattice);
  if (nullShareFrom(relativeNorm, from) < LEAST_VISIBLE) return null;
  const distance = distanceToNull(stats, relativeNorm, from);
  if (distance > CLOSE) return null;
  return {
    kind: "noise-like",
    numbers: { distance, share },
    sentence:
      `Noise-like: one mode at zero, ${formatPercent(share)} of ‖Δ‖² along A, and at every size the share of weights is ` +
      `within ${formatPercent(distance)} of what the ratio of two independent Gaussians gives.`,
  };
}
