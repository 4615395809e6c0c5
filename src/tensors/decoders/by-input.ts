import type { AuxiliaryValues } from "../encoding.ts";

/** A code of `width` bits at `position` of a row of 32-bit words that begins at `from`, the first code in the lowest bits. */
export function unpackWords(words: ArrayLike<number>, from: number, position: number, width: number): number {
  const bit = position * width;
  const at = from + Math.floor(bit / 32);
  const shift = bit % 32;
  const low = words[at] >>> shift;
  return (shift + width > 32 ? low | (words[at + 1] << (32 - shift)) : low) & (2 ** width - 1);
}

/** The zero points for every scale [groups, outputs], by the row of scales and the output. */
export const zerosFor = (
  { values }: AuxiliaryValues,
  outputs: number,
  zeroAt: (row: number, output: number) => number,
): Float64Array => values.map((_, entry) => zeroAt(Math.floor(entry / outputs), entry % outputs));

/** `count` outputs of one input, from `output` on, which are elements `done` and so on of those that were asked for. */
export type InputVisit = (input: number, output: number, count: number, done: number) => void;

/** Cuts elements `from` to `from + count` of a tensor [inputs, outputs] where an input ends. */
export function forEachInput(outputs: number, from: number, count: number, visit: InputVisit): void {
  for (let done = 0; done < count; ) {
    const input = Math.floor((from + done) / outputs);
    const output = from + done - input * outputs;
    const length = Math.min(count - done, outputs - output);
    visit(input, output, length, done);
    done += length;
  }
}
