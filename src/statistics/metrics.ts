import { type DeltaSums, deltaCosine } from "../kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import { derive } from "./derive.ts";
import { distributionShape } from "./distribution-shape.ts";
import { formatNumber, formatPercent, formatSigned } from "./format-number.ts";
import { type Lattice, latticeOf } from "./lattice.ts";
import { METRIC_IDS, type MetricId } from "./metric-id.ts";
import { hasHistograms, type PairNumbers } from "./pair-numbers.ts";

/** One number of a pair that a heatmap can draw. */
export interface Metric {
  id: MetricId;
  /** Short, with signs: for a button or an axis. */
  label: string;
  /** The same in plain words, for a screen reader. */
  name: string;
  /** One sentence: what is drawn. */
  describe: string;
  scale: "sequential" | "diverging";
  /** The value in the middle of a diverging scale. */
  centre?: number;
  /** Whether it is read off the histograms: null for `PairNumbers`, and slower than the rest (a tenth of a millisecond). */
  histograms?: true;
  /**
   * Null where the number does not exist for this pair. `deltas`: where an adapter's change is compared with B's.
   * `lattice`: that of the pair's dtypes; without it, BF16's.
   */
  value(stats: PairStats | PairNumbers, deltas?: DeltaSums, lattice?: Lattice | null): number | null;
  /** For tabular figures; null is a dash. */
  format(value: number | null): string;
}

/** What a shape is read with where the dtypes are not at hand: wide formats lose nothing by it. */
const USUAL_LATTICE = latticeOf("BF16", "BF16");

/** The shape over |a|, as the paper's code draws it: what lies beyond the ends is left out. */
const shapeOf = (stats: PairStats | PairNumbers, lattice: Lattice | null = USUAL_LATTICE) =>
  hasHistograms(stats) ? distributionShape(stats, { denominator: "abs", beyond: "drop" }, lattice) : null;

const FACTS: Record<MetricId, Omit<Metric, "id">> = {
  norm: {
    label: "‖Δ‖",
    name: "size of the change",
    describe: "‖Δ‖, the Frobenius norm of B − A, not divided by the number of weights (Figure 2 of arXiv 2505.20993).",
    scale: "sequential",
    value: (stats) => derive(stats).normD,
    format: formatNumber,
  },
  relative: {
    label: "‖Δ‖ / ‖A‖",
    name: "size of the change relative to the base",
    describe: "‖Δ‖ / ‖A‖, how far the weights moved as a fraction of their own norm.",
    scale: "sequential",
    value: (stats) => derive(stats).relativeNorm,
    format: formatNumber,
  },
  rescale: {
    label: "k − 1",
    name: "rescale",
    describe:
      "k − 1, where k·A is the multiple of A nearest to B: above 0 the weights grew along themselves, below they shrank.",
    scale: "diverging",
    centre: 0,
    value: (stats) => derive(stats).rescale,
    format: formatSigned,
  },
  changed: {
    label: "changed",
    name: "share of weights changed",
    describe: "The share of weights whose value is not exactly the same in A and B.",
    scale: "sequential",
    value: (stats) => derive(stats).shareChanged,
    format: formatPercent,
  },
  share: {
    label: "along A",
    name: "share of the change along A",
    describe:
      "The share of ‖Δ‖² that lies along A: what B ≈ k·A, a mere rescale of the weights, explains of the change.",
    scale: "sequential",
    value: (stats) => derive(stats).rescaleShare,
    format: formatPercent,
  },
  residual: {
    label: "‖B − k·A‖ / ‖A‖",
    name: "change that a rescale leaves",
    describe:
      "‖B − k·A‖ / ‖A‖, how far the weights moved as a fraction of their own norm once the rescale is taken out.",
    scale: "sequential",
    value: (stats) => derive(stats).residual,
    format: formatNumber,
  },
  energy: {
    label: "sign energy",
    name: "energy kept by the signs of the change",
    describe:
      "(mean |Δ|)² / mean Δ², what the signs of the change keep of it with one size for all (BitDelta): 64 % if it is Gaussian.",
    scale: "sequential",
    value: (stats) => derive(stats).bitDelta,
    format: formatPercent,
  },
  dip: {
    label: "dip",
    name: "Hartigan's dip of the relative change",
    describe:
      "Hartigan's dip of Δ/|a| within ±1, unchanged weights taken out: 0 for one mode, at most 0.25. Its size counts: with millions of weights every p-value is 0.",
    scale: "sequential",
    histograms: true,
    value: (stats, _, lattice) => shapeOf(stats, lattice)?.dip ?? null,
    format: formatNumber,
  },
  valley: {
    label: "valley",
    name: "depth of the valley between two modes",
    describe:
      "How deep the valley between two modes of Δ/|a| is: 1 − valley / lower peak, smoothed over 1/64 or one step of the storage format; 0 where there is one mode.",
    scale: "sequential",
    histograms: true,
    value(stats, _, lattice) {
      const shape = shapeOf(stats, lattice);
      return shape && (shape.valley?.depth ?? 0);
    },
    format: formatPercent,
  },
  normA: {
    label: "‖A‖",
    name: "size of the weights",
    describe: "‖A‖, the Frobenius norm of the weights themselves, not divided by their number.",
    scale: "sequential",
    value: (stats) => derive(stats).normA,
    format: formatNumber,
  },
  adapter: {
    label: "cos(s·BA, Δ)",
    name: "cosine between the adapter's change and that of B",
    describe:
      "The cosine between what the adapter adds to A, s·B·A, and the change from A to B: 1 is the same direction, 0 none in common.",
    scale: "diverging",
    centre: 0,
    value: (_, deltas) => (deltas ? deltaCosine(deltas) : null),
    format: formatSigned,
  },
};

/** In the order in which they are offered. */
export const METRICS: readonly Metric[] = METRIC_IDS.map((id) => ({ id, ...FACTS[id] }));

const byId = new Map<string, Metric>(METRICS.map((metric) => [metric.id, metric]));

/** The metric of that id; undefined where a text is no id of one. */
export function metricById(id: MetricId): Metric;
export function metricById(id: string): Metric | undefined;
export function metricById(id: string): Metric | undefined {
  return byId.get(id);
}
