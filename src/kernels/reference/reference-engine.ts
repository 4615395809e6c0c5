import { decodeInto, needsFloat64 } from "../../safetensors/decode.ts";
import { RELATIVE_MIDDLE } from "../bins.ts";
import type { Engine, Stretch } from "../engine.ts";
import { BLOCK_ELEMENTS, emptyPairStats, type PairStats } from "../pair-stats.ts";
import { stretchPart } from "../stretch-part.ts";
import { headOf, magnitudeSlot, relativeStep, scaleFor } from "./exact-bins.ts";

/** The contract's thresholds are float32 constants. */
const ABOVE_1E6 = Math.fround(1e-6);
const ABOVE_1E5 = Math.fround(1e-5);

const finite = (x: number): boolean => x - x === 0;

/** Adds one block of decoded elements; `wide` keeps d in float64. */
function addBlock(stats: PairStats, a: Float64Array, b: Float64Array, wide: boolean): void {
  let sumA2 = 0;
  let sumAD = 0;
  let sumD2 = 0;
  let sumD = 0;
  let sumAbsD = 0;
  for (let i = 0; i < a.length; i++) {
    const base = a[i];
    const tuned = b[i];
    // Rounding the float64 difference of two float32 numbers to float32 is the same as rounding their real difference.
    const d = wide ? tuned - base : Math.fround(tuned - base);
    if (!finite(d) || !finite(base) || !finite(tuned)) {
      stats.nonFinite++;
      continue;
    }
    const size = Math.abs(d);
    sumA2 += base * base;
    sumAD += base * d;
    sumD2 += d * d;
    sumD += d;
    sumAbsD += size;
    if (size > stats.maxAbsD) stats.maxAbsD = size;
    if (size > ABOVE_1E6) stats.above1e6++;
    if (size > ABOVE_1E5) stats.above1e5++;
    if (base === tuned) stats.unchanged++;
    if (base === 0) {
      stats.zeroBase++;
      continue;
    }
    if (tuned === 0) stats.zeroTuned++;
    const relative = base > 0 ? stats.relative.positive : stats.relative.negative;
    if (d === 0) {
      relative[RELATIVE_MIDDLE]++;
      continue;
    }
    const scale = wide ? scaleFor(Math.abs(base)) : 1;
    const divisor = Math.abs(base) * scale;
    const head = headOf(divisor);
    const tail = divisor - head;
    const t = (size * scale) / divisor;
    const step = relativeStep(t, size * scale, head, tail);
    relative[d > 0 ? RELATIVE_MIDDLE + step : RELATIVE_MIDDLE - step]++;
    const magnitude = d > 0 === base > 0 ? stats.magnitude.grow : stats.magnitude.shrink;
    magnitude[magnitudeSlot(t, size * scale, head, tail)]++;
  }
  stats.count += a.length;
  stats.sumA2 += sumA2;
  stats.sumAD += sumAD;
  stats.sumD2 += sumD2;
  stats.sumD += sumD;
  stats.sumAbsD += sumAbsD;
}

export interface ReferenceEngine extends Engine {
  readonly name: "reference";
  pairStats(stretch: Stretch): PairStats;
}

/**
 * The contract in plain float64: every dtype that decodes, every value, exact counts. The measure of the other engines,
 * and what computes F64 and integer tensors, whose sums may overflow to infinity beyond 1e154.
 */
export function createReferenceEngine(): ReferenceEngine {
  const scratchA = new Float64Array(BLOCK_ELEMENTS);
  const scratchB = new Float64Array(BLOCK_ELEMENTS);
  return {
    name: "reference",
    pairStats(stretch) {
      const { dtypeA, dtypeB, count } = stretch;
      const stats = emptyPairStats();
      const wide = needsFloat64(dtypeA) || needsFloat64(dtypeB);
      for (let from = 0; from < count; from += BLOCK_ELEMENTS) {
        const part = stretchPart(stretch, from, Math.min(BLOCK_ELEMENTS, count - from));
        const a = scratchA.subarray(0, part.count);
        const b = scratchB.subarray(0, part.count);
        decodeInto(a, dtypeA, part.a);
        decodeInto(b, dtypeB, part.b);
        addBlock(stats, a, b, wide);
      }
      return stats;
    },
    close() {},
  };
}
