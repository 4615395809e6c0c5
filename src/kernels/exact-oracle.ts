import { DTYPE_BITS, type Dtype } from "../safetensors/dtype.ts";
import type { Stretch } from "./engine.ts";
import { emptyPairStats, type PairStats } from "./pair-stats.ts";

/*
 * For tests only. PairStats by the letter of the contract, in integers of any length, sharing no code and no method with
 * the engines: every value is a whole number of the smallest subnormal, every bin is found by dividing whole numbers.
 * About 300,000 pairs per second for narrow floats, a tenth of that for F64.
 */

/** A format of IEEE 754, or an 8-bit float in its manner: the bits after the sign, and the unit 2^−unit that all its numbers are multiples of. */
interface Format {
  exponentBits: number;
  fractionBits: number;
  /** Only all ones is NaN, and nothing is infinite. */
  finiteOnly?: boolean;
}

const FORMATS: Partial<Record<Dtype, Format>> = {
  F8_E4M3: { exponentBits: 4, fractionBits: 3, finiteOnly: true },
  F8_E5M2: { exponentBits: 5, fractionBits: 2 },
  F16: { exponentBits: 5, fractionBits: 10 },
  BF16: { exponentBits: 8, fractionBits: 7 },
  F32: { exponentBits: 8, fractionBits: 23 },
  F64: { exponentBits: 11, fractionBits: 52 },
};

/** What pairs are computed in: float32, or float64 where a side is F64 or whole numbers. */
interface Arithmetic {
  precision: number;
  /** All numbers are multiples of 2^−unit. */
  unit: number;
  /** The first power of two that is too large. */
  limit: number;
}
const FLOAT32: Arithmetic = { precision: 24, unit: 149, limit: 128 };
const FLOAT64: Arithmetic = { precision: 53, unit: 1074, limit: 1024 };

const abs = (n: bigint): bigint => (n < 0n ? -n : n);

function bitLength(n: bigint): number {
  const digits = abs(n).toString(16);
  return digits.length * 4 - Math.clz32(Number.parseInt(digits[0], 16)) + 28;
}

/** Rounded to `precision` significant bits, ties to even; null beyond the largest finite number. */
function rounded(n: bigint, { precision, unit, limit }: Arithmetic): bigint | null {
  const cut = BigInt(Math.max(0, bitLength(n) - precision));
  let head = abs(n) >> cut;
  const rest = abs(n) - (head << cut);
  const half = cut === 0n ? 1n : 1n << (cut - 1n);
  if (rest > half || (rest === half && head % 2n === 1n)) head += 1n;
  const result = head << cut;
  if (result >> BigInt(limit + unit)) return null;
  return n < 0n ? -result : result;
}

/** The double that equals n·2^−unit, for n of at most 53 significant bits. */
function toNumber(n: bigint, unit: number): number {
  const cut = Math.max(0, bitLength(n) - 53);
  return Number(n >> BigInt(cut)) * 2 ** (cut - unit);
}

function readBits(bytes: Uint8Array, at: number, width: number): bigint {
  let bits = 0n;
  for (let i = width - 1; i >= 0; i--) bits = (bits << 8n) | BigInt(bytes[at + i]);
  return bits;
}

/** Element `index` as a multiple of 2^−unit; null where it is not finite. */
function readElement(dtype: Dtype, bytes: Uint8Array, index: number, arithmetic: Arithmetic): bigint | null {
  const bitsWide = DTYPE_BITS[dtype];
  const bits = readBits(bytes, (index * bitsWide) / 8, bitsWide / 8);
  const format = FORMATS[dtype];
  if (!format) {
    const whole = dtype.startsWith("I") ? BigInt.asIntN(bitsWide, bits) : bits;
    return rounded(whole << BigInt(arithmetic.unit), arithmetic);
  }
  const fraction = BigInt.asUintN(format.fractionBits, bits);
  const exponent = Number(BigInt.asUintN(format.exponentBits, bits >> BigInt(format.fractionBits)));
  const allOnes = fraction === (1n << BigInt(format.fractionBits)) - 1n;
  if (exponent === 2 ** format.exponentBits - 1 && (allOnes || !format.finiteOnly)) return null;
  const bias = 2 ** (format.exponentBits - 1) - 1;
  const significand = exponent === 0 ? fraction : fraction + (1n << BigInt(format.fractionBits));
  const shift = Math.max(1, exponent) - bias - format.fractionBits + arithmetic.unit;
  const value = significand << BigInt(shift);
  return bits >> BigInt(bitsWide - 1) ? -value : value;
}

