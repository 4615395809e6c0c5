import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import { latticeOfPairs } from "../statistics/lattice.ts";
import type { MetricId } from "../statistics/metric-id.ts";
import type { Metric } from "../statistics/metrics.ts";
import type { CellOutcome } from "./outcome.ts";

/** By the histograms that they were read off, which are never changed in place. */
const shapes = new WeakMap<PairStats, Map<MetricId, number | null>>();

/**
 * The number of a metric for a cell; `pair` is the first of its pairs. What is read off histograms is worked out once for
 * each outcome: hundreds of cells are drawn again whenever one of them changes.
 */
export function cellValue(metric: Metric, { numbers, stats, deltas }: CellOutcome, pair: Pair): number | null {
  if (!metric.histograms) return metric.value(numbers, deltas);
  if (!stats) return null;
  const known = shapes.get(stats) ?? new Map<MetricId, number | null>();
  shapes.set(stats, known);
  const before = known.get(metric.id);
  if (before !== undefined) return before;
  const value = metric.value(stats, deltas, latticeOfPairs([pair]));
  known.set(metric.id, value);
  return value;
}
