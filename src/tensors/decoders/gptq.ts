import type { AuxiliaryValues, Decoder, GptqEncoding } from "../encoding.ts";
import { forEachInput, unpackWords, zerosFor } from "./by-input.ts";

/**
 * GPTQ as AutoGPTQ and GPTQModel store it: (code − zero point) · scale. The codes of 32 inputs lie in as many words as they
 * have bits, one below the other for each output. The group of an input comes from `g_idx` where the columns were quantised by
 * activation order. The first version's zero points are one too small, and wrap.
 */
export function gptqDecoder(encoding: GptqEncoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  const { width, outputs, group, ordered, lessOne } = encoding;
  const [{ values: scales }, { values: packedZeros }, order] = auxiliary;
  const mask = 2 ** width - 1;
  const words = (outputs * width) / 32;
  const zeros = zerosFor(auxiliary[0], outputs, (row, output) => {
    const zero = unpackWords(packedZeros, row * words, output, width);
    return lessOne ? (zero + 1) & mask : zero;
  });
  return ({ bytes }, from, count, out, at, step) =>
    forEachInput(outputs, from, count, (input, output, length, done) => {
      const entry = (ordered ? order.values[input] : Math.floor(input / group)) * outputs;
      const bit = (input * width) % 32;
      const shift = bit % 8;
      // Of the word of output 0, the byte in which the code begins.
      const low = Math.floor((input * width) / 32) * outputs * 4 + (bit >> 3);
      // A code of three bits may go on in the next byte, and that may be the first of the word below.
      const high = low + (shift + width <= 8 ? 0 : bit >> 3 === 3 ? outputs * 4 - 3 : 1);
      let to = at + done * step;
      for (let i = output; i < output + length; i++, to += step) {
        const two = high === low ? bytes[low + i * 4] : bytes[low + i * 4] | (bytes[high + i * 4] << 8);
        out[to] = (((two >> shift) & mask) - zeros[entry + i]) * scales[entry + i];
      }
    });
}
