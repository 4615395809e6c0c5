import type { LowRankUpdate } from "../tensors/low-rank-update.ts";

/** The matrices of the one expert that an update is for, out of those of all. `a` and `b` are as PEFT stores them. */
export function factorsOfExpert(
  { name, rank, out, in: inner, expert }: LowRankUpdate,
  { a, b }: { a: Float64Array; b: Float64Array },
): { a: Float64Array; b: Float64Array } {
  if (!expert) return { a, b };
  const { index, of } = expert;
  if (a.length !== of * rank * inner || b.length !== out * rank * of)
    throw new RangeError(
      `The matrices of ${name} have ${a.length} and ${b.length} elements, which is not what they should.`,
    );
  // Experts take turns in the columns of B: "o r e" in PEFT's ParamWrapper.
  const own = Float64Array.from({ length: out * rank }, (_, i) => b[i * of + index]);
  return { a: a.subarray(index * rank * inner, (index + 1) * rank * inner), b: own };
}
