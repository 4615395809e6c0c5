import { addLowRank } from "../kernels/low-rank/add-low-rank.ts";
import { applyDora } from "../kernels/low-rank/apply-dora.ts";
import type { Adapted } from "../kernels/low-rank/low-rank-factors.ts";
import { decode } from "../safetensors/decode.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { adaptedDtype } from "../tensors/low-rank-update.ts";

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
