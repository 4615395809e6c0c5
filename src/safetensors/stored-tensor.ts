import type { Span } from "../bytes/span.ts";
import type { Dtype } from "./dtype.ts";

/** One entry of a safetensors header. `span` is counted from the file's first byte (not from the data section). */
export interface StoredTensor {
  name: string;
  dtype: Dtype;
  shape: readonly number[];
  span: Span;
}

export interface SafetensorsHeader {
  tensors: readonly StoredTensor[];
  metadata: ReadonlyMap<string, string>;
  /** Length in bytes of the file this header describes. */
  fileSize: number;
}
