import type { Pair } from "../pairing/pair.ts";
import { type Lattice, latticeOf } from "../statistics/lattice.ts";

/** The lattice on which the changes of all these pairs lie; pairs of several dtypes have none together, nor has a model alone. */
export function latticeOfPairs(pairs: readonly Pair[]): Lattice | null {
  const [{ a, b }] = pairs;
  const isAlike = (pair: Pair) => pair.a.dtype === a.dtype && pair.b?.dtype === b?.dtype;
  return b && pairs.every(isAlike) ? latticeOf(a.dtype, b.dtype) : null;
}
