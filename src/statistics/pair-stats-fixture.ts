import { emptyPairStats, MAGNITUDE_SLOTS, type PairStats, RELATIVE_SLOTS } from "../kernels/pair-stats.ts";

/** For tests: seeded random numbers, and PairStats by the letter of the contract from plain arrays. */

/** Uniform numbers in [0, 1) that are the same in every run (xorshift32). `seed` is not zero. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state / 2 ** 32;
  };
}

/** Standard normal numbers (Box and Muller), rounded to float32. */
export function seededNormal(seed: number): () => number {
  const uniform = seededRandom(seed);
  return () => Math.fround(Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()));
}

/** The edge between slots 129 + j − 1 and 129 + j. */
const relativeEdge = (j: number): number => (2 * j - 1) / 256;
const magnitudeEdge = (slot: number): number => 2 ** (Math.floor(slot / 4) - 20) * (1 + (slot % 4) / 4);

function relativeSlot(size: number, base: number, sign: number): number {
  let j = 0;
  // An edge has at most 9 bits and a float32 base 24: the product is exact.
  while (j < 129 && size >= relativeEdge(j + 1) * base) j++;
  return (RELATIVE_SLOTS - 1) / 2 + sign * j;
}

function magnitudeSlot(size: number, base: number): number {
  let slot = 0;
  while (slot < MAGNITUDE_SLOTS - 1 && size >= magnitudeEdge(slot + 1) * base) slot++;
  return slot;
}

/** PairStats of float32 values a and b of equal length, one element after the other in float64. Slow and plain. */
export function statsOfArrays(a: readonly number[], b: readonly number[]): PairStats {
  const stats = emptyPairStats();
  for (const [i, x] of a.entries()) {
    const y = b[i] ?? Number.NaN;
    const d = Math.fround(y - x);
    stats.count++;
    if (![x, y, d].every(Number.isFinite)) {
      stats.nonFinite++;
      continue;
    }
    if (x === y) stats.unchanged++;
    if (x === 0) stats.zeroBase++;
    if (y === 0 && x !== 0) stats.zeroTuned++;
    const size = Math.abs(d);
    stats.sumA2 += x * x;
    stats.sumAD += x * d;
    stats.sumD2 += d * d;
    stats.sumD += d;
    stats.sumAbsD += size;
    stats.maxAbsD = Math.max(stats.maxAbsD, size);
    if (size > Math.fround(1e-6)) stats.above1e6++;
    if (size > Math.fround(1e-5)) stats.above1e5++;
    if (x === 0) continue;
    const base = Math.abs(x);
    const histogram = x > 0 ? stats.relative.positive : stats.relative.negative;
    const slot = relativeSlot(size, base, Math.sign(d));
    histogram[slot] = (histogram[slot] ?? 0) + 1;
    if (d === 0) continue;
    const side = Math.sign(d) === Math.sign(x) ? stats.magnitude.grow : stats.magnitude.shrink;
    const bin = magnitudeSlot(size, base);
    side[bin] = (side[bin] ?? 0) + 1;
  }
  return stats;
}
