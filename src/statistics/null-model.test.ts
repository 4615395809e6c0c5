import { describe, expect, test } from "vitest";
import { nullBinMasses, nullShareFrom } from "./null-model.ts";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";
import { relativeHistogram } from "./relative-histogram.ts";

describe.each([0.003, 0.03, 0.4, 1, 5])("relative norm %s", (r) => {
  const { bins, below, above } = nullBinMasses(r);

  test("the shares are those of the density", () => {
    expect([...bins].reduce((sum, mass) => sum + mass, below + above)).toBeCloseTo(1, 12);
    for (const bin of [100, 127, 128, 129, 200, 256]) {
      // Simpson's rule over the bin, in so many pieces that the narrowest density is smooth in each.
      const [from, pieces] = [(bin - 128) / 128 - 1 / 256, 2000];
      const density = (t: number) => r / (Math.PI * (r * r + t * t));
      let area = 0;
      for (let i = 0; i <= pieces; i++)
        area += density(from + i / (128 * pieces)) * (i === 0 || i === pieces ? 1 : i % 2 ? 4 : 2);
      expect(bins[bin] / (area / (3 * 128 * pieces))).toBeCloseTo(1, 8);
    }
  });

  test("it is symmetric, and a tail is what lies from there on", () => {
    expect([...bins].reverse().every((mass, bin) => Math.abs(mass - bins[bin]) <= 1e-15)).toBe(true);
    expect(below).toBe(above);
    expect(nullShareFrom(r, 257 / 256)).toBeCloseTo(below + above, 12);
    expect(nullShareFrom(r, r)).toBeCloseTo(0.5, 12);
    expect(nullShareFrom(r, 0)).toBe(1);
  });
});

test.each(["abs", "signed"] as const)("independent Gaussians are distributed so, over %s", (denominator) => {
  const normal = seededNormal(12);
  const a = Array.from({ length: 40_000 }, normal);
  const b = a.map((x) => Math.fround(x + 0.2 * normal()));
  const measured = relativeHistogram(statsOfArrays(a, b), { denominator, beyond: "bars", unchanged: "show" });
  const { bins, below } = nullBinMasses(0.2);
  let [seen, expected, most] = [measured.below, below * a.length, 0];
  for (const [bin, count] of measured.bins.entries()) {
    seen += count;
    expected += bins[bin] * a.length;
    most = Math.max(most, Math.abs(seen - expected) / a.length);
  }
  // Kolmogorov and Smirnov's distance; 1.63/√n is exceeded once in a hundred.
  expect(most).toBeLessThan(1.63 / Math.sqrt(a.length));
});
