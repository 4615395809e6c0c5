import { describe, expect, test } from "vitest";
import { derive } from "./derive.ts";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";
import { rescaleRoots } from "./rescale-roots.ts";

describe.each([0.63, 1.36, 0.97, 1, -0.5, 2])("tensors with k = %s", (k) => {
  test.each([0.02, 0.3, 1.5])("and noise of %s are among the answers to their own norm and cosine", (noise) => {
    const normal = seededNormal(8);
    const a = Array.from({ length: 4000 }, normal);
    const derived = derive(
      statsOfArrays(
        a,
        a.map((x) => Math.fround(k * x + noise * normal())),
      ),
    );
    const roots = rescaleRoots(derived.relativeNorm ?? Number.NaN, derived.cosine ?? Number.NaN);
    const near = roots.find((root) => Math.abs(root.k - (derived.k ?? 9)) < 1e-6);
    expect(near?.residual).toBeCloseTo(derived.residual ?? Number.NaN, 6);
    expect(near?.stretch).toBeCloseTo((derived.normB ?? 0) / (derived.normA ?? 1), 6);
    expect(roots.length).toBeGreaterThan(0);
  });
});

/**
 * o_proj of DeepSeek's R1 distills against their bases: mean relative norms over the layers, and the one cosine that was
 * computed precisely enough to be used (modeldelta reports v0.4.0; its cosines of larger tensors are not). Which of the two
 * roots holds they do not say.
 */
test("published r = 0.3743 and cos = 0.9956 (Qwen2.5-Math-1.5B to R1-Distill) mean k ≈ 0.63 or 1.35", () => {
  const [shrunk, grown] = rescaleRoots(0.3743, 0.9956);
  expect(shrunk.stretch).toBeCloseTo(0.633, 3);
  expect(grown.stretch).toBeCloseTo(1.358, 3);
  expect(shrunk.k).toBeCloseTo(0.63, 2);
  expect(grown.k).toBeCloseTo(1.352, 2);
  for (const { residual } of [shrunk, grown]) {
    expect(residual).toBeGreaterThan(0.055);
    expect(residual).toBeLessThan(0.13);
  }
});

test("at 7B, r = 0.3957 with the same cosine would mean k ≈ 0.61 or 1.38", () => {
  const [shrunk, grown] = rescaleRoots(0.3957, 0.9956);
  expect(Math.abs(shrunk.k - 0.61)).toBeLessThan(0.01);
  expect(Math.abs(grown.k - 1.38)).toBeLessThan(0.01);
});

test("a mere rescale moves k by the relative norm: 0.4041 at 32B, over all 64 layers", () => {
  const roots = rescaleRoots(0.4041, 1);
  expect(roots.map(({ k }) => k.toFixed(4))).toEqual(["0.5959", "1.4041"]);
  expect(roots.map(({ residual }) => residual)).toEqual([0, 0]);
});

test("a change that leaves the norm as it is has the root 1, and one at right angles only one", () => {
  // A pure rotation: r² = 2 − 2·cos.
  const cosine = 1 - 0.374 ** 2 / 2;
  expect(cosine).toBeCloseTo(0.93, 3);
  expect(rescaleRoots(0.374, cosine).map(({ stretch }) => stretch.toFixed(6))).toContain("1.000000");
  expect(rescaleRoots(Math.SQRT2, 0)).toHaveLength(1);
});

test("no tensors have a cosine so low with so small a change", () => expect(rescaleRoots(0.1, 0.9)).toEqual([]));
