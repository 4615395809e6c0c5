import type { FileLocation } from "../bytes/file-location.ts";
import { createReferenceEngine } from "../kernels/reference/reference-engine.ts";
import type { Side } from "../pairing/pair.ts";
import type { View } from "../tensors/view.ts";
import { elementsFold } from "./folds/elements-fold.ts";
import { sliceOf } from "./read-plan.ts";
import { scanRun } from "./scan-run.ts";
import type { Segment } from "./segment.ts";
import { localComputer } from "./stretch-computer.ts";

export interface ReadTensorOptions {
  /** Elements `from` to `from + count`, row by row; all of them unless told. */
  from?: number;
  count?: number;
  signal?: AbortSignal;
  onBytes?(side: Side, bytes: number): void;
}

const reference = createReferenceEngine();
const computer = localComputer(reference, reference);

/**
 * Reads a tensor and decodes it: float32 wherever that holds its elements exactly, else float64. Nothing but what it takes is
 * read; `files` has where those of its checkpoint lie, by index. Rejects with a ReadError, with the RangeError of a decoder,
 * and of what an adapter's update makes, which has no elements without its base.
 */
export async function readTensor(
  view: View,
  files: readonly FileLocation[],
  { from = 0, count = view.count - from, ...options }: ReadTensorOptions = {},
): Promise<Float32Array | Float64Array> {
  if (view.update) throw new RangeError(`${view.name} is computed from the tensor that it changes.`);
  const segment: Segment = {
    position: 0,
    pair: 0,
    slice: 0,
    from,
    count,
    columns: view.shape.at(-1) ?? 1,
    a: sliceOf(view, from, count, true),
    b: null,
    adapter: null,
  };
  const all = new Map(files.entries());
  const parts: Parameters<typeof elementsFold.merge>[0][number][] = [];
  await scanRun(
    { id: 0, segments: [segment], folds: ["elements"], files: { a: all, b: new Map(), adapter: new Map() } },
    computer,
    {
      signal: options.signal ?? new AbortController().signal,
      endEarly: () => false,
      onBytes: (side, bytes) => options.onBytes?.(side, bytes),
      onSegment: (_, { elements }) => elements && parts.push(elements),
    },
  );
  return elementsFold.finish(elementsFold.merge(parts)).a;
}
