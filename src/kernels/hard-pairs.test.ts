import { describe, expect, it } from "vitest";
import { decode } from "../safetensors/decode.ts";
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
    const many = (holds: (x: number, y: number) => boolean) => a.filter((x, i) => holds(x, b[i])).length;
    const change = (x: number, y: number) => (y - x) / Math.abs(x);
    expect(many((x, y) => Math.abs(change(x, y) * 256) % 2 === 1)).toBeGreaterThan(100);
    expect(many((x, y) => Math.log2(Math.abs(change(x, y))) % 1 === 0)).toBeGreaterThan(100);
    for (const zero of [0, -0]) expect(many((x) => Object.is(x, zero))).toBeGreaterThan(100);
    expect(many((x, y) => x !== 0 && y === 0)).toBeGreaterThan(100);
    for (const special of [Number.NaN, 1 / 0, -1 / 0]) expect(many((x) => Object.is(x, special))).toBeGreaterThan(10);
  });

  it("reach the ends of the format where extreme", () => {
    const { a, b } = values("extreme");
    const smallest = { BF16: 2 ** -133, F16: 2 ** -24, F32: 2 ** -149 }[dtype];
    const largest = { BF16: 255 * 2 ** 120, F16: 65504, F32: (2 ** 24 - 1) * 2 ** 104 }[dtype];
    expect(a.some((x) => x !== 0 && Math.abs(x) < 100 * smallest)).toBe(true);
    expect(a.some((x) => Math.abs(x) > 0.9 * largest && Math.abs(x) <= largest)).toBe(true);
    if (dtype !== "F16") expect(a.some((x, i) => Math.abs(Math.fround(b[i] - x)) === 1 / 0 && x - x === 0)).toBe(true);
  });
});

describe("rounding to bits", () => {
  it("keeps every value of the 16-bit formats", () => {
    for (const dtype of ["BF16", "F16"] as const) {
      const bits = Array.from({ length: 65536 }, (_, i) => i);
      const kept = (i: number) =>
        Number.isNaN(valueOfBits(dtype, i)) || roundToBits(dtype, valueOfBits(dtype, i)) === i;
      expect(bits.findIndex((i) => !kept(i))).toBe(-1);
    }
  });

  it("agrees with decode, and rounds to a nearest value", () => {
    const all = Uint16Array.from({ length: 65536 }, (_, i) => i);
    for (const dtype of ["BF16", "F16"] as const) {
      const values = decode(dtype, new Uint8Array(all.buffer), all.length);
      expect(values.findIndex((value, i) => !Object.is(value, valueOfBits(dtype, i)))).toBe(-1);
    }
    expect(valueOfBits("F16", roundToBits("F16", 1 + 0.4 * 2 ** -10))).toBe(1);
    expect(valueOfBits("F16", roundToBits("F16", 1 + 0.6 * 2 ** -10))).toBe(1 + 2 ** -10);
    expect(valueOfBits("BF16", roundToBits("BF16", -1.999))).toBe(-2);
    expect(valueOfBits("F16", roundToBits("F16", 1e6))).toBe(1 / 0);
  });
});
