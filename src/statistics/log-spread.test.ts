import { expect, test } from "vitest";
import { logSpread } from "./log-spread.ts";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";

const normal = seededNormal(31);
const base = Array.from({ length: 20_000 }, () => normal() || 1);

/** Quantiles of the data itself. */
function naive(a: readonly number[], b: readonly number[]) {
  const sizes = a.flatMap((x, i) => (b[i] === x ? [] : [Math.log2(Math.abs((b[i] - x) / x))])).sort((x, y) => x - y);
  return [0.16, 0.5, 0.84].map((share) => sizes[Math.floor(share * sizes.length)]);
}

const CASES: Record<string, number[]> = {
  "independent noise": base.map((x) => Math.fround(x + 0.1 * normal())),
  "tiny noise": base.map((x) => Math.fround(x + 1e-4 * normal())),
  "relative noise, half of it unchanged": base.map((x, i) => (i % 2 ? x : Math.fround(x * (1 + 0.05 * normal())))),
  "steps of one size": base.map((x, i) => Math.fround(x + (i % 2 ? 0.1 : -0.1))),
};

test.each(Object.entries(CASES))("%s: the data's own quantiles, to a quarter of an octave", (_, b) => {
  const spread = logSpread(statsOfArrays(base, b));
  const [low, median, high] = naive(base, b);
  expect(Math.abs((spread?.low ?? 99) - low)).toBeLessThan(0.25);
  expect(Math.abs((spread?.median ?? 99) - median)).toBeLessThan(0.25);
  expect(Math.abs((spread?.high ?? 99) - high)).toBeLessThan(0.25);
  expect(spread?.octaves).toBe((spread?.high ?? 0) - (spread?.low ?? 0));
});

test("the ratio of two independent Gaussians spreads over 3.92 octaves about the quotient of their sizes", () => {
  const spread = logSpread(statsOfArrays(base, CASES["independent noise"]));
  expect(Math.abs((spread?.octaves ?? 0) - 3.92)).toBeLessThan(0.1);
  expect(Math.abs((spread?.median ?? 0) - Math.log2(0.1))).toBeLessThan(0.1);
});

test.each([
  ["nothing changed", base],
  ["changes below the first slot", base.map((x) => Math.fround(x * (1 + 2 ** -22)))],
  ["changes beyond the last", base.map((x) => Math.fround(x * 2000))],
])("null where %s", (_, b) => expect(logSpread(statsOfArrays(base, b))).toBeNull());
