import type { AuxiliaryValues, Decoder, GroupedEncoding } from "../encoding.ts";
import { unpackWords } from "./by-input.ts";

/**
 * Whole numbers of up to 8 bits in rows of groups: compressed-tensors' `weight_packed` (codes shifted up by half their range;
 * zero points packed the same way along the rows), mlx (`scales` and `biases`) and AWQ in its GEMV layout (zero points packed
 * within each row, and more places for scales than a row needs).
 */
export function groupedDecoder(encoding: GroupedEncoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  const { bits, columns, group, places, zero, extra } = encoding;
  const [scales, more] = auxiliary;
  const mask = 2 ** bits - 1;
  const groups = columns / group;
  /** A code of three, five or six bits may go on in the next byte. */
  const inOneByte = 8 % bits === 0;
  const perWord = 32 / bits;
  const zeroAt = (row: number, inRow: number): number => {
    if (extra === "zeros by row") return unpackWords(more.values, (row * places) / perWord - more.first, inRow, bits);
    if (extra !== "zeros") return zero;
    return unpackWords(more.values, Math.floor(row / perWord) * groups + inRow - more.first, row % perWord, bits);
  };
  return ({ bytes, first }, from, count, out, at, step) => {
    const end = from + count;
    let to = at;
    for (let i = from; i < end; ) {
      const row = Math.floor(i / columns);
      const inRow = Math.floor((i - row * columns) / group);
      const entry = row * places + inRow;
      const scale = scales.values[entry - scales.first];
      const shift = zeroAt(row, inRow);
      const bias = extra === "bias" ? more.values[entry - more.first] : 0;
      const stop = Math.min(end, row * columns + (inRow + 1) * group);
      for (; i < stop; i++, to += step) {
        const bit = (i - first) * bits;
        const byte = Math.floor(bit / 8);
        const two = inOneByte ? bytes[byte] : bytes[byte] | (bytes[byte + 1] << 8);
        out[to] = (((two >> (bit % 8)) & mask) - shift) * scale + bias;
      }
    }
  };
}
