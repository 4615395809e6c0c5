import { describe, expect, test } from "vitest";
import { emptyPairStats, mergePairStats } from "../kernels/pair-stats.ts";
import { latticeOf } from "./lattice.ts";
import { METRICS, metricById } from "./metrics.ts";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";

const stats = statsOfArrays([3, 4, 0], [3, 5, 0]);

test.each([
  ["norm", 1, "1.000"],
  ["relative", 1 / 5, "0.200"],
  ["rescale", 4 / 25, "+0.160"],
  ["changed", 1 / 3, "33.3 %"],
  ["normA", 5, "5.000"],
  // d = (0, 1, 0), so A·Δ = 4.
  ["share", 16 / 25, "64.0 %"],
  ["residual", Math.sqrt(1 / 25 - (4 / 25) ** 2), "0.120"],
  ["energy", 1 / 3, "33.3 %"],
])("%s of a small pair", (id, value, text) => {
  const metric = metricById(id);
  expect(metric?.value(stats)).toBeCloseTo(value, 12);
  expect(metric?.format(metric.value(stats))).toBe(text);
});

test.each(METRICS)("$id is complete and has nothing to say of nothing", (metric) => {
  expect(metric.value(statsOfArrays([], []))).toBeNull();
  expect(metric.format(null)).toBe("–");
  expect(metric.describe).toMatch(/\.$/);
  expect(metric.scale === "diverging").toBe(metric.centre !== undefined);
  expect(metricById(metric.id)).toBe(metric);
});

describe("dip and valley", () => {
  const next = seededNormal(6);
  const a = Array.from({ length: 6000 }, next);
  const rescaled = statsOfArrays(
    a,
    a.map((x) => Math.fround(1.4 * x + 0.05 * next())),
  );
  const noisy = statsOfArrays(
    a,
    a.map((x) => Math.fround(x + 0.1 * next())),
  );
  const of = (id: string, from: typeof stats) => metricById(id)?.value(from) ?? Number.NaN;

  test("tell two modes from one", () => {
    expect(of("dip", rescaled)).toBeGreaterThan(0.1);
    expect(of("dip", noisy)).toBeLessThan(0.01);
    expect(of("valley", rescaled)).toBeGreaterThan(0.9);
    expect(of("valley", noisy)).toBe(0);
  });

  test("are read at the resolution of the dtypes", () => {
    const coarse = latticeOf("F8_E5M2", "F8_E5M2");
    expect(metricById("valley")?.value(rescaled, undefined, coarse)).toBeLessThan(0.6);
    expect(metricById("dip")?.value(rescaled, undefined, latticeOf("F4", "F4"))).toBeNull();
  });

  test("do not exist for a few elements", () => {
    expect(metricById("dip")?.value(stats)).toBeNull();
    expect(metricById("valley")?.value(stats)).toBeNull();
  });
});

test("an id from a link may be unknown", () => expect(metricById("constructor")).toBeUndefined());

test("a metric of a cell's pooled numbers is that of their elements in one tensor, not a mean", () => {
  const pool = (parts: readonly (typeof stats)[]) => {
    const total = emptyPairStats();
    for (const part of parts) mergePairStats(total, part);
    return total;
  };
  const small = statsOfArrays([1], [2]);
  const large = statsOfArrays([10, 10], [10, 10]);
  const total = pool([small, large]);
  expect(metricById("relative")?.value(total)).toBeCloseTo(1 / Math.sqrt(201), 12);
  expect(total).toEqual(statsOfArrays([1, 10, 10], [2, 10, 10]));
  // The parts are left as they were.
  expect(small).toEqual(statsOfArrays([1], [2]));
  expect(pool([]).count).toBe(0);
});
