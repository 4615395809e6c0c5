import type { Adapted, LowRankFactors } from "../kernels/low-rank/low-rank-factors.ts";
import { type LowRankUpdate, type StoredIn, scaleOf } from "../tensors/low-rank-update.ts";
import { factorsOfExpert } from "./factors-of-expert.ts";

/** The adapter's tensors that an update takes: A, B, the alpha where it is stored, the magnitude where there is one. */
export const updateTensors = ({ a, b, alpha, magnitude }: LowRankUpdate): StoredIn[] => [
  ...[a, b],
  ...(typeof alpha === "number" ? [] : [alpha]),
  ...(magnitude ? [magnitude] : []),
];

/** An update made ready, from the numbers of `updateTensors(update)` in their order. Throws a RangeError where some are missing. */
export function arrangeUpdate(update: LowRankUpdate, numbers: readonly Float64Array[]): Adapted {
  const [a, b, ...rest] = numbers;
  const alpha = typeof update.alpha === "number" ? undefined : rest.shift();
  const [magnitude] = rest;
  if (!a || !b || (update.magnitude && magnitude?.length !== update.out))
    throw new RangeError(`The numbers of ${update.name} are not all there.`);
  const factors = lowRankFactors(update, { a, b, ...(alpha ? { alpha } : {}) });
  return { factors, ...(update.magnitude && magnitude ? { magnitude } : {}) };
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
