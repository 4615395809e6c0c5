import { decode } from "../../safetensors/decode.ts";
import { DTYPE_BITS } from "../../safetensors/dtype.ts";
import type { Decoder, NarrowEncoding } from "../encoding.ts";

/** F4, F6, the FNUZ bytes and E8M0: every value of theirs is a float32. */
export function narrowDecoder({ dtype }: NarrowEncoding): Decoder {
  const bits = DTYPE_BITS[dtype];
  const values = tableOf(dtype, bits);
  const mask = 2 ** bits - 1;
  return ({ bytes, first }, from, count, out, at, step) => {
    for (let i = 0; i < count; i++) {
      const bit = (from + i - first) * bits;
      const byte = Math.floor(bit / 8);
      const two = bytes[byte] | ((bytes[byte + 1] ?? 0) << 8);
      out[at + i * step] = values[(two >> (bit % 8)) & mask];
    }
  };
}

/** Every value of a dtype by its bits, as `decode` reads them when they lie one behind the other. */
function tableOf(dtype: NarrowEncoding["dtype"], bits: number): Float64Array {
  const packed = new Uint8Array(2 ** bits * (bits / 8));
  for (let code = 0; code < 2 ** bits; code++) {
    const at = Math.floor((code * bits) / 8);
    const two = code << ((code * bits) % 8);
    packed[at] |= two;
    if (two > 255) packed[at + 1] |= two >> 8;
  }
  return decode(dtype, packed, 2 ** bits);
}
