/** A smoothed histogram, and how sure each of its values is. */
export interface SmoothBins {
  /** The counts as a bandwidth shows them; they add up to those put in. */
  heights: Float64Array;
  /** Variance of each height if the counts were those of a random sample (Poisson). */
  variances: Float64Array;
}

/** Beyond four bandwidths a normal curve has less than 1e-4 of its weight. */
const REACH = 4;

/** The bins with `reach` more at each end, as in a mirror at the end's outer edge; more than once if need be. */
function mirrored(bins: Float64Array, reach: number): Float64Array {
  const last = bins.length - 1;
  return Float64Array.from({ length: bins.length + 2 * reach }, (_, i) => {
    let from = i - reach;
    while (from < 0 || from > last) from = from < 0 ? -1 - from : 2 * last + 1 - from;
    return bins[from];
  });
}

/**
 * Smooths bins of equal width with a normal curve whose standard deviation is `bandwidth` bins. At the ends the bins are
 * mirrored, so that a distribution that goes on beyond them neither falls nor rises there for that alone.
 */
export function smoothBins(bins: Float64Array, bandwidth: number): SmoothBins {
  const reach = Math.ceil(REACH * bandwidth);
  const curve = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => Math.exp(-0.5 * ((i - reach) / bandwidth) ** 2));
  const area = curve.reduce((sum, weight) => sum + weight, 0);
  const padded = mirrored(bins, reach);
  const heights = new Float64Array(bins.length);
  const variances = new Float64Array(bins.length);
  for (let bin = 0; bin < bins.length; bin++) {
    let height = 0;
    let variance = 0;
    for (let i = 0; i <= 2 * reach; i++) {
      const part = curve[i] * padded[bin + i];
      height += part;
      variance += curve[i] * part;
    }
    heights[bin] = height / area;
    variances[bin] = variance / (area * area);
  }
  return { heights, variances };
}
