import type { PairStats } from "./pair-stats.ts";

/** The error the contract allows a sum, relative to the scale that `sumErrors` names. */
export const SUM_TOLERANCE = 1e-6;

const COUNTS = [
  "count",
  "nonFinite",
  "unchanged",
  "zeroBase",
  "zeroTuned",
  "above1e6",
  "above1e5",
  // No count, but no rounding either: d is the same number on every engine.
  "maxAbsD",
] as const;

const histograms = (stats: PairStats): [string, Float64Array][] => [
  ["relative.positive", stats.relative.positive],
  ["relative.negative", stats.relative.negative],
  ["magnitude.grow", stats.magnitude.grow],
  ["magnitude.shrink", stats.magnitude.shrink],
];

/** Every count of `x` that is not `y`'s, in words; empty where the two agree to the last one. */
export function countDifferences(x: PairStats, y: PairStats): string[] {
  const differences: string[] = [];
  for (const field of COUNTS) if (x[field] !== y[field]) differences.push(`${field}: ${x[field]}, not ${y[field]}`);
  const trusted = histograms(y);
  for (const [row, [name, slots]] of histograms(x).entries()) {
    const expected = trusted[row][1];
    for (let slot = 0; slot < slots.length; slot++) {
      if (slots[slot] !== expected[slot]) differences.push(`${name}[${slot}]: ${slots[slot]}, not ${expected[slot]}`);
    }
  }
  return differences;
}

export type SumErrors = Record<"sumA2" | "sumAD" | "sumD2" | "sumD" | "sumAbsD", number>;

function errorOf(x: number, y: number, scale: number): number {
  if (Object.is(x, y) || x === y) return 0;
  const error = Math.abs(x - y) / scale;
  return Number.isFinite(error) ? error : Number.POSITIVE_INFINITY;
}

/**
 * How far the sums of `x` are from the trusted `y`: ΣA², ΣD², Σ|d| relative to themselves, ΣAD to √(ΣA²·ΣD²), Σd to Σ|d|.
 * Infinity where one is not finite and the other is, or where there is no scale.
 */
export function sumErrors(x: PairStats, y: PairStats): SumErrors {
  return {
    sumA2: errorOf(x.sumA2, y.sumA2, y.sumA2),
    sumAD: errorOf(x.sumAD, y.sumAD, Math.sqrt(y.sumA2) * Math.sqrt(y.sumD2)),
    sumD2: errorOf(x.sumD2, y.sumD2, y.sumD2),
    sumD: errorOf(x.sumD, y.sumD, y.sumAbsD),
    sumAbsD: errorOf(x.sumAbsD, y.sumAbsD, y.sumAbsD),
  };
}

/** Everything in which `x` fails to be `y` by the contract, in words; empty where it meets it. */
export function contractBreaches(x: PairStats, y: PairStats): string[] {
  const errors = Object.entries(sumErrors(x, y)).filter(([, error]) => error > SUM_TOLERANCE);
  return [...countDifferences(x, y), ...errors.map(([sum, error]) => `${sum}: off by ${error.toExponential(1)}`)];
}
