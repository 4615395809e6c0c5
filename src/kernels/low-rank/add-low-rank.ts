import type { LowRankFactors } from "./low-rank-factors.ts";
import { lowRankProduct, requireWithin } from "./low-rank-product.ts";

/** Elements multiplied out at once: 64 KiB, which stay in the cache until they are added. */
const CHUNK = 8192;

/**
 * The weights that an adapter makes of the base's: b = fl32(a + fl32(s·(B·A))), elements `from` … `from + out.length` in
 * row-major order, starting anywhere in a row. Into float64 (for a base of F64 or integers) nothing is rounded to float32.
 * `base` holds the same elements decoded. PEFT's own merge works in the weights' dtype, in which small updates of a BF16
 * model are lost; here they are kept. Throws a RangeError beyond the matrix.
 */
export function addLowRank(
  out: Float32Array | Float64Array,
  base: Float32Array | Float64Array,
  factors: LowRankFactors,
  from: number,
): void {
  requireWithin(factors, from, out.length);
  if (factors.add && out instanceof Float32Array && base instanceof Float32Array) {
    factors.add(out, base, from);
    return;
  }
  const product = new Float64Array(Math.min(CHUNK, out.length));
  for (let at = 0; at < out.length; at += CHUNK) {
    const own = product.subarray(0, Math.min(CHUNK, out.length - at));
    lowRankProduct(own, factors, from + at);
    if (out instanceof Float32Array && base instanceof Float32Array) addRounded(out, base, own, at);
    else if (out instanceof Float32Array)
      for (let i = 0; i < own.length; i++) out[at + i] = base[at + i] + Math.fround(own[i]);
    else for (let i = 0; i < own.length; i++) out[at + i] = base[at + i] + own[i];
  }
}

/**
 * The usual case by itself, since a loop over arrays of one type is several times as fast. A sum of two float32 in float64,
 * rounded once more to float32, is their float32 sum (24 and 53 bits are far enough apart).
 */
function addRounded(out: Float32Array, base: Float32Array, own: Float64Array, at: number): void {
  for (let i = 0; i < own.length; i++) out[at + i] = base[at + i] + Math.fround(own[i]);
}
