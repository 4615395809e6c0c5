import { expect, test } from "vitest";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";
import { paperHistogram } from "./paper-histogram.ts";

const normal = seededNormal(11);
const BASE = Array.from({ length: 20_000 }, () => Math.fround(normal()));
const TUNED = BASE.map((a, i) => (i % 7 === 0 ? a : Math.fround(0.63 * a + 0.4 * normal())));
/** Element by element, in float64. */
const CHANGES = BASE.map((a, i) => Math.fround(TUNED[i] - a) / Math.abs(a));

test("drops what lies from ±253/256 on, and nothing else", () => {
  const { bins, total, dropped, below, above, piled, hidden } = paperHistogram(statsOfArrays(BASE, TUNED));
  const beyond = CHANGES.filter((t) => Math.abs(t) >= 253 / 256).length;
  expect(beyond).toBeGreaterThan(1000);
  expect([dropped, total]).toEqual([beyond, CHANGES.length - beyond]);
  expect([below, above, piled, hidden]).toEqual([0, 0, 0, 0]);
  expect(bins.reduce((sum, count) => sum + count, 0)).toBe(total);
  // A bin is closed towards zero: slot j holds (2j − 1)/256 ≤ |t| < (2j + 1)/256.
  const expected = new Array(257).fill(0);
  for (const t of CHANGES) {
    const j = Math.floor((Math.abs(t) * 256 + 1) / 2);
    if (j <= 126) expected[128 + (t < 0 ? -j : j)]++;
  }
  expect([...bins]).toEqual(expected);
});

test.each([
  ["on the edge", 1 + 253 / 256, 0, 1],
  ["a little inside", 1 + 253 / 256 - 2 ** -20, 1, 0],
  ["the same on the other side", 1 - 253 / 256, 0, 1],
  ["beyond ±1", 3, 0, 1],
  ["unchanged", 1, 1, 0],
])("%s", (_, b, total, dropped) => {
  expect(paperHistogram(statsOfArrays([1], [b]))).toMatchObject({ total, dropped });
});

test("keeps the unchanged where they are", () => {
  const { bins } = paperHistogram(statsOfArrays(BASE, TUNED));
  expect(bins[128]).toBeGreaterThanOrEqual(BASE.length / 7);
});
