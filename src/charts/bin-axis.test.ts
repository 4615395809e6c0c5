import { expect, test } from "vitest";
import { binAxis, binCount, binWords, drawable, shareWords, signed } from "./bin-axis.ts";

test.each([true, false])("bins fill the axis, bars beyond: %s", (showBeyond) => {
  const axis = binAxis(20, 420, showBeyond);
  expect(axis.edge(0)).toBeCloseTo(showBeyond ? 50 : 20, 9);
  expect(axis.edge(binCount)).toBeCloseTo(showBeyond ? 390 : 420, 9);
  expect(axis.x(0)).toBeCloseTo(220, 9);
  for (let bin = 0; bin < binCount; bin++) {
    expect(axis.x((bin - 128) / 128)).toBeCloseTo((axis.edge(bin) + axis.edge(bin + 1)) / 2, 9);
    expect(axis.at(axis.edge(bin + 0.5))).toBe(bin);
  }
});

test.each([
  { x: -50, beyond: -1, inside: 0 },
  { x: 22, beyond: -1, inside: 1 },
  { x: 418, beyond: 257, inside: 255 },
  { x: 999, beyond: 257, inside: 256 },
])("at $x px lies bin $beyond, or $inside where bars beyond are not shown", ({ x, beyond, inside }) => {
  expect(binAxis(20, 420, true).at(x)).toBe(beyond);
  expect(binAxis(20, 420, false).at(x)).toBe(inside);
});

test.each([
  { bin: -1, words: "below −1" },
  { bin: 0, words: "−1.004 to −0.996" },
  { bin: 128, words: "−0.004 to +0.004" },
  { bin: 256, words: "+0.996 to +1.004" },
  { bin: 257, words: "above +1" },
])("bin $bin is $words", ({ bin, words }) => {
  expect(binWords(bin)).toBe(words);
});

test.each([
  { count: 0, total: 10, words: "0\u00a0%" },
  { count: 1, total: 0, words: "0\u00a0%" },
  { count: Number.NaN, total: 10, words: "0\u00a0%" },
  { count: 1, total: 1e9, words: "<\u00a00.001\u00a0%" },
  { count: 12, total: 1e5, words: "0.012\u00a0%" },
  { count: 12, total: 1e4, words: "0.12\u00a0%" },
  { count: 12, total: 1e3, words: "1.2\u00a0%" },
  { count: 12, total: 1e2, words: "12\u00a0%" },
  { count: 999, total: 1000, words: "99.9\u00a0%" },
  { count: 999_999, total: 1_000_000, words: ">\u00a099.9\u00a0%" },
  { count: 10, total: 10, words: "100\u00a0%" },
])("$count of $total is $words", ({ count, total, words }) => {
  expect(shareWords(count, total)).toBe(words);
});

test.each([
  [0, "0"],
  [-0.0001, "0"],
  [0.3594, "+0.359"],
  [-1, "−1.000"],
])("%f is written %s", (t, text) => {
  expect(signed(t)).toBe(text);
});

test.each([
  [3, 3],
  [-1, 0],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 0],
])("a count of %f is drawn as %f", (count, drawn) => {
  expect(drawable(count)).toBe(drawn);
});
