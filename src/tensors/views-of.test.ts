import { expect, test } from "vitest";
import type { Checkpoint } from "../hub/checkpoint.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { viewsOf } from "./views-of.ts";

const stored = (name: string, dtype: Dtype, shape: number[], begin = 0, end = 0, file = 0) => ({
  file,
  tensor: { name, dtype, shape, span: { begin, end } },
});

const checkpoint = (tensors: Checkpoint["tensors"]): Checkpoint => ({
  ref: "org/name@0",
  label: "org/name",
  files: [],
  tensors,
  notes: [],
  opened: { requests: 0, bytes: 0 },
});

test("a view is its stored tensor as it lies, in the checkpoint's order", () => {
  const { views, left } = viewsOf(
    checkpoint([
      stored("b", "BF16", [2, 3], 100, 112, 1),
      stored("a", "F32", [], 8, 12, 0),
      stored("mask", "U8", [4], 12, 16, 0),
    ]),
  );
  expect(left).toEqual([]);
  expect(views).toEqual([
    { name: "b", dtype: "BF16", shape: [2, 3], count: 6, file: 1, span: { begin: 100, end: 112 } },
    { name: "a", dtype: "F32", shape: [], count: 1, file: 0, span: { begin: 8, end: 12 } },
    { name: "mask", dtype: "U8", shape: [4], count: 4, file: 0, span: { begin: 12, end: 16 } },
  ]);
});

test.each([
  ["BOOL", [4, 4]],
  ["C64", [8]],
  ["BF16", [0, 4]],
] as const)("%s of shape %j is left out, with a sentence that names the dtype", (dtype, shape) => {
  const { views, left } = viewsOf(checkpoint([stored("w", dtype, [...shape]), stored("x", "F16", [1])]));
  expect(views.map(({ name }) => name)).toEqual(["x"]);
  expect(left).toHaveLength(1);
  expect(left[0]).toMatchObject({ name: "w", reason: expect.stringMatching(new RegExp(`^[A-Z].*${dtype}.*\\.$`)) });
});

test("only hashes of the content count as such", () => {
  const hashes = ["0a".repeat(32), '"18-6f"', "0a".repeat(20), undefined];
  const location = { kind: "blob", blob: new Blob([]), size: 0 } as const;
  const files = hashes.map((hash, i) => ({ path: `${i}`, size: 0, location, ...(hash ? { hash } : {}) }));
  expect(viewsOf({ ...checkpoint([]), files }).hashes).toEqual(["0a".repeat(32), null, null, null]);
});

test("of two equal names the first is the view", () => {
  const { views, left } = viewsOf(checkpoint([stored("w", "F32", [1], 0, 4, 0), stored("w", "F32", [2], 0, 8, 1)]));
  expect(views.map(({ file }) => file)).toEqual([0]);
  expect(left.map(({ name }) => name)).toEqual(["w"]);
});
