import type { LowRankFactors } from "./low-rank-factors.ts";
import { lowRankProduct } from "./low-rank-product.ts";

/** Below this share of what the terms of the trace add up to in size, they cancel so far that too few digits are left. */
const CANCELLED = 1e-6;

/** Row by row, since elements of two rows need not be added in any one order. */
function denseSquares(factors: LowRankFactors): number {
  const { product, add, ...plain } = factors;
  const row = new Float64Array(factors.columns);
  let sum = 0;
  for (let i = 0; i < factors.rows; i++) {
    lowRankProduct(row, { ...plain, scale: 1 }, i * factors.columns);
    let own = 0;
    for (const value of row) own += value * value;
    sum += own;
  }
  return sum;
}

/** leftᵀ · left, rank × rank. */
function gramOfLeft({ left, rows, rank }: LowRankFactors): Float64Array {
  const gram = new Float64Array(rank * rank);
  for (let i = 0; i < rows; i++)
    for (let k = 0; k < rank; k++) {
      const value = left[i * rank + k];
      for (let l = 0; l <= k; l++) gram[k * rank + l] += value * left[i * rank + l];
    }
  return gram;
}

/** right · rightᵀ, rank × rank. As of the left one, the lower triangle. */
function gramOfRight({ right, columns, rank }: LowRankFactors): Float64Array {
  const gram = new Float64Array(rank * rank);
  for (let k = 0; k < rank; k++)
    for (let l = 0; l <= k; l++) {
      let sum = 0;
      for (let j = 0; j < columns; j++) sum += right[k * columns + j] * right[l * columns + j];
      gram[k * rank + l] = sum;
    }
  return gram;
}

/**
 * ‖ΔW‖ (Frobenius) in (rows + columns)·rank² steps: ‖BA‖² = tr((BᵀB)(AAᵀ)). Where the terms of the trace cancel too far for
 * float64, the product itself is summed, which takes rows·columns·rank. Good to 1e-9 relative, besides what cancels within
 * single elements. NaN where a factor is not finite. Not the change of a DoRA, which no factors alone tell.
 */
export function lowRankNorm(factors: LowRankFactors): number {
  const { rank, scale } = factors;
  const left = gramOfLeft(factors);
  const right = gramOfRight(factors);
  let sum = 0;
  let size = 0;
  for (let k = 0; k < rank; k++)
    for (let l = 0; l <= k; l++) {
      const term = (l === k ? 1 : 2) * left[k * rank + l] * right[k * rank + l];
      sum += term;
      size += Math.abs(term);
    }
  const squares = sum < CANCELLED * size ? denseSquares(factors) : sum;
  return Math.abs(scale) * Math.sqrt(squares);
}
