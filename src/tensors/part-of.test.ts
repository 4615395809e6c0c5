import { expect, test } from "vitest";
import { type Part, partOf } from "./part-of.ts";
import type { View } from "./view.ts";

/** Elements 0, 1, 2, … of the given shape, each 2 bytes, from byte 100 on. */
function counting(shape: number[]): View {
  const count = shape.reduce((product, size) => product * size, 1);
  return { name: "w", dtype: "BF16", shape, count, file: 3, span: { begin: 100, end: 100 + 2 * count } };
}

/** The elements of a view of `counting`. */
const elements = ({ span }: View) => [(span.begin - 100) / 2, (span.end - 100) / 2];

test.each<[string, number[], Part, string, number[], number[]]>([
  ["rows of a matrix", [6, 4], { rows: [2, 5] }, "w[2:5]", [3, 4], [8, 20]],
  ["elements of a bias", [6], { rows: [0, 2] }, "w[0:2]", [2], [0, 2]],
  ["no rows", [6, 4], { rows: [3, 3] }, "w[3:3]", [0, 4], [12, 12]],
  ["one expert", [3, 2, 5], { at: 1 }, "w[1]", [2, 5], [10, 20]],
  ["rows of one expert", [3, 4, 5], { at: 2, rows: [2, 4] }, "w[2, 2:4]", [2, 5], [50, 60]],
  ["one entry of a stack of biases", [3, 4], { at: 2, rows: [1, 3] }, "w[2, 1:3]", [2], [9, 11]],
  ["everything", [2, 2], {}, "w", [2, 2], [0, 4]],
])("%s", (_, shape, part, name, partShape, range) => {
  const view = partOf(counting(shape), part);
  expect(view).toMatchObject({ name, shape: partShape, file: 3, dtype: "BF16" });
  expect(elements(view)).toEqual(range);
  expect(view.count).toBe(range[1] - range[0]);
});

test.each<[number[], Part]>([
  [[6, 4], { rows: [2, 7] }],
  [[6, 4], { rows: [-1, 2] }],
  [[3, 4, 5], { at: 3 }],
  [[3, 4, 5], { at: 0, rows: [0, 5] }],
])("a view of shape %j has no part %j", (shape, part) => {
  expect(() => partOf(counting(shape), part)).toThrow(RangeError);
});
