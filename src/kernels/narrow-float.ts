import type { Dtype } from "../safetensors/dtype.ts";

/** The dtypes whose values are float32 numbers; the fast engines compute pairs of these and of no others. */
export const NARROW_FLOATS = ["BF16", "F16", "F32"] as const;
export type NarrowFloat = (typeof NARROW_FLOATS)[number];

/** `dtype` as a narrow float. Throws a RangeError on any other: the caller should have asked the reference engine. */
export function narrowFloat(dtype: Dtype): NarrowFloat {
  const found = NARROW_FLOATS.find((each) => each === dtype);
  if (!found) throw new RangeError(`${dtype} is not a float32 number; only the reference engine computes it.`);
  return found;
}
