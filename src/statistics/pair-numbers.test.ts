import { describe, expect, it, test } from "vitest";
import { derive } from "./derive.ts";
import { METRICS } from "./metrics.ts";
import { countsOf, identicalNumbers, type PairNumbers } from "./pair-numbers.ts";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";

const normal = seededNormal(5);
const drawn = Array.from({ length: 400 }, () => normal());

/** Pairs of arrays that lead to every number and to the lack of it. */
const ARRAYS: [what: string, a: number[], b: number[]][] = [
  ["a small change", drawn, drawn.map((a, i) => Math.fround(a * (1 + (i % 9) / 300)))],
  ["crossings and changes beyond one", drawn, drawn.map((a, i) => Math.fround(a * ((i % 7) - 3)))],
  ["equal", drawn, drawn],
  ["zeros on either side", [0, 0, 1, -2, 3], [0, 1, 0, -2, 3]],
  ["B all zero", [1, -2, 3], [0, 0, 0]],
  ["A all zero", [0, 0, 0], [1, 2, 3]],
  ["not finite", [Number.NaN, 1], [1, Number.POSITIVE_INFINITY]],
  ["nothing", [], []],
];

describe.each(ARRAYS)("%s", (_, a, b) => {
  const stats = statsOfArrays(a, b);
  const { relative, magnitude, ...sums } = stats;
  const numbers: PairNumbers = { ...sums, counts: countsOf(stats) };

  it("says the same with counts in place of histograms", () => {
    expect(derive(numbers)).toEqual(derive(stats));
    for (const metric of METRICS) {
      expect(metric.value(numbers)).toBe(metric.histograms ? null : metric.value(stats));
    }
  });

  it("is counted as its elements are", () => {
    const finite = a.flatMap((x, i) => {
      const d = Math.fround(b[i] - x);
      return [x, b[i], d].every(Number.isFinite) && x !== 0 ? [{ x, d }] : [];
    });
    expect(numbers.counts).toEqual({
      relative: finite.length,
      changed: finite.filter(({ d }) => d !== 0).length,
      beyondOne: finite.filter(({ x, d }) => Math.abs(d) >= (257 / 256) * Math.abs(x)).length,
      crossed: finite.filter(({ x, d }) => Math.abs(d) >= Math.abs(x) && x * d < 0).length,
    });
  });
});

test("a pair known to be identical has the numbers that equality gives, and none that need A", () => {
  const unread = derive(identicalNumbers(400));
  const read = derive(statsOfArrays(drawn, drawn));
  for (const [name, value] of Object.entries(unread)) {
    // What was not read is unknown; what is known is what reading would have given.
    if (value !== null) expect([name, value]).toEqual([name, read[name as keyof typeof read]]);
  }
  const known = Object.entries(unread).filter(([, value]) => value !== null);
  expect(known.map(([name]) => name).sort()).toEqual(
    [
      ...["cosine", "cosineGap", "k", "maxAbsD", "meanAbsD", "meanD", "normD", "relativeNorm", "rescale", "residual"],
      ...["rmsD", "shareChanged", "signFlips"],
    ].sort(),
  );
});
