import type { PairStats } from "../kernels/pair-stats.ts";
import { countsOf, type HistogramCounts, type PairNumbers, type PairSums } from "./pair-numbers.ts";

/**
 * What PairStats says about one pair, or about several pooled. Null where a number does not exist, as a relative norm of
 * an all-zero base does not; never NaN or infinite. "Finite elements" are `count − nonFinite`. A norm is the root of the
 * sum of squares over all finite elements (Frobenius), not divided by their number.
 */
export interface DerivedNumbers {
  /** ‖A‖ */
  normA: number | null;
  /** ‖B‖. Loses digits where ‖B‖ is far below ‖A‖. */
  normB: number | null;
  /** ‖Δ‖, as in Figure 2 of arXiv 2505.20993. */
  normD: number | null;
  /** ‖Δ‖ / ‖A‖ */
  relativeNorm: number | null;
  /** ⟨A, B⟩ / (‖A‖·‖B‖), in [−1, 1]. */
  cosine: number | null;
  /** 1 − cosine, with the digits that the cosine near 1 has no room for. */
  cosineGap: number | null;
  /** ⟨A, B⟩ / ⟨A, A⟩: the multiple of A that is nearest to B. */
  k: number | null;
  /** k − 1 */
  rescale: number | null;
  /** Share of ‖Δ‖² that lies along A, which a rescale explains: cos²(A, Δ), in [0, 1]. */
  rescaleShare: number | null;
  /** ‖B − k·A‖ / ‖A‖: what a rescale leaves. Below 3e-4 of `relativeNorm` it is noise of the sums. */
  residual: number | null;
  /** Share of the finite elements whose value differs. */
  shareChanged: number | null;
  /**
   * Share of the finite elements that crossed zero. Counted as |d| ≥ |a| against a's sign less those with b = 0, so an
   * element that float32 cannot tell from a zero b (|b| below about |a|·2^−25) is counted too.
   */
  signFlips: number | null;
  /** Share of the elements with a ≠ 0 whose |t| is 257/256 or more: what the relative-change charts show beyond ±1. */
  beyondOne: number | null;
  /** Mean of |d|, and of d, over the finite elements. */
  meanAbsD: number | null;
  meanD: number | null;
  maxAbsD: number | null;
  /**
   * (mean |d|)² / mean d², in (0, 1]: the share of ‖Δ‖² that one bit a weight keeps, its sign, with the best one size for
   * all, which is mean |d| (BitDelta, arXiv 2402.10193). 1: all changes have one size; 2/π = 0.64: Gaussian. A weight that
   * did not change takes a sign too, so sparse changes have little.
   */
  bitDelta: number | null;
  /** Roots of the mean squares of a, b and d over the finite elements. */
  rmsA: number | null;
  rmsB: number | null;
  rmsD: number | null;
}

/** The number itself where it exists; null for NaN and infinity, which sums beyond the range of doubles would give. */
const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);
const ratio = (value: number | null, by: number): number | null =>
  value === null || by === 0 ? null : finite(value / by);

/** Elements whose b is zero: those that became zero, and those unchanged at zero. */
const zerosOfB = (stats: PairSums, { relative, changed }: HistogramCounts): number =>
  stats.zeroTuned + stats.unchanged - (relative - changed);

/** Whether all that is known is that nothing changed: ‖A‖ was not read, or left the range of numbers. */
const isBareIdentity = ({ sumA2, sumD2, unchanged, count }: PairSums): boolean =>
  Number.isNaN(sumA2) && sumD2 === 0 && unchanged === count && count > 0;

/** The numbers that need a direction of A, from the two quotients ΣAD/ΣA² and ΣD²/ΣA². */
function direction(stats: PairSums, allZeroB: boolean) {
  const { sumA2, sumAD, sumD2 } = stats;
  const none = { k: null, rescale: null, residual: null, rescaleShare: null, cosine: null, cosineGap: null };
  if (isBareIdentity(stats)) return { ...none, k: 1, rescale: 0, residual: 0, cosine: 1, cosineGap: 0 };
  if (!(sumA2 > 0)) return none;
  const rescale = sumAD / sumA2;
  const k = 1 + rescale;
  // The sums are rounded, so the difference may fall below zero where B is a multiple of A.
  const residual = Math.sqrt(Math.max(0, sumD2 / sumA2 - rescale * rescale));
  const share = sumD2 > 0 ? Math.min(1, rescale * (sumAD / sumD2)) : Number.NaN;
  // ‖B‖/‖A‖ = √(k² + residual²). 1 − cos from the sine: the usual quotient has no digits left where cos is nearly 1.
  const stretch = allZeroB ? 0 : Math.hypot(k, residual);
  const cosine = stretch > 0 ? k / stretch : Number.NaN;
  const sine = residual / stretch;
  const cosineGap = cosine > 0 ? (sine * sine) / (1 + cosine) : 1 - cosine;
  return {
    k: allZeroB ? 0 : finite(k),
    rescale: allZeroB ? -1 : finite(rescale),
    residual: allZeroB ? 0 : finite(residual),
    rescaleShare: finite(share),
    cosine: finite(cosine),
    cosineGap: finite(cosineGap),
  };
}

/** Denominators are given with each number; every sum is that of the contract, so pooled stats give pooled numbers. */
export function derive(stats: PairStats | PairNumbers): DerivedNumbers {
  const count = stats.count - stats.nonFinite;
  const some = (value: number): number | null => (count > 0 ? finite(value) : null);
  const counts = countsOf(stats);
  const allZeroB = count > 0 && zerosOfB(stats, counts) === count;
  const along = direction(stats, allZeroB);
  const normA = some(Math.sqrt(stats.sumA2));
  const normD = some(Math.sqrt(stats.sumD2));
  const stretch = along.k === null || along.residual === null ? null : Math.hypot(along.k, along.residual);
  // With A all zero B is the change itself.
  const normB = stats.sumA2 === 0 ? normD : normA === null || stretch === null ? null : finite(normA * stretch);
  const crossed = counts.crossed - stats.zeroTuned;
  const root = Math.sqrt(count);
  return {
    normA,
    normB,
    normD,
    relativeNorm: isBareIdentity(stats) ? 0 : stats.sumA2 > 0 ? finite(Math.sqrt(stats.sumD2 / stats.sumA2)) : null,
    ...along,
    shareChanged: ratio(count - stats.unchanged, count),
    signFlips: ratio(Math.max(0, crossed), count),
    beyondOne: ratio(counts.beyondOne, counts.relative),
    meanAbsD: ratio(stats.sumAbsD, count),
    meanD: ratio(stats.sumD, count),
    maxAbsD: some(stats.maxAbsD),
    // The sums are rounded, so steps of one size might come out above 1. Quotients first: a square may leave the doubles.
    bitDelta: stats.sumD2 > 0 ? some(Math.min(1, (stats.sumAbsD / stats.sumD2) * (stats.sumAbsD / count))) : null,
    rmsA: ratio(normA, root),
    rmsB: ratio(normB, root),
    rmsD: ratio(normD, root),
  };
}
