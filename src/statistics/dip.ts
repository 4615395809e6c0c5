/**
 * A sample as sorted distinct places and how often each was seen. Below, for place v with C elements up to and including
 * it, the distribution function jumps at `at[v]` from `before[v]` to `upTo[v]`, in counts.
 */
interface Steps {
  at: Float64Array;
  before: Float64Array;
  upTo: Float64Array;
}

function stepsOf(positions: ArrayLike<number>, counts: ArrayLike<number>): Steps {
  if (positions.length !== counts.length)
    throw new RangeError(`${positions.length} positions need as many counts, not ${counts.length}.`);
  const at: number[] = [];
  const before: number[] = [];
  const upTo: number[] = [];
  let total = 0;
  for (let i = 0; i < counts.length; i++) {
    const count = counts[i];
    if (!(count >= 0 && Number.isFinite(count)))
      throw new RangeError(`A count is a finite number from 0, not ${count}.`);
    if (count === 0) continue;
    if (at.length > 0 && !(positions[i] > at[at.length - 1])) throw new RangeError("Positions must rise.");
    at.push(positions[i]);
    before.push(total);
    total += count;
    upTo.push(total);
  }
  return { at: Float64Array.from(at), before: Float64Array.from(before), upTo: Float64Array.from(upTo) };
}

/**
 * The corners of a hull of the points (at, heights) from `low` to `high`, from left to right: of the greatest convex
 * minorant where `side` is 1, of the least concave majorant where it is −1. Points on a straight stretch are no corners.
 */
function hull(at: Float64Array, heights: Float64Array, low: number, high: number, side: 1 | -1): number[] {
  const corners: number[] = [];
  for (let v = low; v <= high; v++) {
    while (corners.length > 1) {
      const p = corners[corners.length - 2];
      const q = corners[corners.length - 1];
      const bend = (heights[v] - heights[q]) * (at[q] - at[p]) - (heights[q] - heights[p]) * (at[v] - at[q]);
      if (side * bend > 0) break;
      corners.pop();
    }
    corners.push(v);
  }
  return corners;
}

/** Height at `at[v]` of the line through the points of p and q. */
function chord({ at }: Steps, heights: Float64Array, p: number, q: number, v: number): number {
  return p === q ? heights[p] : heights[p] + ((at[v] - at[p]) * (heights[q] - heights[p])) / (at[q] - at[p]);
}

/** Where majorant and minorant lie farthest apart, and the corner of each that encloses the place. */
function widestGap(steps: Steps, minorant: readonly number[], majorant: readonly number[]) {
  const { before, upTo } = steps;
  let gap = 0;
  let low = minorant[0];
  let high = majorant[majorant.length - 1];
  let i = 1;
  let j = 0;
  // From left to right over the corners of both; the gap is linear between them, so it is largest at one.
  while (i < minorant.length || j < majorant.length) {
    const onMajorant = j < majorant.length && (i >= minorant.length || majorant[j] < minorant[i]);
    if (onMajorant) {
      const v = majorant[j];
      const right = Math.min(i, minorant.length - 1);
      const distance = upTo[v] - chord(steps, before, minorant[i - 1], minorant[right], v);
      if (distance >= gap) [gap, low, high] = [distance, minorant[i - 1], v];
      j++;
    } else {
      const v = minorant[i];
      const left = Math.max(0, j - 1);
      const right = Math.min(j, majorant.length - 1);
      const distance = chord(steps, upTo, majorant[left], majorant[right], v) - before[v];
      if (distance >= gap) [gap, low, high] = [distance, v, majorant[right]];
      i++;
    }
  }
  return { gap, low, high };
}

/** How far the distribution function rises above the minorant on its way up to the modal interval. */
function riseAbove(steps: Steps, minorant: readonly number[], low: number): number {
  let most = 0;
  for (let i = 1; i < minorant.length && minorant[i] <= low; i++) {
    const p = minorant[i - 1];
    const q = minorant[i];
    for (let v = p; v < q; v++) most = Math.max(most, steps.upTo[v] - chord(steps, steps.before, p, q, v));
  }
  return most;
}

/** How far it falls below the majorant beyond the modal interval. */
function fallBelow(steps: Steps, majorant: readonly number[], high: number): number {
  let most = 0;
  for (let j = majorant.length - 1; j > 0 && majorant[j - 1] >= high; j--) {
    const p = majorant[j - 1];
    const q = majorant[j];
    for (let v = q; v > p; v--) most = Math.max(most, chord(steps, steps.upTo, p, q, v) - steps.before[v]);
  }
  return most;
}

/**
 * Narrows the interval in which the mode must lie until the rest of the sample fits into a band that is needed anyway.
 * Returns the width of that band in counts, `least` at least.
 */
function bandWidth(steps: Steps, least: number): number {
  let width = least;
  let low = 0;
  let high = steps.at.length - 1;
  while (high > low) {
    const minorant = hull(steps.at, steps.before, low, high, 1);
    const majorant = hull(steps.at, steps.upTo, low, high, -1);
    const widest = widestGap(steps, minorant, majorant);
    if (widest.gap < width) break;
    width = Math.max(width, riseAbove(steps, minorant, widest.low), fallBelow(steps, majorant, widest.high));
    if (widest.low === low && widest.high === high) break;
    low = widest.low;
    high = widest.high;
  }
  return width;
}

/**
 * Hartigan's dip of a binned sample: half of the least width of a band that holds a unimodal distribution function and
 * the sample's. 0.25 at most (two places of equal weight); of a unimodal sample it tends to 0.
 *
 * `positions` rise strictly; `counts` are not negative, 1e12 in all at most, and weigh each position as if it had been
 * drawn so often. Null without any. Where n is the sum of the counts, a dip is never below 1/(2n), also that of a single
 * point: half of a step is what any continuous function misses. That is the convention of R's `diptest` with its default
 * `min.is.0 = FALSE`, whose values these are. Throws a RangeError on unsorted positions and on counts that are none.
 *
 * Source: J. A. and P. M. Hartigan, "The Dip Test of Unimodality", Annals of Statistics 13 (1985), with the corrections
 * that `diptest` documents. The work is one pass over the distinct positions for each narrowing of the modal interval.
 */
export function dip(positions: ArrayLike<number>, counts: ArrayLike<number>): number | null {
  const steps = stepsOf(positions, counts);
  return steps.at.length === 0 ? null : bandWidth(steps, 1) / (2 * steps.upTo[steps.upTo.length - 1]);
}

/**
 * The dip of a histogram read as a density that is flat within each bin: no bin is a lump of its own, so a narrow hump of
 * few bins is as unimodal as a wide one, and the least value is 0. It differs from the dip of the sample by no more than
 * the share of the fullest bin. `edges` rise strictly and are one more than `counts`; null without elements.
 */
export function histogramDip(edges: ArrayLike<number>, counts: ArrayLike<number>): number | null {
  if (edges.length !== counts.length + 1)
    throw new RangeError(`${counts.length} bins have one edge more, not ${edges.length}.`);
  const upTo = new Float64Array(edges.length);
  for (let bin = 0; bin < counts.length; bin++) upTo[bin + 1] = upTo[bin] + counts[bin];
  const n = upTo[counts.length];
  // A function without jumps: below and above each edge lies the same.
  return n > 0 ? bandWidth({ at: Float64Array.from(edges), before: upTo, upTo }, 0) / (2 * n) : null;
}
