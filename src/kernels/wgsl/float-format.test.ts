import { expect, test } from "vitest";
import { DTYPE_BITS } from "../../safetensors/dtype.ts";
import { NARROW_FLOATS, type NarrowFloat } from "../narrow-float.ts";
import { valueOfBits } from "../round-to-bits.ts";
import { formatWords } from "./float-format.ts";

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);
const asFloat32 = (word: number): number => {
  bits[0] = word;
  return float[0];
};

/** As the shader goes about it. */
function decode(raw: number, words: Uint32Array): number {
  const [, magnitudeMask, nonFinite, widen, rebias, firstNormal, subnormalUnit] = words;
  const magnitude = (raw & magnitudeMask) >>> 0;
  const sign = raw >>> 0 > magnitudeMask ? -1 : 1;
  if (magnitude >= nonFinite) return Number.POSITIVE_INFINITY;
  if (magnitude < firstNormal) return sign * magnitude * asFloat32(subnormalUnit);
  return sign * asFloat32(magnitude * 2 ** widen + rebias);
}

/** All bits of a narrow format, and of F32 those around its ends. */
function everyBits(dtype: NarrowFloat): number[] {
  if (dtype !== "F32") return Array.from({ length: 2 ** DTYPE_BITS[dtype] }, (_, raw) => raw);
  const sizes = [0, 1, 0x7fffff, 0x800000, 0x3f800000, 0x7f7fffff, 0x7f800000, 0x7fc00000, 0x7fffffff];
  return [...sizes, ...sizes.map((size) => size + 0x80000000)];
}

test.each(NARROW_FLOATS)("the words of %s tell what each of its bits is worth", (dtype) => {
  const words = formatWords(dtype);
  expect(32 / 2 ** words[0]).toBe(DTYPE_BITS[dtype]);
  const wrong = everyBits(dtype).filter((raw) => {
    const value = valueOfBits(dtype, raw);
    const decoded = decode(raw, words);
    return Number.isFinite(value) ? !Object.is(decoded, value) : Number.isFinite(decoded);
  });
  expect(wrong).toEqual([]);
});
