import type { LowRankFactors } from "../../adapters/low-rank-factors.ts";
import { decode, needsFloat64 } from "../../safetensors/decode.ts";
import type { Dtype } from "../../safetensors/dtype.ts";
import { addLowRank } from "./add-low-rank.ts";
import { applyDora } from "./apply-dora.ts";

/** What makes a weight of the tuned model out of the base's: the arranged matrices, and DoRA's m where it is one. */
export interface Adapted {
  factors: LowRankFactors;
  /** One number per row. */
  magnitude?: Float64Array;
}

/** The type in which an adapted weight is computed, whatever the base is stored in. */
export const adaptedDtype = (base: Dtype): "F32" | "F64" => (needsFloat64(base) ? "F64" : "F32");

/**
 * Fills `into` with elements `from` to `from + count` of the adapted weight, as little-endian `adaptedDtype(base.dtype)`;
 * its bytes have to begin at a multiple of their width. `base` holds the bytes of the same elements. Of a DoRA `from` and
 * `count` have to be whole rows. Throws a RangeError where something is too short or beyond the matrix.
 */
export function fillAdapted(
  into: Uint8Array<ArrayBuffer>,
  base: { dtype: Dtype; bytes: Uint8Array },
  { factors, magnitude }: Adapted,
  from: number,
  count: number,
): void {
  const elements = decode(base.dtype, base.bytes, count);
  const Numbers = adaptedDtype(base.dtype) === "F64" ? Float64Array : Float32Array;
  const out = new Numbers(into.buffer, into.byteOffset, count);
  if (magnitude) applyDora(out, elements, factors, magnitude, from);
  else addLowRank(out, elements, factors, from);
}
