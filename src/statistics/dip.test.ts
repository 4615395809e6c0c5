import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { dip, histogramDip } from "./dip.ts";
import { seededNormal, seededRandom } from "./pair-stats-fixture.ts";

interface Sample {
  name: string;
  n: number;
  centres: number[];
  counts: number[];
  binned: number;
  raw: number;
}

/** Values of R's diptest; `dip-reference/make.R` made the file. */
const { samples, few }: { samples: Sample[]; few: { at: number[]; counts: number[]; dip: number }[] } = JSON.parse(
  readFileSync(new URL("./dip-reference/reference.json", import.meta.url), "utf8"),
);

describe.each(samples)("$name", ({ n, centres, counts, binned, raw }) => {
  const found = dip(centres, counts) ?? Number.NaN;

  test("is the dip that R finds in the bins", () => expect(Math.abs(found - binned)).toBeLessThan(1e-9));

  test("is the sample's own, to within the fullest bin", () =>
    expect(Math.abs(found - raw)).toBeLessThanOrEqual(Math.max(...counts) / n + 1e-12));

  test("is the same from right to left", () =>
    expect(dip(centres.map((x) => -x).reverse(), [...counts].reverse())).toBeCloseTo(found, 12));

  test("does not depend on the unit of the places or on empty bins between them", () => {
    const wide = centres.flatMap((x, i) => [8 * x, 4 * (x + (centres[i + 1] ?? x + 1))]);
    expect(
      dip(
        wide,
        counts.flatMap((count) => [count, 0]),
      ),
    ).toBeCloseTo(found, 12);
  });
});

test("is R's on few points with many ties", () => {
  expect(few.length).toBeGreaterThan(300);
  const wrong = few.filter(({ at, counts, dip: expected }) => !(Math.abs((dip(at, counts) ?? 9) - expected) < 1e-9));
  expect(wrong).toEqual([]);
});

/**
 * Another way to the same number, by its definition: the least d for which some function that is convex before a mode and
 * concave after it, and may jump at it, stays within F ± d. For a given d and mode the convex side is the largest convex
 * function under the band's lower corners; the concave side must begin no lower than the convex one can end.
 */
function dipByDefinition(at: number[], counts: number[]): number {
  const n = counts.reduce((sum, count) => sum + count, 0);
  const upTo = counts.map((_, v) => counts.slice(0, v + 1).reduce((sum, count) => sum + count, 0) / n);
  const before = upTo.map((_, v) => upTo[v - 1] ?? 0);
  const line = (p: number, yp: number, q: number, yq: number, v: number) =>
    yp + ((yq - yp) * (at[v] - at[p])) / (at[q] - at[p]);
  const fits = (d: number, mode: number): boolean => {
    const top = before.map((y) => y + d);
    const floor = upTo.map((y) => y - d);
    // Every chord of the ceiling on the convex side lies over the floor; at the mode the ceiling is what the rest needs.
    let start = floor[mode];
    for (let q = 0; q < mode; q++) {
      start = Math.max(start, floor[q]);
      for (let p = 0; p < q; p++) {
        start = Math.max(start, line(p, top[p], q, floor[q], mode));
        for (let v = p + 1; v < q; v++) if (line(p, top[p], q, top[q], v) < floor[v] - 1e-13) return false;
      }
      if (top[q] < floor[q] - 1e-13) return false;
    }
    for (let p = 0; p < mode; p++)
      for (let v = p + 1; v < mode; v++) if (line(p, top[p], mode, top[mode], v) < floor[v] - 1e-13) return false;
    const bottom = floor.map((y, v) => (v === mode ? start : y));
    for (let v = mode + 1; v < at.length; v++) {
      if (bottom[v] > top[v] + 1e-13) return false;
      for (let p = mode; p < v; p++)
        for (let q = v + 1; q < at.length; q++) if (line(p, bottom[p], q, bottom[q], v) > top[v] + 1e-13) return false;
      // It cannot rise to the mode's own height only later.
      if (start > top[v] + 1e-13) return false;
    }
    return true;
  };
  let low = 0;
  let high = 0.5;
  for (let step = 0; step < 45; step++) {
    const middle = (low + high) / 2;
    if (at.some((_, mode) => fits(middle, mode))) high = middle;
    else low = middle;
  }
  return Math.max(high, 1 / (2 * n));
}

