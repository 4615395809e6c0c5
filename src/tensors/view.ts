import type { Span } from "../bytes/span.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import type { Encoding } from "./encoding.ts";
import type { LowRankUpdate } from "./low-rank-update.ts";
import type { Order } from "./order.ts";

/**
 * A logical tensor: a shape, and how its elements come out of stored bytes. Usually one stored tensor as it lies, read in
 * row-major order from `span` of file `file` (an index into its checkpoint's `files`).
 */
export interface View {
  name: string;
  /** Of the elements as they are computed with: F32 where they are decoded on the way. */
  dtype: Dtype;
  shape: readonly number[];
  /** Elements. */
  count: number;
  file: number;
  span: Span;
  /** How elements come out of the span's bytes, where they do not lie there as they are. */
  encoding?: Encoding;
  /** Which of the span's elements these are, where they are not all of them row by row. Such a span is read whole. */
  order?: Order;
  /** An adapter's update, by which the elements are computed from the base's, or which they are where there is no base. */
  update?: LowRankUpdate;
  /**
   * Whether its last two axes are [inputs, outputs], where an `nn.Linear` has [outputs, inputs]. Absent where the family does
   * not say.
   */
  inputMajor?: boolean;
  /** Its outputs are by turns gate and up. */
  alternating?: true;
  /** How it was stored, as a saved comparison says it, where no encoding does: it cannot be read from there. */
  storedAs?: string;
  /** The stored bytes do not tell the shape, only the number of elements. */
  unshaped?: true;
}

/** What a person calls the type that it is stored in: the scheme of what is decoded, else the dtype. */
export const storedType = ({ encoding, storedAs, dtype }: Pick<View, "encoding" | "storedAs" | "dtype">): string =>
  encoding?.name ?? storedAs ?? dtype;

/** Bytes of what a pair has read whole, both sides together, at most: that much memory a worker can spare. */
export const WHOLE_BYTES = 256 * 2 ** 20;

/** Whether the elements need any work before a kernel can take them. */
export const isPlain = ({ encoding, order, update }: Pick<View, "encoding" | "order" | "update">): boolean =>
  !encoding && !order && !update;
