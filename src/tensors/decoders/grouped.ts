import type { AuxiliaryValues, Decoder, GroupedEncoding } from "../encoding.ts";

/**
 * Whole numbers of 2, 4 or 8 bits in rows of groups: compressed-tensors' `weight_packed` (codes shifted up by half their
 * range; zero points packed the same way along the rows) and mlx (`scales` and `biases`).
 */
export function groupedDecoder(encoding: GroupedEncoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  const { bits, columns, group, zero, extra } = encoding;
  const [scales, more] = auxiliary;
  const mask = 2 ** bits - 1;
  const groups = columns / group;
  const perWord = 32 / bits;
  const zeroAt = (row: number, inRow: number): number => {
    if (extra !== "zeros") return zero;
    const word = more.values[Math.floor(row / perWord) * groups + inRow - more.first];
    return (word >> ((row % perWord) * bits)) & mask;
  };
  return ({ bytes, first }, from, count, out, at, step) => {
    const end = from + count;
    let to = at;
    for (let i = from; i < end; ) {
      const entry = Math.floor(i / group);
      const scale = scales.values[entry - scales.first];
      const row = Math.floor(entry / groups);
      const shift = zeroAt(row, entry - row * groups);
      const bias = extra === "bias" ? more.values[entry - more.first] : 0;
      const stop = Math.min(end, (entry + 1) * group);
      for (; i < stop; i++, to += step) {
        const bit = (i - first) * bits;
        out[to] = (((bytes[Math.floor(bit / 8)] >> (bit % 8)) & mask) - shift) * scale + bias;
      }
    }
  };
}
