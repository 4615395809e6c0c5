import type { Span } from "../bytes/span.ts";
import type { Dtype } from "../safetensors/dtype.ts";

/**
 * A logical tensor: a shape, and how its elements come out of stored bytes. So far always one stored tensor as it lies,
 * read in row-major order from `span` of file `file` (an index into its checkpoint's `files`).
 */
export interface View {
  name: string;
  dtype: Dtype;
  shape: readonly number[];
  /** Elements. */
  count: number;
  file: number;
  span: Span;
}
