import { describe, expect, test } from "vitest";
import type { NarrowPair } from "../kernels/narrow-float.ts";
import { distributionShape, FEWEST_CHANGED } from "./distribution-shape.ts";
import { latticeOf } from "./lattice.ts";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";
import { CONTROLS, type PlantedChange } from "./planted/planted-changes.ts";
import { label, plantedStats } from "./planted/planted-stats.ts";

const BF16: NarrowPair = ["BF16", "BF16"];
const E4M3: NarrowPair = ["F8_E4M3", "F8_E4M3"];
const options = (denominator: "abs" | "signed", beyond: "drop" | "pile" = "drop") => ({ denominator, beyond });

/** b = k·a + noise, in units of A's standard deviation. */
const rescaled = (k: number, noise: number): Pick<PlantedChange, "draw"> => ({
  draw(seed) {
    const normal = seededNormal(seed);
    return { a: normal, b: (a) => k * a + noise * normal() };
  },
});

describe.each([
  [0.63, -0.37],
  [0.6, -0.4],
  [1.35, 0.35],
  [1.1, 0.1],
])("B = %s · A with a little noise, in BF16", (k, t) => {
  const stats = plantedStats(rescaled(k, 0.02), BF16, 3, { elements: 40_000 });
  const lattice = latticeOf(...BF16);
  const abs = distributionShape(stats, options("abs"), lattice);
  const signed = distributionShape(stats, options("signed"), lattice);

  test("has two modes over |a| and one over a", () => {
    expect(abs?.modes).toHaveLength(2);
    for (const [i, mode] of (abs?.modes ?? []).entries())
      expect(Math.abs(mode.at - Math.abs(t) * (i === 0 ? -1 : 1))).toBeLessThan(0.005);
    expect(signed?.modes).toHaveLength(1);
    expect(Math.abs((signed?.modes[0].at ?? 9) - t)).toBeLessThan(0.005);
  });

  test("is a symmetric pair over |a| alone, with a valley at zero", () => {
    expect(Math.abs((abs?.pair ?? 9) - Math.abs(t))).toBeLessThan(0.005);
    expect(signed?.pair).toBeNull();
    expect(abs?.valley?.depth).toBeGreaterThan(0.85);
    expect(Math.abs(abs?.valley?.at ?? 9)).toBeLessThan(Math.abs(t) / 2);
    expect(signed?.valley).toBeNull();
  });

  test("has a dip over |a| alone", () => {
    expect(abs?.dip).toBeGreaterThan(0.08);
    expect(signed?.dip).toBeLessThan(0.002);
  });
});

test("modes that the bandwidth cannot tell apart are one", () => {
  const stats = plantedStats(rescaled(1.015, 0.001), ["F32", "F32"], 5, { elements: 20_000 });
  expect(distributionShape(stats, options("abs"), null)?.modes).toHaveLength(1);
});

test("the bandwidth is the lattice's step where that is coarser", () => {
  const shape = (pair: NarrowPair) =>
    distributionShape(
      plantedStats(rescaled(1.4, 0.1), pair, 2, { elements: 8192 }),
      options("abs"),
      latticeOf(...pair),
    );
  expect(shape(BF16)?.bandwidth).toBe(1 / 64);
  expect(shape(["F16", "F32"])?.bandwidth).toBe(1 / 64);
  expect(shape(E4M3)?.bandwidth).toBe(1 / 8);
  expect(shape(["F8_E5M2", "BF16"])?.bandwidth).toBe(1 / 4);
});

test("a format of one fraction bit has no shape of its own", () => {
  const stats = plantedStats(rescaled(1.4, 0.1), BF16, 2, { elements: 8192 });
  expect(distributionShape(stats, options("abs"), latticeOf("F4", "F4"))).toBeNull();
});

test("too few changed weights have no shape, however many there are", () => {
  const few = (changed: number) => {
    const a = new Array<number>(5000).fill(1);
    return statsOfArrays(
      a,
      a.map((x, i) => (i < changed ? 1.25 : x)),
    );
  };
  expect(distributionShape(few(FEWEST_CHANGED - 1), options("abs"), null)).toBeNull();
  expect(distributionShape(few(FEWEST_CHANGED), options("abs"), null)?.modes.map(({ at }) => at)).toEqual([0.25]);
});

test("unchanged weights are no mode", () => {
  const a = new Array<number>(9000).fill(1);
  const b = a.map((x, i) => (i % 3 === 0 ? 1.3 : i % 3 === 1 ? 0.7 : x));
  expect(distributionShape(statsOfArrays(a, b), options("abs"), null)?.modes.map(({ at }) => at.toFixed(1))).toEqual([
    "-0.3",
    "0.3",
  ]);
});

test("what is piled up at the ends is a peak there and no mode", () => {
  const stats = plantedStats(rescaled(1, 0.5), BF16, 9, { elements: 40_000 });
  const lattice = latticeOf(...BF16);
  const dropped = distributionShape(stats, options("abs"), lattice);
  const piled = distributionShape(stats, options("abs", "pile"), lattice);
  expect(dropped?.peakAtEnd).toEqual({ low: false, high: false });
  expect(piled?.peakAtEnd).toEqual({ low: true, high: true });
  expect(piled?.modes).toHaveLength(1);
  expect(piled?.valley).toBeNull();
  expect((piled?.counted ?? 0) - (dropped?.counted ?? 0)).toBeGreaterThan(10_000);
});

describe.each([BF16, E4M3, ["F32", "F32"] as NarrowPair].map((pair) => [label(pair), pair] as const))(
  "in small tensors of %s",
  (_, pair) => {
    test.each(CONTROLS.map((control) => [control.name, control] as const))(
      "chance gives no mode to: %s",
      (__, control) => {
        for (const elements of [1500, 6000])
          for (const seed of [1, 2, 3]) {
            const stats = plantedStats(control, pair, seed, { elements });
            for (const denominator of ["abs", "signed"] as const) {
              const shape = distributionShape(stats, options(denominator), latticeOf(...pair));
              expect([0, 1]).toContain(shape?.modes.length ?? 0);
            }
          }
      },
    );
  },
);
