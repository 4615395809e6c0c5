import { expect, test } from "vitest";
import type { LowRankUpdate } from "../tensors/low-rank-update.ts";
import type { View } from "../tensors/view.ts";
import { turnedForDora } from "./turned-for-dora.ts";

const stored = (shape: number[]) => ({
  ...{ file: 1, transposed: false },
  tensor: { name: "m", dtype: "F32", shape, span: { begin: 0, end: 4 * shape[0] } } as const,
});
const update = (more: Partial<LowRankUpdate> = {}): LowRankUpdate => ({
  ...{ name: "w", target: { kind: "named", names: ["w.weight"] }, rank: 2, out: 12, in: 4, kernel: [] },
  ...{ a: stored([2, 4]), b: stored([12, 2]), transposed: false, alpha: 1, divisor: 1, magnitude: stored([12]) },
  ...more,
});
const view = (shape: number[], more: Partial<View> = {}): View => {
  const count = shape.reduce((product, size) => product * size, 1);
  return { name: "w.weight", dtype: "F32", shape, count, file: 0, span: { begin: 0, end: 4 * count }, ...more };
};
const square = { out: 4, a: stored([2, 4]), b: stored([4, 2]), magnitude: stored([4]) };
const yes = () => true;

test.each<[string, LowRankUpdate, View, shape: number[] | null]>([
  ["outputs in columns", update(), view([4, 12]), [12, 4]],
  ["outputs in columns, which its configuration says as well", update({ transposed: true }), view([4, 12]), [12, 4]],
  ["outputs in rows", update(), view([12, 4]), null],
  ["a square one of a family that has the inputs first", update(square), view([4, 4], { inputMajor: true }), [4, 4]],
  ["a square one with fan_in_fan_out", update({ ...square, transposed: true }), view([4, 4]), [4, 4]],
  ["a square one of which nothing is said", update(square), view([4, 4]), null],
  ["another shape", update(), view([5, 12]), null],
  ["another name", update(), view([4, 12], { name: "v.weight" }), null],
])("%s", (_, own, base, shape) => {
  const { updates, views } = turnedForDora([own], [base], yes);
  if (!shape) expect([updates, views]).toEqual([[own], [base]]);
  else {
    expect(updates).toEqual([{ ...own, transposed: false }]);
    expect(views.map(({ name, shape: turned, order }) => [name, turned, order?.strides])).toEqual([
      ["w.weight", shape, [1, base.shape[1]]],
    ]);
  }
});

test("a LoRA, and what does not fit into memory, stay as they are", () => {
  const { magnitude, ...lora } = update();
  expect(turnedForDora([lora], [view([4, 12])], yes).views).toEqual([view([4, 12])]);
  expect(turnedForDora([update()], [view([4, 12])], () => false)).toEqual({
    updates: [update()],
    views: [view([4, 12])],
  });
});