/** The distance of t = d/a from the middle slot: how often an odd number of 1/256ths fits below, 129 at most. */
function relativeDistance(d: bigint, a: bigint): number {
  const distance = (256n * d + a) / (2n * a);
  return distance > 129n ? 129 : Number(distance);
}

/** The magnitude slot of d/a. In units of 2^−22 every edge is whole: 2^e·(4 + f)/4. */
function magnitudeSlot(d: bigint, a: bigint): number {
  const t = (d << 22n) / a;
  if (t < 4n) return 0;
  const length = bitLength(t);
  if (length > 32) return 119;
  return 4 * (length - 3) + (Number(t >> BigInt(length - 3)) & 3);
}

/** A sum whose rounding errors are summed beside it (Neumaier 1974). */
class CarefulSum {
  #sum = 0;
  #rest = 0;

  add(x: number): void {
    const sum = this.#sum + x;
    this.#rest += Math.abs(this.#sum) >= Math.abs(x) ? this.#sum - sum + x : x - sum + this.#sum;
    this.#sum = sum;
  }

  get value(): number {
    return this.#sum + this.#rest;
  }
}

/** PairStats of a stretch of any decodable dtypes; counts exact, sums to about the last bit of a double. */
export function exactPairStats({ dtypeA, a, dtypeB, b, count }: Stretch): PairStats {
  const narrow = [dtypeA, dtypeB].every((dtype) => dtype !== "F64" && dtype in FORMATS);
  const arithmetic = narrow ? FLOAT32 : FLOAT64;
  // fl32(1e-6) and fl32(1e-5), by their bits.
  const [above1e6, above1e5] = [0x358637bd, 0x3727c5ac].map((bits) => {
    const bytes = new Uint8Array(new Uint32Array([bits]).buffer);
    return readElement("F32", bytes, 0, arithmetic) ?? 0n;
  });
  const stats = emptyPairStats();
  const [sumA2, sumAD, sumD2, sumD, sumAbsD] = Array.from({ length: 5 }, () => new CarefulSum());
  for (let i = 0; i < count; i++) {
    stats.count++;
    const base = readElement(dtypeA, a, i, arithmetic);
    const tuned = readElement(dtypeB, b, i, arithmetic);
    const d = base === null || tuned === null ? null : rounded(tuned - base, arithmetic);
    if (base === null || tuned === null || d === null) {
      stats.nonFinite++;
      continue;
    }
    const [x, change] = [toNumber(base, arithmetic.unit), toNumber(d, arithmetic.unit)];
    sumA2.add(x * x);
    sumAD.add(x * change);
    sumD2.add(change * change);
    sumD.add(change);
    sumAbsD.add(Math.abs(change));
    stats.maxAbsD = Math.max(stats.maxAbsD, Math.abs(change));
    if (abs(d) > above1e6) stats.above1e6++;
    if (abs(d) > above1e5) stats.above1e5++;
    if (base === tuned) stats.unchanged++;
    if (base !== 0n && tuned === 0n) stats.zeroTuned++;
    if (base === 0n) {
      stats.zeroBase++;
      continue;
    }
    const distance = relativeDistance(abs(d), abs(base));
    const relative = base > 0n ? stats.relative.positive : stats.relative.negative;
    relative[d > 0n ? 129 + distance : 129 - distance]++;
    if (d === 0n) continue;
    const agrees = d > 0n === base > 0n;
    (agrees ? stats.magnitude.grow : stats.magnitude.shrink)[magnitudeSlot(abs(d), abs(base))]++;
  }
  Object.assign(stats, {
    sumA2: sumA2.value,
    sumAD: sumAD.value,
    sumD2: sumD2.value,
    sumD: sumD.value,
    sumAbsD: sumAbsD.value,
  });
  return stats;
}
