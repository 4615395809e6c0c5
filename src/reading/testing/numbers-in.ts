import { locationsOf } from "../../tensors/testing/memory-checkpoint.ts";
import type { View } from "../../tensors/view.ts";
import { type ReadTensorOptions, readTensor } from "../read-tensor.ts";

/** For tests: elements of a view of files in memory, read as the engine reads them. */
export async function numbersIn(
  files: readonly Uint8Array<ArrayBuffer>[],
  view: View,
  options?: ReadTensorOptions,
): Promise<number[]> {
  return [...(await readTensor(view, locationsOf(files), options))];
}
