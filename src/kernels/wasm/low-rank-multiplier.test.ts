import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { addLowRank } from "../low-rank/add-low-rank.ts";
import type { LowRankFactors } from "../low-rank/low-rank-factors.ts";
import { lowRankNorm } from "../low-rank/low-rank-norm.ts";
import { lowRankProduct } from "../low-rank/low-rank-product.ts";
import { createMultiplier, isExact } from "./low-rank-multiplier.ts";

const module = new WebAssembly.Module(readFileSync(new URL("./pair-stats.wasm", import.meta.url)));
const multiplier = createMultiplier(module);

/** Of all sizes, so that any other order of adding would show. */
function numbers(length: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.fround((state / 1073741824 - 1) * 2 ** ((state % 13) - 9));
  });
}

const factorsOf = (rows: number, rank: number, columns: number, scale = 0.7): LowRankFactors => ({
  ...{ rows, columns, rank, scale, left: numbers(rows * rank, 3), right: numbers(rank * columns, 5) },
});

/** Stretches that begin and end anywhere. */
function stretches(all: number, columns: number): [from: number, count: number][] {
  const most = Math.min(all, 70_000);
  const begins = [0, 1, columns - 1, columns, Math.floor(all / 3), all - 1].filter((from) => from < all);
  return begins.flatMap((from) =>
    [1, 7, columns + 3, most].map((count): [number, number] => [from, Math.min(count, all - from)]),
  );
}

test.each([
  [1, 1, 1],
  [5, 3, 8],
  [7, 16, 15],
  [3, 64, 257],
  [130, 9, 1000],
  [2, 4, 40_000],
])("of %d × %d and × %d it gives what plain code does, to the last bit, wherever it begins", (...size) => {
  const [rows, rank, columns] = size;
  const plain = factorsOf(rows, rank, columns);
  const fast = multiplier(plain);
  for (const [from, count] of stretches(rows * columns, columns)) {
    const base = Float32Array.from(numbers(count, 7));
    const [expected, found] = [plain, fast].map((factors) => {
      const [product, sum] = [new Float64Array(count), new Float32Array(count)];
      lowRankProduct(product, factors, from);
      addLowRank(sum, base, factors, from);
      const doubles = new Float64Array(count);
      addLowRank(doubles, Float64Array.from(base), factors, from);
      return [product, sum, doubles];
    });
    expect(found, `${from}, ${count}`).toEqual(expected);
  }
});

test("several updates by turns do not disturb each other, and the sizes of one memory do not either", () => {
  const all = [factorsOf(4, 2, 20), factorsOf(4, 30, 3000), factorsOf(9, 5, 11, -2)];
  const fast = all.map(multiplier);
  for (const i of [0, 1, 2, 0, 2, 1, 1]) {
    const [expected, found] = [all[i], fast[i]].map((factors) => {
      const out = new Float64Array(factors.rows * factors.columns);
      lowRankProduct(out, factors, 0);
      return out;
    });
    expect(found).toEqual(expected);
  }
  expect(fast.map((factors) => lowRankNorm({ ...factors, scale: 3 }))).toEqual(
    all.map((factors) => lowRankNorm({ ...factors, scale: 3 })),
  );
});

test("what is not finite stays so, and −0 is never made of 0", () => {
  const plain = factorsOf(2, 2, 9);
  plain.left.set([0, Number.POSITIVE_INFINITY, -0, 0]);
  plain.right.set([Number.NaN, 0, -1], 0);
  const [expected, found] = [plain, multiplier(plain)].map((factors) => {
    const out = new Float64Array(18);
    lowRankProduct(out, factors, 0);
    return [...out];
  });
  expect(found).toEqual(expected);
});

test("beyond the matrix it is a RangeError as before, and a matrix too large comes back as it is", () => {
  const fast = multiplier(factorsOf(2, 2, 2));
  expect(() => lowRankProduct(new Float64Array(2), fast, 3)).toThrow(RangeError);
  expect(() => addLowRank(new Float32Array(2), new Float32Array(2), fast, 3)).toThrow(RangeError);
  const huge = { ...factorsOf(1, 1, 1), columns: 2 ** 20, rank: 9 };
  expect(multiplier(huge)).toBe(huge);
});

test("the self-test passes it, and finds out one that adds in another order", () => {
  expect(isExact(multiplier)).toBe(true);
  const reversed = (factors: LowRankFactors): LowRankFactors => {
    const { rank, columns } = factors;
    const left = factors.left.map((_, i, of) => of[i + rank - 1 - 2 * (i % rank)]);
    const right = factors.right.map((_, i, of) => of[(rank - 1 - Math.floor(i / columns)) * columns + (i % columns)]);
    return { ...factors, left, right };
  };
  expect(isExact(reversed)).toBe(false);
});
