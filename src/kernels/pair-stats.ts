/** Slots of a relative-change histogram: 129 is |t| < 1/256, 129 ± j is (2j−1)/256 ≤ |t| < (2j+1)/256, 0 and 258 take |t| ≥ 257/256. */
export const RELATIVE_SLOTS = 259;
/** Slots of a magnitude histogram: four per octave, lower edges 2^e·{1, 1.25, 1.5, 1.75} for e = −20…9; the end slots take what lies beyond. */
export const MAGNITUDE_SLOTS = 120;
/** Partial sums are cut at multiples of this many elements, whatever the engine, so that a rerun adds up in the same order. */
export const BLOCK_ELEMENTS = 2048;

/**
 * The numbers of one pair of equally shaped tensors a (base) and b (tuned), with `d = fl32(b − a)` and `t = d/|a|`.
 * They add up: `mergePairStats` joins those of consecutive stretches. The definitions are the contract that every engine
 * meets, counts to the last one, sums within 1e-6 of a float64 reference (docs/methods.md).
 */
export interface PairStats {
  /** Elements seen. */
  count: number;
  /** Elements where a, b or d is not finite; they enter nothing below. */
  nonFinite: number;
  /** a equals b in value (±0 are equal). */
  unchanged: number;
  /** a is ±0: t does not exist, the element is in no histogram. */
  zeroBase: number;
  /** b is ±0 and a is not. */
  zeroTuned: number;
  /** Σa² */
  sumA2: number;
  /** Σa·d */
  sumAD: number;
  /** Σd² */
  sumD2: number;
  /** Σd */
  sumD: number;
  /** Σ|d| */
  sumAbsD: number;
  /** max |d| */
  maxAbsD: number;
  /** Elements with |d| > fl32(1e-6). */
  above1e6: number;
  /** Elements with |d| > fl32(1e-5). */
  above1e5: number;
  /** Histogram of t, 259 slots each, for a > 0 and for a < 0. */
  relative: { positive: Float64Array; negative: Float64Array };
  /** Histogram of |t| where d ≠ 0, 120 slots each: the sign of d agrees with a's (grow) or not (shrink). */
  magnitude: { grow: Float64Array; shrink: Float64Array };
}

export function emptyPairStats(): PairStats {
  return {
    count: 0,
    nonFinite: 0,
    unchanged: 0,
    zeroBase: 0,
    zeroTuned: 0,
    sumA2: 0,
    sumAD: 0,
    sumD2: 0,
    sumD: 0,
    sumAbsD: 0,
    maxAbsD: 0,
    above1e6: 0,
    above1e5: 0,
    relative: { positive: new Float64Array(RELATIVE_SLOTS), negative: new Float64Array(RELATIVE_SLOTS) },
    magnitude: { grow: new Float64Array(MAGNITUDE_SLOTS), shrink: new Float64Array(MAGNITUDE_SLOTS) },
  };
}

function addSlots(into: Float64Array, from: Float64Array): void {
  for (let slot = 0; slot < into.length; slot++) into[slot] += from[slot];
}

/** Adds `from` to `into`, in place. For reruns to agree to the last bit, join stretches in the order of their elements. */
export function mergePairStats(into: PairStats, from: PairStats): void {
  into.count += from.count;
  into.nonFinite += from.nonFinite;
  into.unchanged += from.unchanged;
  into.zeroBase += from.zeroBase;
  into.zeroTuned += from.zeroTuned;
  into.sumA2 += from.sumA2;
  into.sumAD += from.sumAD;
  into.sumD2 += from.sumD2;
  into.sumD += from.sumD;
  into.sumAbsD += from.sumAbsD;
  into.maxAbsD = Math.max(into.maxAbsD, from.maxAbsD);
  into.above1e6 += from.above1e6;
  into.above1e5 += from.above1e5;
  addSlots(into.relative.positive, from.relative.positive);
  addSlots(into.relative.negative, from.relative.negative);
  addSlots(into.magnitude.grow, from.magnitude.grow);
  addSlots(into.magnitude.shrink, from.magnitude.shrink);
}
