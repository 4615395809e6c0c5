import { expect, test } from "vitest";
import { meanOf, ratioOfMeans } from "./mean.ts";

/**
 * Mean relative norms of o_proj and q_proj over the layers (modeldelta reports v0.4.0), and the O/Q ratio published for the
 * same pair (N. Yudin, "The Weight-Space O/Q Ratio", 2026). The means are rounded to five decimals.
 */
const PUBLISHED: [pair: string, o: number, q: number, ratio: number][] = [
  ["Qwen2.5-Math-1.5B → R1-Distill-Qwen-1.5B", 0.37429, 0.18856, 1.985],
  ["Qwen2.5-Math-7B → R1-Distill-Qwen-7B", 0.39568, 0.16349, 2.42],
  ["Llama-3.1-8B → R1-Distill-Llama-8B", 0.42403, 0.12685, 3.343],
  ["Qwen2.5-14B → R1-Distill-Qwen-14B", 0.40346, 0.11524, 3.501],
  ["Qwen2.5-32B → R1-Distill-Qwen-32B", 0.40409, 0.07575, 5.334],
  ["Qwen2.5-32B-Instruct → s1-32B", 0.00529, 0.00584, 0.905],
  ["Qwen2.5-7B → OpenThinker-7B", 0.02897, 0.03156, 0.918],
  ["Qwen2.5-32B → QwQ-32B", 0.02509, 0.02885, 0.87],
];

test.each(PUBLISHED)("%s", (_, o, q, ratio) => {
  const rounding = 0.5e-5 / o + 0.5e-5 / q;
  // Any layers with these means.
  const found = ratioOfMeans([0.5 * o, o, 1.5 * o], [0.25 * q, 1.75 * q]);
  expect(Math.abs((found ?? 0) - ratio)).toBeLessThan(0.0005 + rounding * ratio);
});

test("it is the ratio of means, not the mean of ratios", () => expect(ratioOfMeans([1, 4], [1, 2])).toBeCloseTo(5 / 3));

test.each([
  [[null], [1]],
  [[1], []],
  [[1], [0]],
])("%j over %j has no ratio", (values, others) => expect(ratioOfMeans(values, others)).toBeNull());

test("layers without a number are left out", () => expect(ratioOfMeans([null, 2], [4, null])).toBe(0.5));

test.each([
  [[1, 2, 6], 3],
  [[1, null, 3], 2],
  [[null], null],
  [[], null],
])("mean of %j is %j", (values, mean) => expect(meanOf(values)).toBe(mean));
