import { binCentre, RELATIVE_BINS } from "./relative-histogram.ts";

/** Shares of a distribution in the bins of `RelativeHistogram`; with the two tails they add up to 1. */
export interface BinMasses {
  /** 257 of them. */
  bins: Float64Array;
  below: number;
  above: number;
}

/**
 * What the relative change would be if it had nothing to do with A: d and a independent Gaussians of mean zero. Their
 * ratio is Cauchy-distributed about zero, with the quotient of their standard deviations, ‖Δ‖/‖A‖, for its scale; over
 * |a| and over a alike. `relativeNorm` is above 0.
 */
export function nullBinMasses(relativeNorm: number): BinMasses {
  const half = 1 / 256;
  // The difference of two arcus tangents as one, which keeps its digits in the tails.
  const between = (from: number, to: number): number =>
    Math.atan2((to - from) * relativeNorm, relativeNorm * relativeNorm + from * to) / Math.PI;
  const bins = Float64Array.from({ length: RELATIVE_BINS }, (_, bin) =>
    between(binCentre(bin) - half, binCentre(bin) + half),
  );
  const tail = nullShareFrom(relativeNorm, 1 + half) / 2;
  return { bins, below: tail, above: tail };
}

/** The share with |t| ≥ `size` under the same model. */
export const nullShareFrom = (relativeNorm: number, size: number): number =>
  (2 / Math.PI) * Math.atan2(relativeNorm, size);
