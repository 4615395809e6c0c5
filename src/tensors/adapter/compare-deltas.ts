import type { LowRankFactors } from "./low-rank-factors.ts";
import { lowRankProduct } from "./low-rank-product.ts";

/** Elements multiplied out at once: 64 KiB. */
const CHUNK = 8192;

/** Sums over the elements seen, in float64. They add up, so those of two stretches make those of both. */
export interface DeltaSums {
  /** Elements seen and finite on both sides. */
  count: number;
  /** Elements where either delta is not finite; they enter nothing else. */
  nonFinite: number;
  /** Σ(ΔW)², Σd², ΣΔW·d. */
  lowRank2: number;
  other2: number;
  dot: number;
}

export const emptyDeltaSums = (): DeltaSums => ({ count: 0, nonFinite: 0, lowRank2: 0, other2: 0, dot: 0 });

/**
 * Adds a stretch of another delta d, such as that of a full fine-tune over the same base, to `sums`: elements `from` …
 * `from + other.length` in row-major order. Stretches may come in any order. Throws a RangeError beyond the matrix.
 */
export function addDeltas(
  sums: DeltaSums,
  factors: LowRankFactors,
  other: Float32Array | Float64Array,
  from: number,
): void {
  const product = new Float64Array(Math.min(CHUNK, other.length));
  for (let at = 0; at < other.length; at += CHUNK) {
    const own = product.subarray(0, Math.min(CHUNK, other.length - at));
    lowRankProduct(own, factors, from + at);
    addStretch(sums, own, other.subarray(at, at + own.length));
  }
}

function addStretch(sums: DeltaSums, own: Float64Array, other: Float32Array | Float64Array): void {
  let count = 0;
  let lowRank2 = 0;
  let other2 = 0;
  let dot = 0;
  for (let i = 0; i < own.length; i++) {
    const x = own[i];
    const y = other[i];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    count++;
    lowRank2 += x * x;
    other2 += y * y;
    dot += x * y;
  }
  sums.count += count;
  sums.nonFinite += own.length - count;
  sums.lowRank2 += lowRank2;
  sums.other2 += other2;
  sums.dot += dot;
}

/** The cosine of the angle between the two deltas, −1 … 1; null where either is zero. */
export function deltaCosine({ lowRank2, other2, dot }: DeltaSums): number | null {
  const size = Math.sqrt(lowRank2) * Math.sqrt(other2);
  return size > 0 ? Math.max(-1, Math.min(1, dot / size)) : null;
}
