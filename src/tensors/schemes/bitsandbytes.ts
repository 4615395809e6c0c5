import { spanLength } from "../../bytes/span.ts";
import type { Auxiliary, TableEncoding } from "../encoding.ts";
import { auxiliary, countOf, misfit, type Scheme } from "./scheme.ts";

const BLOCK_SIZES = [64, 128, 256, 512, 1024, 2048, 4096, 32];

const blockOf = (elements: number, blocks: number, sizes: readonly number[]): number | undefined =>
  sizes.find((size) => Math.ceil(elements / size) === blocks);

/**
 * bitsandbytes NF4 and FP4. Stored are two elements to a byte and no shape: that stands in a JSON of its own for each
 * tensor, which would take a request each to read before anything can be paired. The partner's shape says it as well.
 */
export const bitsandbytes: Scheme = (stored, { find }) => {
  const { name, span } = stored.tensor;
  const [absmax, map] = [find(`${name}.absmax`), find(`${name}.quant_map`)];
  const kind = absmax && ["nf4", "fp4"].find((each) => find(`${name}.quant_state.bitsandbytes__${each}`));
  if (!kind || !map) return null;
  const state = find(`${name}.quant_state.bitsandbytes__${kind}`);
  const [nestedAbsmax, nestedMap] = [find(`${name}.nested_absmax`), find(`${name}.nested_quant_map`)];
  const parts = [absmax, map, nestedAbsmax, nestedMap, state].flatMap((each) => each ?? []);
  const uses = parts.map(({ tensor }) => tensor.name);
  const scheme = kind.toUpperCase();
  const count = spanLength(span) * 2;
  const blockSize = blockOf(count, countOf(absmax.tensor.shape), BLOCK_SIZES);
  if (blockSize === undefined) return { reason: misfit(scheme, name, [count], absmax), uses };
  let nested: number | null = null;
  const read: Auxiliary[] = [auxiliary(absmax, { elements: blockSize, entries: 1 }), auxiliary(map)];
  if (absmax.tensor.dtype === "U8") {
    const size =
      nestedAbsmax && blockOf(countOf(absmax.tensor.shape), countOf(nestedAbsmax.tensor.shape), [256, ...BLOCK_SIZES]);
    if (!nestedAbsmax || !nestedMap || !state || size === undefined)
      return { reason: `${name} is quantised (${scheme}), and its nested scales are not complete.`, uses };
    nested = size;
    const inStep = { elements: blockSize * size, entries: 1 };
    read.push(auxiliary(nestedAbsmax, inStep), auxiliary(nestedMap), auxiliary(state));
  }
  const encoding: TableEncoding = {
    ...{ scheme: "table", name: scheme, first: 0, bits: 4, blockSize, nested, auxiliary: read },
  };
  const shape = [count, 1];
  const view = { name, dtype: "F32", shape, count, file: stored.file, span, encoding, unshaped: true } as const;
  return { view, uses };
};
