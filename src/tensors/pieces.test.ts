import { expect, test } from "vitest";
import { forEachStretch } from "./order.ts";
import { pieceLength, placeInPieces } from "./pieces.ts";
import { rowsOfGroups, transposed } from "./rearranged.ts";
import type { View } from "./view.ts";

const matrix = (rows: number, columns: number): View => ({
  ...{ name: "w", dtype: "BF16", shape: [rows, columns], count: rows * columns },
  ...{ file: 0, span: { begin: 0, end: 2 * rows * columns } },
});
const heads = (size: number, columns: number, from = 0): View => {
  const found = rowsOfGroups(matrix(4 * 3 * size, columns), { of: 3 * size, from: from * size, size });
  if (!found) throw new Error("The groups fill it.");
  return found;
};

test.each<[string, View, number | null]>([
  ["as it lies", matrix(64, 4096), null],
  ["rows of heads", heads(64, 2048), 131_072],
  ["rows of heads behind others", heads(128, 2048, 2), 262_144],
  ["rows of small heads", heads(32, 2048), null],
  ["rows that end between the places where sums are cut", heads(64, 2056), null],
  ["a transpose", transposed(matrix(4096, 4096)) as View, null],
])("pieces of a view: %s", (_, view, length) => {
  expect(pieceLength(view)).toBe(length);
});

test("what lies in another order than row by row has none", () => {
  const encoding = { scheme: "awq", name: "", first: 0, outputs: 8, group: 8, auxiliary: [] } as const;
  expect(pieceLength({ ...heads(64, 2048), encoding: { ...encoding, bits: null } })).toBeNull();
});

test("a piece lies where the order says", () => {
  const view = heads(64, 2048, 1);
  const at: number[] = [];
  for (const from of [0, 5, 131_071, 131_072, 300_000, 4 * 131_072 - 1])
    if (view.order) forEachStretch(view.order, from, 1, (stored) => at.push(stored - placeInPieces(view, from)));
  expect(at).toEqual([0, 0, 0, 0, 0, 0]);
});
