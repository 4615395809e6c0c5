import { addKeyCount, addUnchanged, LAST_KEY } from "../combined-key.ts";
import { emptyPairStats, type PairStats } from "../pair-stats.ts";
import { COUNTS, RUN_SUMS } from "./pair-stats.wgsl.ts";

/** What the shader wrote: `COUNTS.length` u32, and `RUN_SUMS` float32 for each run, in order. */
export interface DispatchResult {
  counts: Uint32Array;
  sums: Float32Array;
}

const asFloat32 = (bits: number): number => new Float32Array(new Uint32Array([bits]).buffer)[0];

/** The shader's result on `count` elements as PairStats: runs summed in float64 and in order, keys unfolded. */
export function resultStats({ counts, sums }: DispatchResult, count: number): PairStats {
  const stats = emptyPairStats();
  stats.count = count;
  for (let run = 0; run < sums.length; run += RUN_SUMS) {
    stats.sumA2 += sums[run];
    stats.sumAD += sums[run + 1];
    stats.sumD2 += sums[run + 2];
    stats.sumD += sums[run + 3];
    stats.sumAbsD += sums[run + 4];
  }
  stats.maxAbsD = asFloat32(counts[COUNTS.maxAbsD]);
  for (const field of ["nonFinite", "zeroBase", "zeroTuned", "above1e6", "above1e5"] as const) {
    stats[field] = counts[COUNTS[field]];
  }
  stats.unchanged = counts[COUNTS.zeroBoth];
  addUnchanged(stats, false, counts[COUNTS.unchanged]);
  addUnchanged(stats, true, counts[COUNTS.unchangedNegative]);
  for (const baseNegative of [false, true]) {
    for (const changeNegative of [false, true]) {
      const quarter = (baseNegative ? COUNTS.baseNegative : 0) + (changeNegative ? COUNTS.changeNegative : 0);
      for (let key = 0; key <= LAST_KEY; key++) {
        const n = counts[quarter + key];
        if (n > 0) addKeyCount(stats, key, baseNegative, changeNegative, n);
      }
    }
  }
  return stats;
}
