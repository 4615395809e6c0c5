import { decode, needsFloat64 } from "../../safetensors/decode.ts";
import type { Dtype } from "../../safetensors/dtype.ts";

/** `count` elements in the type in which they are computed with: float32 wherever that holds them exactly. */
export function decodedElements(dtype: Dtype, bytes: Uint8Array, count: number): Float32Array | Float64Array {
  const elements = decode(dtype, bytes, count);
  return needsFloat64(dtype) ? elements : new Float32Array(elements);
}
