import { describe, expect, test } from "vitest";
import { NARROW_FLOATS } from "../kernels/narrow-float.ts";
import { roundToBits, valueOfBits } from "../kernels/round-to-bits.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { largestStep, latticeOf } from "./lattice.ts";

describe.each(NARROW_FLOATS)("%s", (dtype) => {
  const lattice = latticeOf(dtype, dtype);
  if (!lattice) throw new Error("a float has a lattice");

  test("steps to the next number are between half of the largest and the largest", () => {
    const bits = roundToBits(dtype, 1);
    const steps: number[] = [];
    // All numbers from 1 to 2, or the first thousand of them.
    for (let i = 0; i < Math.min(1000, 2 ** lattice.fractionBits); i++) {
      const value = valueOfBits(dtype, bits + i);
      steps.push((valueOfBits(dtype, bits + i + 1) - value) / value);
    }
    expect(Math.max(...steps)).toBe(largestStep(lattice));
    expect(Math.min(...steps)).toBeGreaterThan(largestStep(lattice) / 2);
  });
});

test.each<[Dtype, Dtype, ReturnType<typeof latticeOf>]>([
  ["BF16", "BF16", { dtype: "BF16", fractionBits: 7, side: "both" }],
  ["BF16", "F32", { dtype: "BF16", fractionBits: 7, side: "base" }],
  ["F32", "BF16", { dtype: "BF16", fractionBits: 7, side: "tuned" }],
  ["F16", "BF16", { dtype: "BF16", fractionBits: 7, side: "tuned" }],
  ["F8_E4M3", "BF16", { dtype: "F8_E4M3", fractionBits: 3, side: "base" }],
  ["F64", "F32", { dtype: "F32", fractionBits: 23, side: "tuned" }],
  ["I8", "I8", null],
  ["BF16", "U8", null],
])("%s and %s", (a, b, expected) => expect(latticeOf(a, b)).toEqual(expected));
