import { describe, expect, it, test } from "vitest";
import { contractBreaches, countDifferences, SUM_TOLERANCE, sumErrors } from "./compare-stats.ts";
import { hardPairs } from "./hard-pairs.ts";
import type { PairStats } from "./pair-stats.ts";
import { createReferenceEngine } from "./reference/reference-engine.ts";

const stretch = hardPairs("F32", "F32", 3, 30_000);
const make = (): PairStats => createReferenceEngine().pairStats(stretch);
const trusted = make();

const changed = (change: (stats: PairStats) => void): PairStats => {
  const stats = make();
  change(stats);
  return stats;
};

describe("one more in any count is reported", () => {
  const fields = ["count", "nonFinite", "unchanged", "zeroBase", "zeroTuned", "above1e6", "above1e5"] as const;
  test.each(fields)("%s", (field) => {
    const differences = countDifferences(
      changed((stats) => stats[field]++),
      trusted,
    );
    expect(differences).toEqual([`${field}: ${trusted[field] + 1}, not ${trusted[field]}`]);
  });

  const histograms: [string, (stats: PairStats) => Float64Array][] = [
    ["relative.positive", (stats) => stats.relative.positive],
    ["relative.negative", (stats) => stats.relative.negative],
    ["magnitude.grow", (stats) => stats.magnitude.grow],
    ["magnitude.shrink", (stats) => stats.magnitude.shrink],
  ];
  test.each(histograms)("%s", (name, of) => {
    for (const slot of [0, 7, of(trusted).length - 1]) {
      const stats = changed((each) => of(each)[slot]++);
      expect(countDifferences(stats, trusted)).toEqual([
        `${name}[${slot}]: ${of(stats)[slot]}, not ${of(trusted)[slot]}`,
      ]);
    }
  });

  it("maxAbsD, by an ulp", () => {
    const stats = changed((each) => {
      each.maxAbsD *= 1 + 2 ** -23;
    });
    expect(countDifferences(stats, trusted)).toHaveLength(1);
  });
});

describe("sums", () => {
  const scales = {
    sumA2: trusted.sumA2,
    sumAD: Math.sqrt(trusted.sumA2 * trusted.sumD2),
    sumD2: trusted.sumD2,
    sumD: trusted.sumAbsD,
    sumAbsD: trusted.sumAbsD,
  };
  test.each(Object.entries(scales))("%s is measured against its own scale", (name, scale) => {
    const sum = name as keyof typeof scales;
    const off = (share: number) =>
      changed((stats) => {
        stats[sum] += share * scale;
      });
    expect(sumErrors(off(3e-7), trusted)[sum]).toBeCloseTo(3e-7, 12);
    expect(contractBreaches(off(0.9 * SUM_TOLERANCE), trusted)).toEqual([]);
    expect(contractBreaches(off(1.1 * SUM_TOLERANCE), trusted)).toEqual([expect.stringContaining(sum)]);
    expect(contractBreaches(off(Number.NaN), trusted)).toEqual([`${sum}: off by Infinity`]);
    expect(contractBreaches(trusted, off(Number.POSITIVE_INFINITY))).not.toEqual([]);
  });

  it("may be infinite on both sides", () => {
    const infinite = changed((stats) => {
      stats.sumA2 = Number.POSITIVE_INFINITY;
    });
    expect(sumErrors(infinite, infinite).sumA2).toBe(0);
  });
});
