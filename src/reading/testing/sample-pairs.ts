import type { Pair } from "../../pairing/pair.ts";
import { DTYPE_BITS, type Dtype } from "../../safetensors/dtype.ts";
import type { View } from "../../tensors/view.ts";

/** Where one side of a pair lies: dtype, index of the file, first byte. */
export type SampleSide = readonly [dtype: Dtype, file: number, begin: number];

export interface SampleTensor {
  count: number;
  a: SampleSide;
  /** Null where A is looked at alone. */
  b: SampleSide | null;
}

function viewOf(name: string, count: number, [dtype, file, begin]: SampleSide): View {
  const end = begin + (count * DTYPE_BITS[dtype]) / 8;
  return { name, dtype, shape: [count], count, file, span: { begin, end } };
}

/** For tests: pairs that lie where they are told to, named `tensor.0`, `tensor.1`, … */
export function samplePairs(tensors: readonly SampleTensor[]): Pair[] {
  return tensors.map(({ count, a, b }, index) => {
    const name = `tensor.${index}`;
    const place = { role: "other", module: name, stack: "", layer: null, group: "other" } as const;
    const [viewA, viewB] = [viewOf(name, count, a), b && viewOf(name, count, b)];
    return { index, name, nameB: b ? name : "", a: viewA, b: viewB, adapter: null, place, count };
  });
}
