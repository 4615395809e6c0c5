import { type PairStats, RELATIVE_SLOTS } from "../kernels/pair-stats.ts";
import { unchangedNonZero } from "./relative-counts.ts";

// What stands in links of how distributions are drawn.
export const DENOMINATORS = ["abs", "signed"] as const;
export const BEYOND = ["bars", "drop", "pile"] as const;
export const UNCHANGED = ["show", "hide"] as const;

export interface RelativeHistogramOptions {
  /** Divide the change by |a| (the paper's code) or by a (the paper's formula). */
  denominator: (typeof DENOMINATORS)[number];
  /** What becomes of elements beyond ±257/256: bars of their own, left out, or added to the outermost bins. */
  beyond: (typeof BEYOND)[number];
  /** Whether weights with no change at all stay in the middle bin. */
  unchanged: (typeof UNCHANGED)[number];
}

/** Counts of elements by relative change; `total + dropped + hidden` is every element with a ≠ 0. */
export interface RelativeHistogram {
  /** 257 bins of width 1/128; bin i is centred at (i − 128)/128. Caller owns it. */
  bins: Float64Array;
  /** Elements below −257/256 and above +257/256, where they have bars of their own; else 0. */
  below: number;
  above: number;
  /** Elements drawn: in `bins`, `below` and `above`. */
  total: number;
  /** Elements beyond the ends that were left out. */
  dropped: number;
  /** Elements beyond the ends that are in the outermost bins. */
  piled: number;
  /** Unchanged elements taken out of the middle bin. */
  hidden: number;
}

export const RELATIVE_BINS = RELATIVE_SLOTS - 2;

/** The relative change at the centre of a bin. */
export const binCentre = (bin: number): number => (bin - (RELATIVE_BINS - 1) / 2) / 128;

const MIDDLE = (RELATIVE_BINS - 1) / 2;

/** The distribution of Δ/|a| or Δ/a of one pair, or of several pooled. Elements with a = 0 have no relative change. */
export function relativeHistogram(stats: PairStats, options: RelativeHistogramOptions): RelativeHistogram {
  const { positive, negative } = stats.relative;
  const last = RELATIVE_SLOTS - 1;
  // Δ/a has the other sign than Δ/|a| where a is negative; the bins are symmetric, so turning them round is exact.
  const at = (slot: number): number =>
    (positive[slot] ?? 0) + (negative[options.denominator === "abs" ? slot : last - slot] ?? 0);
  const bins = Float64Array.from({ length: RELATIVE_BINS }, (_, bin) => at(bin + 1));
  const hidden = options.unchanged === "hide" ? unchangedNonZero(stats) : 0;
  bins[MIDDLE] = (bins[MIDDLE] ?? 0) - hidden;
  const low = at(0);
  const high = at(last);
  if (options.beyond === "pile") {
    bins[0] = (bins[0] ?? 0) + low;
    bins[RELATIVE_BINS - 1] = (bins[RELATIVE_BINS - 1] ?? 0) + high;
  }
  const asBars = options.beyond === "bars";
  const below = asBars ? low : 0;
  const above = asBars ? high : 0;
  return {
    bins,
    below,
    above,
    total: bins.reduce((sum, count) => sum + count, below + above),
    dropped: options.beyond === "drop" ? low + high : 0,
    piled: options.beyond === "pile" ? low + high : 0,
    hidden,
  };
}
