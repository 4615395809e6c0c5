import type { AuxiliaryValues, AwqEncoding, Decoder } from "../encoding.ts";

/** Which of a word's eight halves of bytes holds an output: they are stored in the order 0 2 4 6 1 3 5 7 (AutoAWQ, GEMM). */
const HALF = [0, 4, 1, 5, 2, 6, 3, 7];

/** AWQ in AutoAWQ's GEMM layout: (code − zero point) · scale. */
export function awqDecoder({ outputs, group }: AwqEncoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  const [scales, packedZeros] = auxiliary;
  const words = outputs / 8;
  const zeros = scales.values.map((_, entry) => {
    const [row, output] = [Math.floor(entry / outputs), entry % outputs];
    return (packedZeros.values[row * words + (output >> 3)] >> (4 * HALF[output & 7])) & 15;
  });
  return ({ bytes, first }, from, count, out, at, step) => {
    const end = from + count;
    let to = at;
    for (let i = from; i < end; ) {
      const input = Math.floor(i / outputs);
      const start = input * outputs;
      const stop = Math.min(end, start + outputs);
      const row = Math.floor(input / group) * outputs - start;
      for (; i < stop; i++, to += step) {
        const half = HALF[(i - start) & 7];
        const code = (bytes[((i - first) >> 3) * 4 + (half >> 1)] >> ((half & 1) * 4)) & 15;
        out[to] = (code - zeros[row + i]) * scales.values[row + i];
      }
    }
  };
}
