/** ΔW = scale · left · right as it lies in the base, row-major: `rows` × `columns`, a kernel counted among the columns. */
export interface LowRankFactors {
  rows: number;
  columns: number;
  rank: number;
  scale: number;
  /** rows × rank, row-major. */
  left: Float64Array;
  /** rank × columns, row-major. */
  right: Float64Array;
  /** A faster way to what `lowRankProduct` gives, to the last bit; it need not look whether that is in the matrix. */
  product?: (out: Float64Array, from: number) => void;
  /** The same of what `addLowRank` gives over float32. */
  add?: (out: Float32Array, base: Float32Array, from: number) => void;
}

/** What makes a weight of the tuned model out of the base's: the arranged matrices, and DoRA's m where it is one. */
export interface Adapted {
  factors: LowRankFactors;
  /** One number per row. */
  magnitude?: Float64Array;
}
