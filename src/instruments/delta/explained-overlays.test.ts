import { describe, expect, it } from "vitest";
import type { Explanation } from "../../comparing/explanation.ts";
import { distributionShape } from "../../statistics/distribution-shape.ts";
import { latticeOf } from "../../statistics/lattice.ts";
import { seededNormal, statsOfArrays } from "../../statistics/pair-stats-fixture.ts";
import { explainedOverlays } from "./explained-overlays.ts";
import { shapeRows } from "./shape-numbers.tsx";

const normal = seededNormal(3);
const A = Array.from({ length: 8000 }, normal);
// Every 100th is zero and has no relative change, every 10th does not change.
const BASE = A.map((a, i) => (i % 100 === 1 ? 0 : a));
const STATS = statsOfArrays(
  BASE,
  BASE.map((a, i) => (i % 10 === 0 ? a : Math.fround(0.6 * a + 0.05 * normal()))),
);
const BF16 = latticeOf("BF16", "BF16");

const explanation = (lattice = BF16): Explanation => ({
  ...{ lattice, findings: [], remark: null, spread: { median: -3, low: -5, high: -1.25, octaves: 3.75 } },
  ways: (["drop", "pile"] as const).flatMap((beyond) =>
    (["abs", "signed"] as const).map((denominator) => ({
      ...{ denominator, beyond, verdict: "" },
      shape: distributionShape(STATS, { denominator, beyond }, lattice),
    })),
  ),
});
const sum = (numbers: Float64Array) => numbers.reduce((total, one) => total + one, 0);

describe("the model", () => {
  it("stands for all weights that have a relative change", () => {
    const { model } = explainedOverlays(STATS, 0.4, explanation(), "abs", { beyond: "bars", unchanged: "show" });
    const [bins, below, above] = [model?.bins ?? new Float64Array(), model?.below ?? 0, model?.above ?? 0];
    expect(sum(bins) + below + above).toBeCloseTo(8000 - 80, 6);
    // A Cauchy distribution has a quarter beyond its scale on either side: 0.4 is in bin 128 + 51.
    const upTo = sum(bins.subarray(0, 128 + 51)) + below;
    expect(upTo / 7920).toBeGreaterThan(0.75 - 0.005);
    expect(upTo / 7920).toBeLessThan(0.75 + 0.005);
  });

  it("is piled up where the counts are", () => {
    const bars = explainedOverlays(STATS, 0.4, explanation(), "abs", { beyond: "bars", unchanged: "show" }).model;
    const piled = explainedOverlays(STATS, 0.4, explanation(), "abs", { beyond: "pile", unchanged: "show" }).model;
    expect(sum(piled?.bins ?? new Float64Array())).toBeCloseTo(8000 - 80, 6);
    expect(piled?.bins[0]).toBeCloseTo((bars?.bins[0] ?? 0) + (bars?.below ?? 0), 9);
  });

  it("stands for those that changed where the others are taken out, and is as much wider", () => {
    const { model } = explainedOverlays(STATS, 0.4, explanation(), "abs", { beyond: "bars", unchanged: "hide" });
    const [bins, below, above] = [model?.bins ?? new Float64Array(), model?.below ?? 0, model?.above ?? 0];
    expect(model?.name).toBe("independent noise in the weights that changed");
    // Every 10th did not change, and of those that are zero in A none is among them.
    expect(sum(bins) + below + above).toBeCloseTo(8000 - 80 - 800, 6);
    // Half as many changed by noise of the same ‖Δ‖ would each have moved by √2 as much: here √(8000 / 7200).
    const scale = 0.4 * Math.sqrt(8000 / 7200);
    expect(above / 7120).toBeCloseTo(0.5 - Math.atan(257 / 256 / scale) / Math.PI, 9);
  });

  it.each([null, 0])("is not there where ‖Δ‖/‖A‖ is %s", (relativeNorm) => {
    expect(
      explainedOverlays(STATS, relativeNorm, explanation(), "abs", { beyond: "bars", unchanged: "show" }).model,
    ).toBeUndefined();
  });
});

it("the modes are those of the denominator that is drawn", () => {
  const modes = (denominator: "abs" | "signed") =>
    explainedOverlays(STATS, 0.4, explanation(), denominator, { beyond: "bars", unchanged: "show" }).modes;
  expect(modes("abs")?.name).toMatch(/^two modes, at ±0\.4\d?$/);
  expect(modes("abs")?.marks.map(({ at }) => Math.sign(at))).toEqual([-1, 1]);
  expect(modes("signed")?.name).toMatch(/^one mode, at −0\.4\d?$/);
  expect(
    explainedOverlays(STATS, 0.4, { ...explanation(), ways: [] }, "abs", { beyond: "bars", unchanged: "show" }).modes,
  ).toBeUndefined();
});

it.each([
  ["BF16", "BF16", "no BF16 change is below 1/256", 1 / 256],
  ["F8_E4M3", "F8_E4M3", "no F8_E4M3 change is below 1/16", 1 / 16],
  ["F16", "F16", undefined, undefined],
  ["BF16", "F32", undefined, undefined],
  ["F32", "BF16", undefined, undefined],
  ["I32", "I32", undefined, undefined],
] as const)("the band of %s → %s", (a, b, name, to) => {
  const { band } = explainedOverlays(STATS, 0.4, explanation(latticeOf(a, b)), "abs", {
    beyond: "bars",
    unchanged: "show",
  });
  expect([band?.name, band?.to]).toEqual([name, to]);
});

it("the numbers of the shape are those over |a| and over a, with the ends dropped", () => {
  const rows = new Map(shapeRows(explanation()).map(([name, ...rest]) => [name, rest]));
  expect(rows.get("modes over |a|")?.[0]).toMatch(/^±0\.4\d$/);
  expect(rows.get("modes over a")?.[0]).toMatch(/^−0\.4\d$/);
  expect(Number(rows.get("dip over |a|")?.[0])).toBeGreaterThan(0.05);
  expect(Number(rows.get("dip over a")?.[0])).toBeLessThan(0.01);
  expect(rows.get("valley over a")).toEqual(["none", undefined]);
  expect(rows.get("spread of |Δ / a|")).toEqual(["3.8 octaves", "about 0.125"]);
  expect(shapeRows({ ...explanation(), ways: [], spread: null })).toEqual([]);
});
