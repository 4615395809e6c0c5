import type { AuxiliaryValues, Decoder, GptqEncoding } from "../encoding.ts";

/**
 * GPTQ as AutoGPTQ and GPTQModel store it: (code − zero point) · scale, with the group of an input from `g_idx` where the
 * columns were quantised by activation order. The first version's zero points are one too small, and wrap.
 */
export function gptqDecoder(encoding: GptqEncoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  const { width, outputs, group, ordered, lessOne } = encoding;
  const [scales, packedZeros, order] = auxiliary;
  const mask = 2 ** width - 1;
  const perWord = 32 / width;
  const words = outputs / perWord;
  const zeros = scales.values.map((_, entry) => {
    const [row, output] = [Math.floor(entry / outputs), entry % outputs];
    const word = packedZeros.values[row * words + Math.floor(output / perWord)];
    const zero = (word >> ((output % perWord) * width)) & mask;
    return lessOne ? (zero + 1) & mask : zero;
  });
  return ({ bytes, first }, from, count, out, at, step) => {
    const end = from + count;
    let to = at;
    for (let i = from; i < end; ) {
      const input = Math.floor(i / outputs);
      const start = input * outputs;
      const stop = Math.min(end, start + outputs);
      const row = (ordered ? order.values[input] : Math.floor(input / group)) * outputs - start;
      const bit = (input % perWord) * width;
      // Where the words of this input's row begin, and its byte in each of them.
      const words0 = (Math.floor(input / perWord) * outputs - start) * 4 + (bit >> 3) - first;
      for (; i < stop; i++, to += step) {
        const code = (bytes[words0 + i * 4] >> (bit & 7)) & mask;
        out[to] = (code - zeros[row + i]) * scales.values[row + i];
      }
    }
  };
}
