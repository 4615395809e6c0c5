import type { LowRankFactors } from "./low-rank-factors.ts";

/** Rows of `right` that one pass takes in: as many as leave the sums in registers. */
const UNROLLED = 8;

/**
 * One row of left · right, unscaled, from column `begin` on: `sums.length` elements. The sums are of float64 products (exact
 * for float32 factors) in the order of the rank, so that an element is the same however the matrix is cut.
 */
function fillRow({ left, right, columns, rank }: LowRankFactors, row: number, begin: number, sums: Float64Array): void {
  const length = sums.length;
  const at = row * rank;
  let k = 0;
  sums.fill(0);
  for (; k + UNROLLED <= rank; k += UNROLLED) {
    const l0 = left[at + k];
    const l1 = left[at + k + 1];
    const l2 = left[at + k + 2];
    const l3 = left[at + k + 3];
    const l4 = left[at + k + 4];
    const l5 = left[at + k + 5];
    const l6 = left[at + k + 6];
    const l7 = left[at + k + 7];
    let r = k * columns + begin;
    for (let j = 0; j < length; j++, r++) {
      let sum = sums[j] + l0 * right[r];
      sum += l1 * right[r + columns];
      sum += l2 * right[r + 2 * columns];
      sum += l3 * right[r + 3 * columns];
      sum += l4 * right[r + 4 * columns];
      sum += l5 * right[r + 5 * columns];
      sum += l6 * right[r + 6 * columns];
      sums[j] = sum + l7 * right[r + 7 * columns];
    }
  }
  for (; k < rank; k++) {
    const factor = left[at + k];
    let r = k * columns + begin;
    for (let j = 0; j < length; j++, r++) sums[j] += factor * right[r];
  }
}

/** Throws a RangeError where elements `from` to `from + count` are not all in the matrix. */
export function requireWithin({ rows, columns }: LowRankFactors, from: number, count: number): void {
  const end = from + count;
  if (from < 0 || end > rows * columns)
    throw new RangeError(`Elements ${from} to ${end} are not in a matrix of ${rows} × ${columns}.`);
}

/**
 * Elements `from` … `from + out.length` of ΔW = scale · left · right in row-major order, in float64. `from` may lie anywhere
 * in a row. Throws a RangeError beyond the matrix.
 */
export function lowRankProduct(out: Float64Array, factors: LowRankFactors, from: number): void {
  const { columns, scale, product } = factors;
  requireWithin(factors, from, out.length);
  const end = from + out.length;
  if (product) {
    product(out, from);
    return;
  }
  for (let at = from; at < end; ) {
    const row = Math.floor(at / columns);
    const column = at - row * columns;
    const next = Math.min(end, at + columns - column);
    fillRow(factors, row, column, out.subarray(at - from, next - from));
    at = next;
  }
  if (scale !== 1) for (let i = 0; i < out.length; i++) out[i] *= scale;
}
