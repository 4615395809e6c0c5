import { DTYPE_BITS, type Dtype } from "../safetensors/dtype.ts";
import type { Stretch } from "./engine.ts";

function bytesOf(dtype: Dtype, bytes: Uint8Array, from: number, count: number): Uint8Array {
  const width = DTYPE_BITS[dtype] / 8;
  const begin = from * width;
  const end = begin + count * width;
  if (!Number.isInteger(begin) || !Number.isInteger(end) || end > bytes.byteLength) {
    throw new RangeError(`Elements ${from} to ${from + count} of ${dtype} do not lie in ${bytes.byteLength} bytes.`);
  }
  return bytes.subarray(begin, end);
}

/** Elements `from` to `from + count` of a stretch, sharing its bytes. Throws a RangeError where a side is too short. */
export function stretchPart(stretch: Stretch, from: number, count: number): Stretch {
  const { dtypeA, dtypeB } = stretch;
  return {
    dtypeA,
    a: bytesOf(dtypeA, stretch.a, from, count),
    dtypeB,
    b: bytesOf(dtypeB, stretch.b, from, count),
    count,
  };
}
