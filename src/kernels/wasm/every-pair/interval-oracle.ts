import { magnitudeEdge, RELATIVE_MIDDLE, relativeEdge } from "../../bins.ts";
import { emptyPairStats, MAGNITUDE_SLOTS, type PairStats } from "../../pair-stats.ts";

/*
 * What one base must be counted as against many tuned values, without looking at each: as b rises, d = fl32(b − a) never
 * falls, so the b of one slot lie next to each other, and it is enough to find where an edge is passed. No quotient is
 * formed: |d| is held against edge·|a|, which for a of at most 11 significant bits is a double.
 */

const RELATIVE_EDGES = Array.from({ length: RELATIVE_MIDDLE }, (_, j) => relativeEdge(j + 1));
const MAGNITUDE_EDGES = Array.from({ length: MAGNITUDE_SLOTS }, (_, k) => magnitudeEdge(k));

/** The first index from `low` on, and before `high`, from where `holds` is true; `high` where it never is. */
function firstIndex(low: number, high: number, holds: (index: number) => boolean): number {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (holds(middle)) to = middle;
    else from = middle + 1;
  }
  return from;
}

/**
 * The counts of the base `a` against `sorted`, finite values in rising order; sums stay 0. Both are BF16 or F16 numbers,
 * for which a float64 difference rounded to float32 is the real one rounded: it has 53 bits, more than twice 24.
 */
export function expectedCounts(a: number, sorted: Float64Array): PairStats {
  const stats = emptyPairStats();
  const size = Math.abs(a);
  const change = (index: number) => Math.fround(sorted[index] - a);
  const low = firstIndex(0, sorted.length, (index) => change(index) > Number.NEGATIVE_INFINITY);
  const high = firstIndex(low, sorted.length, (index) => change(index) === Number.POSITIVE_INFINITY);
  /** How many on either side of a have |d| ≥ `least`, or > where so told. */
  const beyond = (least: number, open = false) => ({
    above: high - firstIndex(low, high, (index) => (open ? change(index) > least : change(index) >= least)),
    below: firstIndex(low, high, (index) => (open ? -change(index) <= least : -change(index) < least)) - low,
  });
  const both = ({ above, below }: { above: number; below: number }) => above + below;

  stats.count = sorted.length;
  stats.nonFinite = sorted.length - (high - low);
  stats.maxAbsD = low < high ? Math.max(Math.abs(change(low)), Math.abs(change(high - 1))) : 0;
  stats.above1e6 = both(beyond(Math.fround(1e-6), true));
  stats.above1e5 = both(beyond(Math.fround(1e-5), true));
  const changed = beyond(0, true);
  stats.unchanged = high - low - both(changed);
  if (size === 0) {
    stats.zeroBase = high - low;
    return stats;
  }
  const zeros = (least: number) => firstIndex(low, high, (index) => sorted[index] > least);
  stats.zeroTuned = zeros(0) - zeros(-Number.MIN_VALUE);

  const relative = a > 0 ? stats.relative.positive : stats.relative.negative;
  let outer = { above: 0, below: 0 };
  for (let j = RELATIVE_MIDDLE; j > 0; j--) {
    const inner = beyond(RELATIVE_EDGES[j - 1] * size);
    relative[RELATIVE_MIDDLE + j] = inner.above - outer.above;
    relative[RELATIVE_MIDDLE - j] = inner.below - outer.below;
    outer = inner;
  }
  relative[RELATIVE_MIDDLE] = high - low - both(outer);

  const { grow, shrink } = stats.magnitude;
  const [rising, falling] = a > 0 ? [grow, shrink] : [shrink, grow];
  outer = { above: 0, below: 0 };
  for (let k = MAGNITUDE_SLOTS - 1; k >= 0; k--) {
    // The first slot also takes what lies below its edge, but not what has not changed.
    const inner = k === 0 ? changed : beyond(MAGNITUDE_EDGES[k] * size);
    rising[k] = inner.above - outer.above;
    falling[k] = inner.below - outer.below;
    outer = inner;
  }
  return stats;
}
