/**
 * The ids of all metrics, in the order in which they are offered; they stand in links. Apart from the metrics themselves,
 * which bring the arithmetic of shapes along: the first screen reads links, and draws nothing yet.
 */
export const METRIC_IDS = [
  "norm",
  "relative",
  "rescale",
  "changed",
  "share",
  "residual",
  "energy",
  "dip",
  "valley",
  "normA",
  "adapter",
] as const;
export type MetricId = (typeof METRIC_IDS)[number];
