import type { Adapted } from "../kernels/low-rank/fill-adapted.ts";
import type { LowRankUpdate, StoredIn } from "../tensors/low-rank-update.ts";
import { lowRankFactors } from "./low-rank-factors.ts";

/** The adapter's tensors that an update takes: A, B, the alpha where it is stored, the magnitude where there is one. */
export const updateTensors = ({ a, b, alpha, magnitude }: LowRankUpdate): StoredIn[] => [
  ...[a, b],
  ...(typeof alpha === "number" ? [] : [alpha]),
  ...(magnitude ? [magnitude] : []),
];

/** An update made ready, from the numbers of `updateTensors(update)` in their order. Throws a RangeError where some are missing. */
export function adaptedBy(update: LowRankUpdate, numbers: readonly Float64Array[]): Adapted {
  const [a, b, ...rest] = numbers;
  const alpha = typeof update.alpha === "number" ? undefined : rest.shift();
  const [magnitude] = rest;
  if (!a || !b || (update.magnitude && magnitude?.length !== update.out))
    throw new RangeError(`The numbers of ${update.name} are not all there.`);
  const factors = lowRankFactors(update, { a, b, ...(alpha ? { alpha } : {}) });
  return { factors, ...(update.magnitude && magnitude ? { magnitude } : {}) };
}
