import { expect, test } from "vitest";
import { randomFrom } from "../../e2e/fixtures/random.ts";
import { forEachStretch, lastOf, type Order, rowMajor } from "./order.ts";

/** Position of each element, by its definition. */
function positions({ sizes, strides, offset }: Order): number[] {
  return sizes.reduce<number[]>(
    (found, size, axis) => found.flatMap((at) => Array.from({ length: size }, (_, i) => at + i * strides[axis])),
    [offset],
  );
}

function stretched(order: Order, from: number, count: number): number[] {
  const out = new Array<number>(count).fill(-1);
  forEachStretch(order, from, count, (stored, stride, length, at, step) => {
    for (let i = 0; i < length; i++) {
      expect(out[at + i * step], "filled once").toBe(-1);
      out[at + i * step] = stored + i * stride;
    }
  });
  return out;
}

const ORDERS: [string, Order][] = [
  ["a matrix as it lies", { sizes: [5, 7], strides: [7, 1], offset: 0 }],
  ["its transpose", { sizes: [7, 5], strides: [1, 7], offset: 0 }],
  ["a stack of transposes", { sizes: [3, 4, 5], strides: [20, 1, 4], offset: 0 }],
  ["rows of every third head", { sizes: [4, 6], strides: [18, 1], offset: 6 }],
  ["every second column, transposed", { sizes: [4, 3], strides: [2, 8], offset: 1 }],
  ["a vector", { sizes: [9], strides: [2], offset: 3 }],
  ["single entries", { sizes: [1, 1, 6], strides: [99, 7, 1], offset: 2 }],
  ["a number", { sizes: [], strides: [], offset: 4 }],
];

test.each(ORDERS)("%s, whole and in any part", (_, order) => {
  const expected = positions(order);
  expect(lastOf(order)).toBe(Math.max(...expected));
  const uniform = randomFrom(9);
  expect(stretched(order, 0, expected.length)).toEqual(expected);
  if (order.sizes.length === 0) return;
  for (let i = 0; i < 60; i++) {
    const from = Math.floor(uniform() * expected.length);
    const count = Math.floor(uniform() * (expected.length - from + 1));
    expect(stretched(order, from, count), `${count} from ${from}`).toEqual(expected.slice(from, from + count));
  }
});

test("a transpose is read along what lies closest", () => {
  const lengths: number[] = [];
  forEachStretch({ sizes: [64, 100], strides: [1, 64], offset: 0 }, 0, 3200, (_, stride, count) => {
    expect(stride).toBe(1);
    lengths.push(count);
  });
  expect(lengths).toEqual(new Array(100).fill(32));
});

test("strides of an array that lies row by row", () => {
  expect([rowMajor([2, 3, 4]), rowMajor([5]), rowMajor([])]).toEqual([[12, 4, 1], [1], []]);
});
