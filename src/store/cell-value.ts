import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import { type Lattice, latticeOf } from "../statistics/lattice.ts";
import type { Metric, MetricId } from "../statistics/metrics.ts";
import type { CellOutcome } from "./comparison.ts";

/** By the histograms that they were read off, which are never changed in place. */
const shapes = new WeakMap<PairStats, Map<MetricId, number | null>>();

/** The grid on which the relative changes of these pairs lie; pairs of one cell are stored alike. */
const latticeOfPair = ({ a, b }: Pair): Lattice | null => (b ? latticeOf(a.dtype, b.dtype) : null);

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
  const value = metric.value(stats, deltas, latticeOfPair(pair));
  known.set(metric.id, value);
  return value;
}
