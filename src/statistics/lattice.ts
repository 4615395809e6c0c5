import type { Dtype } from "../safetensors/dtype.ts";

/** Bits of the fraction of each floating-point dtype. Integers step evenly, not relative to their size, and are not here. */
const FRACTION_BITS: Partial<Record<Dtype, number>> = {
  F64: 52,
  F32: 23,
  F16: 10,
  BF16: 7,
  F8_E4M3: 3,
  F8_E4M3FNUZ: 3,
  F8_E5M2: 2,
  F8_E5M2FNUZ: 2,
  F6_E2M3: 3,
  F6_E3M2: 2,
  F4: 1,
  F8_E8M0: 0,
};

/**
 * The grid on which a relative change can lie. In a format of f fraction bits the next number is between 2^−(f+1) and
 * 2^−f of a number away (1/255 to 1/128 in BF16), so nothing lies between no change and 2^−(f+1).
 */
export interface Lattice {
  /** The coarser of the two dtypes. */
  dtype: Dtype;
  fractionBits: number;
  /**
   * The side that has this dtype, the other being finer: "both" put t itself on the grid, a "tuned" side adds its rounding
   * of at most half a step, and a "base" alone leaves t free.
   */
  side: "both" | "base" | "tuned";
}

/** The lattice of a pair, or null where a side is no floating-point number. */
export function latticeOf(dtypeA: Dtype, dtypeB: Dtype): Lattice | null {
  const bitsA = FRACTION_BITS[dtypeA];
  const bitsB = FRACTION_BITS[dtypeB];
  if (bitsA === undefined || bitsB === undefined) return null;
  if (bitsA === bitsB) return { dtype: dtypeA, fractionBits: bitsA, side: "both" };
  return bitsA < bitsB
    ? { dtype: dtypeA, fractionBits: bitsA, side: "base" }
    : { dtype: dtypeB, fractionBits: bitsB, side: "tuned" };
}

/** A pair's stored dtypes; no b of a model looked at alone. */
interface PairDtypes {
  a: { dtype: Dtype };
  b: { dtype: Dtype } | null;
}

/** The lattice on which the changes of all these pairs lie; pairs of several dtypes have none together, nor has a model alone. */
export function latticeOfPairs(pairs: readonly PairDtypes[]): Lattice | null {
  const [{ a, b }] = pairs;
  const isAlike = (pair: PairDtypes) => pair.a.dtype === a.dtype && pair.b?.dtype === b?.dtype;
  return b && pairs.every(isAlike) ? latticeOf(a.dtype, b.dtype) : null;
}

/** The largest relative step to the next number, that of a power of two. */
export const largestStep = ({ fractionBits }: Lattice): number => 2 ** -fractionBits;
