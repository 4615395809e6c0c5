import { emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import { derive } from "./derive.ts";
import { formatNumber, formatPercent, formatSigned } from "./format-number.ts";
import type { PairNumbers } from "./pair-numbers.ts";

export type MetricId = "norm" | "relative" | "rescale" | "changed" | "normA";

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
  /** Null where the number does not exist for this pair. */
  value(stats: PairStats | PairNumbers): number | null;
  /** For tabular figures; null is a dash. */
  format(value: number | null): string;
}

export const METRICS: readonly Metric[] = [
  {
    id: "norm",
    label: "‖Δ‖",
    name: "size of the change",
    describe: "‖Δ‖, the Frobenius norm of B − A, not divided by the number of weights (Figure 2 of arXiv 2505.20993).",
    scale: "sequential",
    value: (stats) => derive(stats).normD,
    format: formatNumber,
  },
  {
    id: "relative",
    label: "‖Δ‖ / ‖A‖",
    name: "size of the change relative to the base",
    describe: "‖Δ‖ / ‖A‖, how far the weights moved as a fraction of their own norm.",
    scale: "sequential",
    value: (stats) => derive(stats).relativeNorm,
    format: formatNumber,
  },
  {
    id: "rescale",
    label: "k − 1",
    name: "rescale",
    describe:
      "k − 1, where k·A is the multiple of A nearest to B: above 0 the weights grew along themselves, below they shrank.",
    scale: "diverging",
    centre: 0,
    value: (stats) => derive(stats).rescale,
    format: formatSigned,
  },
  {
    id: "changed",
    label: "changed",
    name: "share of weights changed",
    describe: "The share of weights whose value is not exactly the same in A and B.",
    scale: "sequential",
    value: (stats) => derive(stats).shareChanged,
    format: formatPercent,
  },
  {
    id: "normA",
    label: "‖A‖",
    name: "size of the weights",
    describe: "‖A‖, the Frobenius norm of the weights themselves, not divided by their number.",
    scale: "sequential",
    value: (stats) => derive(stats).normA,
    format: formatNumber,
  },
];

const byId = new Map<string, Metric>(METRICS.map((metric) => [metric.id, metric]));

/** The metric of that id, or undefined: ids also come from links. */
export const metricById = (id: string): Metric | undefined => byId.get(id);

/**
 * The numbers of several pairs as if their elements lay in one tensor: what the total of a row or column is computed
 * from. A total is therefore that of the pooled weights, in which large tensors weigh more, not a mean of the cells.
 * Pool only pairs of one group: weights, biases and norms are never mixed.
 */
export function pool(stats: readonly PairStats[]): PairStats {
  const total = emptyPairStats();
  for (const one of stats) mergePairStats(total, one);
  return total;
}

/** The plain mean of those values that exist, each counting once; null where none does. */
export function meanOf(values: readonly (number | null)[]): number | null {
  const present = values.filter((value) => value !== null);
  return present.length === 0 ? null : present.reduce((sum, value) => sum + value, 0) / present.length;
}
