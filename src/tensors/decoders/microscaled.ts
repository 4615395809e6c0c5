import type { AuxiliaryValues, Decoder, MicroscaledEncoding } from "../encoding.ts";

/** E2M1 by its four bits (OCP Microscaling Formats 1.0, table 5). */
const E2M1 = Float64Array.of(0, 0.5, 1, 1.5, 2, 3, 4, 6, -0, -0.5, -1, -1.5, -2, -3, -4, -6);

/**
 * MXFP4 (a scale of 2^(s − 127) for every 32 elements; gpt-oss stores `_blocks` and `_scales`) and NVFP4 (an E4M3 scale for
 * every 16, and one for the tensor). The lower half of a byte comes first.
 */
export function microscaledDecoder(encoding: MicroscaledEncoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  const { group, global } = encoding;
  const [scales, whole] = auxiliary;
  const scaleAt = (entry: number): number => {
    const scale = scales.values[entry - scales.first];
    if (global === null) return scale;
    return global === "multiply" ? scale * whole.values[0] : scale / whole.values[0];
  };
  return ({ bytes, first }, from, count, out, at, step) => {
    const end = from + count;
    let to = at;
    for (let i = from; i < end; ) {
      const entry = Math.floor(i / group);
      const scale = scaleAt(entry);
      const stop = Math.min(end, (entry + 1) * group);
      for (; i < stop; i++, to += step) {
        const place = i - first;
        out[to] = E2M1[(bytes[place >> 1] >> ((place & 1) * 4)) & 15] * scale;
      }
    }
  };
}
