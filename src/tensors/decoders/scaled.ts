import { decode } from "../../safetensors/decode.ts";
import type { AuxiliaryValues, Decoder, ScaledEncoding } from "../encoding.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, bits) => bits);

/**
 * FP8 and INT8 with scales by block, row or tensor (DeepSeek's `weight_scale_inv`, compressed-tensors, fbgemm, bitsandbytes'
 * LLM.int8). The scale multiplies, "_inv" in its name or not: DeepSeek-V3, `weight_dequant`.
 */
export function scaledDecoder(encoding: ScaledEncoding, [scales]: readonly AuxiliaryValues[]): Decoder {
  const { dtype, rows, columns, grid, block, factor } = encoding;
  const elements = decode(dtype, EVERY_BYTE, 256);
  return ({ bytes, first }, from, count, out, at, step) => {
    const end = from + count;
    let to = at;
    for (let i = from; i < end; ) {
      const row = Math.floor(i / columns);
      const start = row * columns;
      const matrix = Math.floor(row / rows);
      const scaleRow = matrix * grid[0] + Math.floor((row - matrix * rows) / block[0]);
      const scaleColumn = Math.floor((i - start) / block[1]);
      const scale = scales.values[scaleRow * grid[1] + scaleColumn - scales.first] * factor;
      const stop = Math.min(end, start + Math.min(columns, (scaleColumn + 1) * block[1]));
      for (; i < stop; i++, to += step) out[to] = elements[bytes[i - first]] * scale;
    }
  };
}
