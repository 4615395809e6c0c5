import type { NarrowFloat } from "./narrow-float.ts";

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

/** A format that is not a part of float32's bits. */
interface SmallFormat {
  signBit: number;
  fractionBits: number;
  bias: number;
  /** The bits of the first number that is not finite, and which it would be if it were. */
  overflow: number;
  limit: number;
  infinities: boolean;
  nan: number;
}

const SMALL: Partial<Record<NarrowFloat, SmallFormat>> = {
  F16: {
    ...{ signBit: 0x8000, fractionBits: 10, bias: 15, overflow: 0x7c00, limit: 65536 },
    ...{ infinities: true, nan: 0x7e00 },
  },
  F8_E4M3: {
    ...{ signBit: 0x80, fractionBits: 3, bias: 7, overflow: 0x7f, limit: 480 },
    ...{ infinities: false, nan: 0x7f },
  },
  F8_E5M2: {
    ...{ signBit: 0x80, fractionBits: 2, bias: 15, overflow: 0x7c, limit: 65536 },
    ...{ infinities: true, nan: 0x7e },
  },
};

function roundToSmall({ signBit, fractionBits, bias, overflow, limit, nan }: SmallFormat, value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? signBit : 0;
  const size = Math.abs(value);
  if (!(size < limit)) return sign | (Number.isNaN(size) ? nan : overflow);
  float[0] = size;
  const exponent = Math.max(1 - bias, (word[0] >>> 23) - 127);
  // A fraction that rounds up to all ones and one more carries into the exponent, as it should.
  const steps = Math.round(size * 2 ** (fractionBits - exponent));
  return sign | (steps + (exponent + bias - 1) * 2 ** fractionBits);
}

function valueOfSmall({ signBit, fractionBits, bias, overflow, infinities }: SmallFormat, bits: number): number {
  const sign = bits & signBit ? -1 : 1;
  const size = bits & (signBit - 1);
  if (size >= overflow) return infinities && size === overflow ? sign / 0 : Number.NaN;
  const exponent = size >> fractionBits;
  const ones = 2 ** fractionBits;
  const significand = (size % ones) + (exponent === 0 ? 0 : ones);
  return sign * significand * 2 ** (Math.max(1, exponent) - bias - fractionBits);
}

/**
 * The bits of the number of `dtype` nearest to `value`; of two equally near ones, either. What is too large becomes
 * infinity, or NaN in F8_E4M3, which has no infinity.
 */
export function roundToBits(dtype: NarrowFloat, value: number): number {
  const small = SMALL[dtype];
  if (small) return roundToSmall(small, value);
  float[0] = value;
  if (dtype === "F32") return word[0];
  if (Number.isNaN(value)) return 0x7fc0;
  return ((word[0] + 0x8000) >>> 16) & 0xffff;
}

/** The number with these bits. */
export function valueOfBits(dtype: NarrowFloat, bits: number): number {
  const small = SMALL[dtype];
  if (small) return valueOfSmall(small, bits);
  word[0] = dtype === "F32" ? bits : bits << 16;
  return float[0];
}
