import type { LowRankFactors } from "./low-rank-factors.ts";
import { lowRankProduct } from "./low-rank-product.ts";

/**
 * The weights that a DoRA makes of the base's: b = m·(a + ΔW)/‖a + ΔW‖, each row by its own norm (arXiv 2402.09353), in
 * float64 and rounded once where `out` is float32. `magnitude` is of all rows. `from` and the length have to be whole rows,
 * else a RangeError. A row of zeros has no direction and comes out as NaN.
 */
export function applyDora(
  out: Float32Array | Float64Array,
  base: Float32Array | Float64Array,
  factors: LowRankFactors,
  magnitude: Float64Array,
  from: number,
): void {
  const { columns } = factors;
  if (from % columns !== 0 || out.length % columns !== 0)
    throw new RangeError(
      `A DoRA is computed by whole rows of ${columns}, not from ${from} for ${out.length} elements.`,
    );
  const row = new Float64Array(columns);
  for (let at = 0; at < out.length; at += columns) {
    lowRankProduct(row, factors, from + at);
    let squares = 0;
    for (let j = 0; j < columns; j++) {
      const tuned = base[at + j] + row[j];
      row[j] = tuned;
      squares += tuned * tuned;
    }
    const factor = magnitude[(from + at) / columns] / Math.sqrt(squares);
    for (let j = 0; j < columns; j++) out[at + j] = factor * row[j];
  }
}
