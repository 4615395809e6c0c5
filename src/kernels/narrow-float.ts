import type { Dtype } from "../safetensors/dtype.ts";

/** The dtypes whose values are float32 numbers; the fast engines compute pairs of these and of no others. */
export const NARROW_FLOATS = ["BF16", "F16", "F32", "F8_E4M3", "F8_E5M2"] as const;
export type NarrowFloat = (typeof NARROW_FLOATS)[number];

/** A base's dtype and a tuned one's. */
export type NarrowPair = readonly [dtypeA: NarrowFloat, dtypeB: NarrowFloat];

/** All pairs that a fast engine serves. */
export const NARROW_PAIRS: readonly NarrowPair[] = NARROW_FLOATS.flatMap((dtypeA) =>
  NARROW_FLOATS.map((dtypeB): NarrowPair => [dtypeA, dtypeB]),
);

export const isNarrowFloat = (dtype: Dtype): dtype is NarrowFloat => NARROW_FLOATS.some((each) => each === dtype);

/** `dtype` as a narrow float. Throws a RangeError on any other: the caller should have asked the reference engine. */
export function narrowFloat(dtype: Dtype): NarrowFloat {
  if (!isNarrowFloat(dtype)) {
    throw new RangeError(`${dtype} is not a float32 number; only the reference engine computes it.`);
  }
  return dtype;
}
