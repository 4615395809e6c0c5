import { MAGNITUDE_LAST, magnitudeEdge, RELATIVE_MIDDLE, relativeEdge } from "./bins.ts";
import type { PairStats } from "./pair-stats.ts";

/*
 * The fast engines count each element once, not once per histogram. Both histograms are staircases in |t|: the relative
 * step r = 0…129 (distance from the middle slot) and the magnitude slot m = 0…119. Their sum r + m rises at every edge
 * of either, so it names the interval between two neighbouring edges, and r and m can be read back from it.
 */

/** Combined keys are 0…248; some in between occur nowhere, where both staircases rise at one edge. */
export const LAST_KEY = RELATIVE_MIDDLE + MAGNITUDE_LAST;

const NOWHERE = -1;

/** The relative step and the magnitude slot of every key. */
function unfold(): { relative: Int16Array; magnitude: Int16Array } {
  const relativeEdges = Array.from({ length: RELATIVE_MIDDLE }, (_, j) => relativeEdge(j + 1));
  const magnitudeEdges = Array.from({ length: MAGNITUDE_LAST + 1 }, (_, k) => magnitudeEdge(k));
  const relative = new Int16Array(LAST_KEY + 1).fill(NOWHERE);
  const magnitude = new Int16Array(LAST_KEY + 1).fill(NOWHERE);
  for (const at of [0, ...relativeEdges, ...magnitudeEdges]) {
    const r = relativeEdges.filter((edge) => edge <= at).length;
    const m = Math.max(0, magnitudeEdges.filter((edge) => edge <= at).length - 1);
    relative[r + m] = r;
    magnitude[r + m] = m;
  }
  return { relative, magnitude };
}

const STEPS = unfold();

/**
 * Adds `n` elements that changed (d ≠ 0, a ≠ 0) and share a combined key and both signs to the two histograms.
 * Throws where no |t| has that key: the engine that counted it is broken.
 */
export function addKeyCount(
  stats: PairStats,
  key: number,
  baseNegative: boolean,
  changeNegative: boolean,
  n: number,
): void {
  const r = STEPS.relative[key];
  if (r === undefined || r === NOWHERE) throw new Error(`No relative change falls on key ${key}.`);
  const relative = baseNegative ? stats.relative.negative : stats.relative.positive;
  relative[changeNegative ? RELATIVE_MIDDLE - r : RELATIVE_MIDDLE + r] += n;
  const magnitude = baseNegative === changeNegative ? stats.magnitude.grow : stats.magnitude.shrink;
  magnitude[STEPS.magnitude[key]] += n;
}

/** Adds `n` elements with d = 0 and a ≠ 0. */
export function addUnchanged(stats: PairStats, baseNegative: boolean, n: number): void {
  stats.unchanged += n;
  (baseNegative ? stats.relative.negative : stats.relative.positive)[RELATIVE_MIDDLE] += n;
}
