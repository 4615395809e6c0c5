import type { PairStats } from "../kernels/pair-stats.ts";
import { RELATIVE_BINS, type RelativeHistogram, relativeHistogram } from "./relative-histogram.ts";

/** Outermost bins on each side that are left out: the inner one of them begins at |t| = 253/256. */
const LEFT_OUT = 2;

/**
 * The distribution as the code behind Figure 3 of arXiv 2505.20993 draws it (`compare_percent2.py`): Δ/|a|, unchanged
 * weights in it, clipped to ±1 and then without all that reached |t| ≥ 0.99. Our edge nearest to that is 253/256. The
 * code's other numbers differ, too: 200 bins of 1/100, weights rounded to float16, and 1e-8 added to |a|.
 */
export function paperHistogram(stats: PairStats): RelativeHistogram {
  const histogram = relativeHistogram(stats, { denominator: "abs", beyond: "drop", unchanged: "show" });
  let left = 0;
  for (let i = 0; i < LEFT_OUT; i++) {
    for (const bin of [i, RELATIVE_BINS - 1 - i]) {
      left += histogram.bins[bin];
      histogram.bins[bin] = 0;
    }
  }
  return { ...histogram, total: histogram.total - left, dropped: histogram.dropped + left };
}
