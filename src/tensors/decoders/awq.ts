import type { AuxiliaryValues, AwqEncoding, Decoder } from "../encoding.ts";
import { forEachInput, unpackWords, zerosFor } from "./by-input.ts";

/** Which of a word's eight halves of bytes holds an output: they are stored in the order 0 2 4 6 1 3 5 7 (AutoAWQ, GEMM). */
const HALF = [0, 4, 1, 5, 2, 6, 3, 7];

/** AWQ in AutoAWQ's GEMM layout, a row of words for each input: (code − zero point) · scale. */
export function awqDecoder({ outputs, group }: AwqEncoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  const [{ values: scales }, { values: packedZeros }] = auxiliary;
  const words = outputs / 8;
  const zeros = zerosFor(auxiliary[0], outputs, (row, output) =>
    unpackWords(packedZeros, row * words + (output >> 3), HALF[output & 7], 4),
  );
  return ({ bytes }, from, count, out, at, step) =>
    forEachInput(outputs, from, count, (input, output, length, done) => {
      const entry = Math.floor(input / group) * outputs;
      const stored = input * words * 4;
      let to = at + done * step;
      for (let i = output; i < output + length; i++, to += step) {
        const half = HALF[i & 7];
        const code = (bytes[stored + (i >> 3) * 4 + (half >> 1)] >> ((half & 1) * 4)) & 15;
        out[to] = (code - zeros[entry + i]) * scales[entry + i];
      }
    });
}