test("is the half width that the definition asks for", () => {
  const uniform = seededRandom(77);
  const wrong: unknown[] = [];
  for (let i = 0; i < 150; i++) {
    const places = 2 + Math.floor(uniform() * 7);
    let x = 0;
    const at = Array.from({ length: places }, () => (x += 1 + Math.floor(uniform() * 4)));
    const counts = at.map(() => 1 + Math.floor(uniform() * 9));
    const [found, expected] = [dip(at, counts) ?? Number.NaN, dipByDefinition(at, counts)];
    if (!(Math.abs(found - expected) < 1e-9)) wrong.push({ at, counts, found, expected });
  }
  expect(wrong).toEqual([]);
});

test("a million million elements weigh as a thousand of the same shape", () => {
  const next = seededNormal(3);
  const counts = new Float64Array(257);
  for (let i = 0; i < 20000; i++) counts[Math.max(0, Math.min(256, Math.round(128 + 30 * next() + (i % 2) * 60)))]++;
  const centres = [...counts.keys()].map((i) => (i - 128) / 128);
  const many = counts.map((count) => count * 5e7);
  expect(many.reduce((sum, count) => sum + count, 0)).toBe(1e12);
  expect(dip(centres, many)).toBeCloseTo(dip(centres, counts) ?? Number.NaN, 12);
});

test("of nothing there is no dip", () => {
  expect(dip([], [])).toBeNull();
  expect(dip([1, 2], [0, 0])).toBeNull();
});

test.each([
  ["positions that do not rise", [1, 1], [1, 1]],
  ["a negative count", [1, 2], [1, -1]],
  ["a count that is no number", [1, 2], [1, Number.NaN]],
  ["more positions than counts", [1, 2], [1]],
])("%s are refused", (_, at, counts) => expect(() => dip(at, counts)).toThrow(RangeError));

describe("a histogram read as a density", () => {
  const edges = (counts: readonly number[]) => counts.map((_, i) => i).concat(counts.length);
  const of = (...counts: number[]) => histogramDip(edges(counts), counts);

  test.each([
    ["one bin", [7]],
    ["a flat stretch", [3, 3, 3, 3]],
    ["a narrow hump", [0, 0, 5, 9, 4, 0]],
    ["steps that rise", [1, 1, 2, 8, 8]],
  ])("%s has none", (_, counts) => expect(of(...counts)).toBe(0));

  test("two bins far apart have nearly a quarter", () => {
    const counts = [1, ...new Array<number>(98).fill(0), 1];
    expect(of(...counts)).toBeCloseTo(0.25 * (1 - 1 / 99), 3);
  });

  test.each(samples.filter(({ counts }) => counts.length > 2))(
    "of $name it is what R's way gives of very many points",
    ({ counts }) => {
      const found = of(...counts) ?? Number.NaN;
      // Every bin cut into a thousand places of equal weight, as near to a flat density as points get.
      const cuts = 1000;
      const at = Float64Array.from({ length: counts.length * cuts }, (_, i) => i);
      const n = counts.reduce((sum, count) => sum + count, 0);
      const spread = Float64Array.from(at, (i) => counts[Math.floor(i / cuts)] * 1e6);
      expect(Math.abs(found - (dip(at, spread) ?? 9))).toBeLessThan(Math.max(...counts) / n / cuts);
    },
  );

  test("of nothing there is none, and edges must match", () => {
    expect(of(0, 0)).toBeNull();
    expect(() => histogramDip([0, 1], [1, 1])).toThrow(RangeError);
  });
});
