import { decode } from "../../safetensors/decode.ts";
import { DTYPE_BITS } from "../../safetensors/dtype.ts";
import type { Decoder, StoredEncoding } from "../encoding.ts";

/** Numbers as they lie there, of whole bytes each, rounded to float32 where they are wider. */
export function storedDecoder({ dtype }: StoredEncoding): Decoder {
  const width = DTYPE_BITS[dtype] / 8;
  return ({ bytes, first }, from, count, out, at, step) => {
    const begin = (from - first) * width;
    const values = decode(dtype, bytes.subarray(begin, begin + count * width), count);
    for (let i = 0; i < count; i++) out[at + i * step] = Number(values[i]);
  };
}
