import { describe, expect, it } from "vitest";
import { decode } from "../safetensors/decode.ts";
import { DTYPE_BITS } from "../safetensors/dtype.ts";
import { hardPairs } from "./hard-pairs.ts";
import { NARROW_FLOATS } from "./narrow-float.ts";
import { roundToBits, valueOfBits } from "./round-to-bits.ts";

const COUNT = 18 * 2048;

describe.each(NARROW_FLOATS)("hard pairs of %s", (dtype) => {
  const values = (hardness: "plain" | "extreme") => {
    const stretch = hardPairs(dtype, dtype, 4, COUNT, hardness);
    return { a: decode(dtype, stretch.a, COUNT), b: decode(dtype, stretch.b, COUNT) };
  };

  it("are the same for the same arguments and differ by seed", () => {
    expect(hardPairs(dtype, "F32", 4, 5000)).toEqual(hardPairs(dtype, "F32", 4, 5000));
    expect(hardPairs(dtype, "F32", 4, 5000).a).not.toEqual(hardPairs(dtype, "F32", 5, 5000).a);
  });

  it("stay within WGSL's window where plain", () => {
    for (const side of Object.values(values("plain"))) {
      const sizes = side.map(Math.abs).filter((size) => size > 0 && size < Number.POSITIVE_INFINITY);
      expect(Math.min(...sizes)).toBeGreaterThanOrEqual(2 ** -40);
      expect(Math.max(...sizes)).toBeLessThan(2 ** 40);
    }
  });

  it("hold what is hard: ties, zeros of both signs, NaN, infinities", () => {
    const { a, b } = values("plain");
    const byte = dtype.startsWith("F8");
    const many = (holds: (x: number, y: number) => boolean) => a.filter((x, i) => holds(x, b[i])).length;
    const change = (x: number, y: number) => (y - x) / Math.abs(x);
    expect(many((x, y) => Math.abs(change(x, y) * 256) % 2 === 1)).toBeGreaterThan(byte ? 20 : 100);
    expect(many((x, y) => Math.log2(Math.abs(change(x, y))) % 1 === 0)).toBeGreaterThan(100);
    for (const zero of [0, -0]) expect(many((x) => Object.is(x, zero))).toBeGreaterThan(100);
    expect(many((x, y) => x !== 0 && y === 0)).toBeGreaterThan(100);
    const specials = dtype === "F8_E4M3" ? [Number.NaN] : [Number.NaN, 1 / 0, -1 / 0];
    for (const special of specials) expect(many((x) => Object.is(x, special))).toBeGreaterThan(10);
  });

  it("reach the ends of the format where extreme", () => {
    const { a, b } = values("extreme");
    const [smallest, largest] = {
      BF16: [2 ** -133, 255 * 2 ** 120],
      F16: [2 ** -24, 65504],
      F32: [2 ** -149, (2 ** 24 - 1) * 2 ** 104],
      F8_E4M3: [2 ** -9, 448],
      F8_E5M2: [2 ** -16, 57344],
    }[dtype];
    expect(a.some((x) => x !== 0 && Math.abs(x) < 100 * smallest)).toBe(true);
    expect(a.some((x) => Math.abs(x) > 0.9 * largest && Math.abs(x) <= largest)).toBe(true);
    if (dtype === "BF16" || dtype === "F32")
      expect(a.some((x, i) => Math.abs(Math.fround(b[i] - x)) === 1 / 0 && x - x === 0)).toBe(true);
  });
});

describe("rounding to bits", () => {
  it("keeps every value of the 16-bit and 8-bit formats", () => {
    for (const dtype of NARROW_FLOATS.filter((each) => each !== "F32")) {
      const bits = Array.from({ length: 2 ** DTYPE_BITS[dtype] }, (_, i) => i);
      const kept = (i: number) =>
        Number.isNaN(valueOfBits(dtype, i)) || roundToBits(dtype, valueOfBits(dtype, i)) === i;
      expect(bits.findIndex((i) => !kept(i))).toBe(-1);
    }
  });

  it("agrees with decode, and rounds to a nearest value", () => {
    for (const dtype of NARROW_FLOATS.filter((each) => each !== "F32")) {
      const length = 2 ** DTYPE_BITS[dtype];
      const all = length === 256 ? new Uint8Array(length) : new Uint16Array(length);
      for (let i = 0; i < length; i++) all[i] = i;
      const values = decode(dtype, new Uint8Array(all.buffer), all.length);
      expect(values.findIndex((value, i) => !Object.is(value, valueOfBits(dtype, i)))).toBe(-1);
    }
    expect(valueOfBits("F16", roundToBits("F16", 1 + 0.4 * 2 ** -10))).toBe(1);
    expect(valueOfBits("F16", roundToBits("F16", 1 + 0.6 * 2 ** -10))).toBe(1 + 2 ** -10);
    expect(valueOfBits("BF16", roundToBits("BF16", -1.999))).toBe(-2);
    expect(valueOfBits("F16", roundToBits("F16", 1e6))).toBe(1 / 0);
    expect(valueOfBits("F8_E5M2", roundToBits("F8_E5M2", -7e4))).toBe(-1 / 0);
    expect(roundToBits("F8_E4M3", 463)).toBe(0x7e);
    expect(valueOfBits("F8_E4M3", roundToBits("F8_E4M3", 465))).toBeNaN();
    expect(valueOfBits("F8_E4M3", roundToBits("F8_E4M3", 0.9 * 2 ** -9))).toBe(2 ** -9);
  });
});
