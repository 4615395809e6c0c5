import { describe, expect, test } from "vitest";
import { findModes } from "./find-modes.ts";
import { smoothBins } from "./smooth-bins.ts";

/** 200 bins of so many elements in all, from normal humps: [share, place, standard deviation]. */
const humps = (total: number, ...parts: [share: number, at: number, sd: number][]) =>
  Float64Array.from({ length: 200 }, (_, bin) =>
    parts.reduce(
      (sum, [share, at, sd]) => sum + (total * share * Math.exp(-0.5 * ((bin - at) / sd) ** 2)) / (sd * 2.5066),
      0,
    ),
  );

const modes = (bins: Float64Array, bandwidth = 2) => findModes(smoothBins(bins, bandwidth));

test("smoothing widens a hump as variances add, and keeps its elements", () => {
  const { heights } = smoothBins(humps(1e6, [1, 100, 6]), 8);
  const expected = humps(1e6, [1, 100, 10]);
  for (const [bin, height] of heights.entries()) expect(Math.abs(height - expected[bin])).toBeLessThan(0.001 * 1e5);
  expect(heights.reduce((sum, height) => sum + height, 0)).toBeCloseTo(1e6, -2);
});

test("a flat stretch stays flat to its ends, also under a bandwidth wider than itself", () => {
  for (const bandwidth of [1, 5, 30])
    for (const height of smoothBins(new Float64Array(50).fill(7), bandwidth).heights) expect(height).toBeCloseTo(7, 10);
});

test("the variance is that of the weighted counts", () => {
  // Ten thousand draws of Poisson counts would be the other way to say it; the sum of squares of the weights is exact.
  const bins = new Float64Array(41);
  bins[20] = 900;
  const { heights, variances } = smoothBins(bins, 2);
  for (const [bin, height] of heights.entries()) expect(variances[bin]).toBeCloseTo((height / 900) ** 2 * 900, 8);
});

/** A dent of 2 % of the lower hump. */
const SHALLOW = humps(1e6, [0.51, 88, 11], [0.49, 113, 11]);

const CASES: [string, Float64Array, number[]][] = [
  ["one hump", humps(1e6, [1, 90.3, 12]), [90.3]],
  ["two humps", humps(1e6, [0.5, 60, 8], [0.5, 140, 8]), [60, 140]],
  ["a small third one", humps(1e6, [0.45, 50, 6], [0.45, 100, 6], [0.1, 160, 6]), [50, 100, 160]],
  ["two humps whose dent is too shallow: the higher one", SHALLOW, [SHALLOW.indexOf(Math.max(...SHALLOW))]],
  ["a hump of a thousandth of the highest", humps(1e6, [0.999, 60, 8], [0.001, 140, 8]), [60]],
  ["nothing", new Float64Array(200), []],
  ["flat", new Float64Array(200).fill(9), [99]],
  ["rising to the end", Float64Array.from({ length: 200 }, (_, bin) => 1000 * bin), [199]],
];

test.each(CASES)("%s", (_, bins, expected) => {
  const { peaks, valleys } = modes(bins);
  expect(peaks).toHaveLength(expected.length);
  for (const [i, { bin }] of peaks.entries()) expect(Math.abs(bin - expected[i])).toBeLessThan(0.6);
  expect(valleys).toHaveLength(Math.max(0, expected.length - 1));
});

test("the depth of a valley is the density's", () => {
  const { peaks, valleys } = modes(humps(1e8, [0.6, 70, 9], [0.4, 120, 9]), 3);
  const smooth = (x: number) =>
    [
      [0.6, 70],
      [0.4, 120],
    ].reduce((sum, [share, at]) => sum + share * Math.exp((-0.5 * (x - at) ** 2) / (81 + 9)), 0);
  const least = Math.min(...Array.from({ length: 500 }, (_, i) => smooth(70 + i / 10)));
  expect(valleys[0].depth).toBeCloseTo(1 - least / smooth(120), 2);
  expect(peaks[1].height / peaks[0].height).toBeCloseTo(smooth(120) / smooth(70), 3);
});

describe("chance makes no mode", () => {
  test("a dent of a quarter among few elements is none, among many it is one", () => {
    const shape = [8, 8, 8, 6, 6, 6, 8, 8, 8].flatMap((height) => new Array<number>(12).fill(height));
    expect(modes(Float64Array.from(shape)).peaks).toHaveLength(1);
    expect(modes(Float64Array.from(shape, (height) => 1000 * height)).peaks).toHaveLength(2);
  });
});
