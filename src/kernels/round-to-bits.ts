import type { NarrowFloat } from "./narrow-float.ts";

const float = new Float32Array(1);
const word = new Uint32Array(float.buffer);

function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (!(size < 65520)) return sign | (Number.isNaN(size) ? 0x7e00 : 0x7c00);
  if (size < 2 ** -14) return sign | Math.round(size * 2 ** 24);
  float[0] = size;
  const exponent = (word[0] >>> 23) - 127;
  // A fraction that rounds up to 1024 carries into the exponent, as it should.
  return sign | (((exponent + 15) << 10) + Math.round((size / 2 ** exponent - 1) * 1024));
}

/** The bits of the number of `dtype` nearest to `value`; of two equally near ones, either. */
export function roundToBits(dtype: NarrowFloat, value: number): number {
  if (dtype === "F16") return halfBits(value);
  float[0] = value;
  if (dtype === "F32") return word[0];
  if (Number.isNaN(value)) return 0x7fc0;
  return ((word[0] + 0x8000) >>> 16) & 0xffff;
}

/** The number with these bits. */
export function valueOfBits(dtype: NarrowFloat, bits: number): number {
  if (dtype !== "F16") {
    word[0] = dtype === "F32" ? bits : bits << 16;
    return float[0];
  }
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign / 0 : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}
