import type { AuxiliaryValues, Decoder, TableEncoding } from "../encoding.ts";

const UNREADABLE =
  "The state of a bitsandbytes weight cannot be read: it is damaged, or of a version that is not known here.";

/** The number that bitsandbytes subtracts from absmax before it quantises that, too: `nested_offset` of the state's JSON. */
function offsetIn(state: AuxiliaryValues): number {
  let offset: unknown;
  try {
    offset = JSON.parse(new TextDecoder().decode(Uint8Array.from(state.values))).nested_offset;
  } catch (cause) {
    throw new SyntaxError(UNREADABLE, { cause });
  }
  if (typeof offset !== "number") throw new SyntaxError(UNREADABLE);
  return offset;
}

/** absmax as float32, each step rounded as bitsandbytes does it (`dequantize_blockwise`, then the offset). */
function absmaxOf({ nested }: TableEncoding, auxiliary: readonly AuxiliaryValues[]): AuxiliaryValues {
  const [absmax, , scales, table, state] = auxiliary;
  if (nested === null) return absmax;
  const offset = Math.fround(offsetIn(state));
  const values = absmax.values.map((code, i) => {
    const scale = scales.values[Math.floor((absmax.first + i) / nested) - scales.first];
    return Math.fround(Math.fround(table.values[code] * scale) + offset);
  });
  return { values, first: absmax.first };
}

/** bitsandbytes NF4 and FP4 (QLoRA, arXiv 2305.14314): the upper half of a byte comes first. */
export function tableDecoder(encoding: TableEncoding, auxiliary: readonly AuxiliaryValues[]): Decoder {
  const { blockSize } = encoding;
  const absmax = absmaxOf(encoding, auxiliary);
  const table = auxiliary[1].values;
  return ({ bytes, first }, from, count, out, at, step) => {
    const end = from + count;
    let to = at;
    for (let i = from; i < end; ) {
      const block = Math.floor(i / blockSize);
      const scale = absmax.values[block - absmax.first];
      const stop = Math.min(end, (block + 1) * blockSize);
      for (; i < stop; i++, to += step) {
        const place = i - first;
        out[to] = table[(bytes[place >> 1] >> (4 - (place & 1) * 4)) & 15] * scale;
      }
    }
  };
}
