import { tunedNumbers } from "./tuned-numbers.mjs";

/** Elements that are drawn; a longer stretch has them over and over, which no kernel can tell. */
const DRAWN = 2 ** 18;

/** @param {16 | 32} bits @param {number} count */
const words = (bits, count) => (bits === 16 ? new Uint16Array(count) : new Uint32Array(count));

/**
 * A pair as tuning leaves it, both sides of one dtype.
 *
 * @param {"BF16" | "F16" | "F32"} dtype
 * @param {number} count elements
 * @param {(dtype: "BF16" | "F16" | "F32", value: number) => number} roundToBits
 * @returns {import("../../src/kernels/engine.ts").Stretch}
 */
export function tunedStretch(dtype, count, roundToBits) {
  const bits = dtype === "F32" ? 32 : 16;
  const drawn = Math.min(count, DRAWN);
  const sides = [words(bits, drawn), words(bits, drawn)];
  tunedNumbers(bits)(sides[0], sides[1], (value) => roundToBits(dtype, value));
  const [a, b] = sides.map((side) => {
    const whole = new Uint8Array((count * bits) / 8);
    for (let at = 0; at < whole.length; at += side.byteLength) {
      whole.set(new Uint8Array(side.buffer, 0, Math.min(side.byteLength, whole.length - at)), at);
    }
    return whole;
  });
  return { dtypeA: dtype, a, dtypeB: dtype, b, count };
}
