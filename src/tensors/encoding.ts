import type { Span } from "../bytes/span.ts";
import { DTYPE_BITS, type Dtype } from "../safetensors/dtype.ts";

/** A stored tensor that decoding another one takes: scales, zero points, tables. Read besides the view's own bytes. */
export interface Auxiliary {
  /** Index into the checkpoint's files. */
  file: number;
  span: Span;
  dtype: Dtype;
  /** `entries` of it belong to every `elements` of the encoded tensor, in order; where absent, it is always read whole. */
  per?: { elements: number; entries: number };
}

/** Entries of an auxiliary tensor from `first` on. */
export interface AuxiliaryRange {
  file: number;
  span: Span;
  dtype: Dtype;
  first: number;
}

/** The numbers in such a range. */
export interface AuxiliaryValues {
  values: Float64Array;
  first: number;
}

interface Common {
  /** What a person calls the scheme: "FP8 in blocks of 128 × 128", "NF4". */
  name: string;
  /** Position in the encoded tensor of the element that the view's span begins with. */
  first: number;
  /** Bits of the span that each element takes, in order; null where the elements lie in another order than row by row. */
  bits: number | null;
  auxiliary: readonly Auxiliary[];
}

/** Floats of a byte or less that no kernel takes as they are. No auxiliary tensors. */
export interface NarrowEncoding extends Common {
  scheme: "narrow";
  dtype: Dtype;
}

/**
 * Bytes times a scale: value = element · scale · factor. Auxiliary: the scales, `grid` of them for each matrix of `rows` ×
 * `columns`, one for every block.
 */
export interface ScaledEncoding extends Common {
  scheme: "scaled";
  dtype: Dtype;
  rows: number;
  columns: number;
  grid: readonly [rows: number, columns: number];
  block: readonly [rows: number, columns: number];
  factor: number;
}

/**
 * 4-bit floats (E2M1) with one scale for every `group`. Auxiliary: the scales; then, where there is a `global`, one number
 * by which all are multiplied or divided.
 */
export interface MicroscaledEncoding extends Common {
  scheme: "microscaled";
  group: number;
  global: "multiply" | "divide" | null;
}

/**
 * bitsandbytes' 4-bit codes into a table. Auxiliary: absmax, the table; where absmax is itself `nested`: its absmax, its
 * table, and the state's JSON, which holds the offset.
 */
export interface TableEncoding extends Common {
  scheme: "table";
  blockSize: number;
  /** Entries of absmax for each entry of its own absmax, or null where absmax is stored as it is. */
  nested: number | null;
}

/**
 * Whole numbers of `bits` bits, the first in the lowest bits, in groups along the rows: value = (code − zero) · scale + bias.
 * Auxiliary: the scales, `places` to a row, of which the first columns / group are used; then biases, or zero points packed
 * across the rows (`zeros`) or within each (`zeros by row`); with neither the zero is `zero`.
 */
export interface GroupedEncoding extends Common {
  scheme: "grouped";
  bits: number;
  columns: number;
  group: number;
  places: number;
  zero: number;
  extra: "bias" | "zeros" | "zeros by row" | null;
}

/**
 * GPTQ: codes lie along the inputs, [inputs · bits / 32, outputs]; element (input, output) has position input · outputs +
 * output. Auxiliary: scales [groups, outputs], packed zero points, then the group of each input where `ordered`.
 */
export interface GptqEncoding extends Common {
  scheme: "gptq";
  width: number;
  inputs: number;
  outputs: number;
  group: number;
  ordered: boolean;
  /** The first version of the format stores each zero point less one. */
  lessOne: boolean;
}

/** AWQ: codes lie along the outputs, [inputs, outputs / 8], eight to a word in AWQ's own order. Auxiliary: scales, zero points. */
export interface AwqEncoding extends Common {
  scheme: "awq";
  outputs: number;
  group: number;
}

/** Numbers as they lie there: what is multiplied where a tensor needs no decoding. No auxiliary tensors. */
export interface StoredEncoding extends Common {
  scheme: "stored";
  dtype: Dtype;
}

/** The elements of another encoding, each times `factor`; its auxiliary tensors are that one's. */
export interface MultipliedEncoding extends Common {
  scheme: "multiplied";
  of: Encoding;
  factor: number;
}

/**
 * How elements come out of stored bytes that are no numbers by themselves. Plain data. Decoding gives float32: the product
 * that the scheme defines, worked out in float64 and rounded once. What a library's kernel then rounds it to (BF16, F16) is
 * not imitated.
 */
export type Encoding =
  | NarrowEncoding
  | ScaledEncoding
  | MicroscaledEncoding
  | TableEncoding
  | GroupedEncoding
  | GptqEncoding
  | AwqEncoding
  | StoredEncoding
  | MultipliedEncoding;

/** The stored bytes that were read, and the position in the encoded tensor of the first element in them. */
export interface Packed {
  bytes: Uint8Array;
  first: number;
}

/** Decodes elements `from` to `from + count` of the encoded tensor into `out[at]`, `out[at + step]`, and so on. */
export type Decoder = (
  packed: Packed,
  from: number,
  count: number,
  out: Float32Array,
  at: number,
  step: number,
) => void;

/** The ranges of the auxiliary tensors that elements `from` to `from + count` of the encoded tensor take. */
export function auxiliaryRanges({ auxiliary }: Encoding, from: number, count: number): AuxiliaryRange[] {
  return auxiliary.map(({ file, span, dtype, per }) => {
    if (!per) return { file, span, dtype, first: 0 };
    const width = DTYPE_BITS[dtype] / 8;
    const first = Math.floor(from / per.elements) * per.entries;
    const end = Math.ceil((from + count) / per.elements) * per.entries;
    const begin = span.begin + first * width;
    return { file, span: { begin, end: Math.min(span.end, span.begin + end * width) }, dtype, first };
  });
}
