import { type LowRankUpdate, scaleOf } from "../tensors/low-rank-update.ts";
import { factorsOfExpert } from "./factors-of-expert.ts";

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

/** The numbers of an update's stored tensors, decoded, in the order in which they are stored. */
export interface UpdateElements {
  a: Float64Array;
  b: Float64Array;
  /** The stored alpha, where there is one. */
  alpha?: Float64Array;
}

/** A matrix of `rows` × `columns`, out of elements that lie like this or, with `transposed`, the other way round. */
function matrix(elements: Float64Array, rows: number, columns: number, transposed: boolean): Float64Array {
  if (!transposed) return elements;
  const turned = new Float64Array(elements.length);
  for (let column = 0; column < columns; column++)
    for (let row = 0; row < rows; row++) turned[row * columns + column] = elements[column * rows + row];
  return turned;
}

/** Arranges an update's matrices. Throws a RangeError where numbers are missing. */
export function lowRankFactors(update: LowRankUpdate, { alpha, ...stored }: UpdateElements): LowRankFactors {
  const { name, rank, out, transposed } = update;
  const { a, b } = factorsOfExpert(update, stored);
  if (a.length !== rank * update.in || b.length !== out * rank)
    throw new RangeError(
      `The matrices of ${name} have ${a.length} and ${b.length} elements, which is not what they should.`,
    );
  const scale = scaleOf(update, alpha?.[0]);
  // (B·A)ᵀ = Aᵀ·Bᵀ.
  return transposed
    ? {
        ...{ rows: update.in, columns: out, rank, scale },
        left: matrix(a, update.in, rank, !update.a.transposed),
        right: matrix(b, rank, out, !update.b.transposed),
      }
    : {
        ...{ rows: out, columns: update.in, rank, scale },
        left: matrix(b, out, rank, update.b.transposed),
        right: matrix(a, rank, update.in, update.a.transposed),
      };
}
