import { addKeyCount, addUnchanged, LAST_KEY } from "../combined-key.ts";
import type { Engine, Stretch } from "../engine.ts";
import { type NarrowFloat, narrowFloat } from "../narrow-float.ts";
import { emptyPairStats, type PairStats } from "../pair-stats.ts";
import { stretchPart } from "../stretch-part.ts";

/** What pair-stats.wasm exports (assembly/pair-stats.ts). Addresses are bytes into `memory`. */
type Kernel = {
  memory: WebAssembly.Memory;
  capacity(): number;
  inputA(): number;
  inputB(): number;
  keys(): number;
  totals(): number;
  begin(): void;
  finish(): void;
  add(dtypeA: number, dtypeB: number, count: number): void;
};

const DTYPE_NUMBER: Record<NarrowFloat, number> = { BF16: 0, F16: 1, F32: 2, F8_E4M3: 3, F8_E5M2: 4 };

/** Keys of one sign of a and one of d (assembly/fold.ts). */
const QUADRANT = 256;
/** The key of unchanged elements. */
const UNCHANGED = 255;

/** Adds the counts of the keys to the histograms. */
function addKeys(stats: PairStats, keys: Uint32Array): void {
  for (let quadrant = 0; quadrant < 4; quadrant++) {
    const baseNegative = quadrant >= 2;
    const changeNegative = quadrant % 2 === 1;
    const from = quadrant * QUADRANT;
    if (!changeNegative) addUnchanged(stats, baseNegative, keys[from + UNCHANGED]);
    for (let key = 0; key <= LAST_KEY; key++) {
      if (keys[from + key] > 0) addKeyCount(stats, key, baseNegative, changeNegative, keys[from + key]);
    }
  }
}

function readTotals(kernel: Kernel, stats: PairStats): void {
  const [sumA2, sumAD, sumD2, sumD, sumAbsD, maxAbsD, nonFinite, zeroBase, zeroBoth, zeroTuned, above1e6, above1e5] =
    new Float64Array(kernel.memory.buffer, kernel.totals(), 12);
  const sums = { sumA2, sumAD, sumD2, sumD, sumAbsD, maxAbsD };
  // No histogram holds the elements with a = 0; of these the ones with b = 0 are unchanged.
  Object.assign(stats, sums, { nonFinite, zeroBase, zeroTuned, above1e6, above1e5, unchanged: zeroBoth });
}

export interface WasmEngine extends Engine {
  readonly name: "wasm";
  pairStats(stretch: Stretch): PairStats;
}

/**
 * The SIMD kernel, for pairs of narrow floats; other dtypes are a RangeError. A stretch's numbers do not depend on
 * what was computed before. Holds about 400 KiB, and allocates nothing but the result. At most 2^32 − 1 elements a call.
 */
export function createWasmEngine(module: WebAssembly.Module): WasmEngine {
  const kernel = new WebAssembly.Instance(module).exports as Kernel;
  const memory = new Uint8Array(kernel.memory.buffer);
  const [inputA, inputB, capacity] = [kernel.inputA(), kernel.inputB(), kernel.capacity()];
  const keys = new Uint32Array(memory.buffer, kernel.keys(), 4 * QUADRANT);
  return {
    name: "wasm",
    pairStats(stretch) {
      const dtypeA = DTYPE_NUMBER[narrowFloat(stretch.dtypeA)];
      const dtypeB = DTYPE_NUMBER[narrowFloat(stretch.dtypeB)];
      kernel.begin();
      for (let from = 0; from < stretch.count; from += capacity) {
        const part = stretchPart(stretch, from, Math.min(capacity, stretch.count - from));
        memory.set(part.a, inputA);
        memory.set(part.b, inputB);
        kernel.add(dtypeA, dtypeB, part.count);
      }
      kernel.finish();
      const stats = emptyPairStats();
      stats.count = stretch.count;
      readTotals(kernel, stats);
      addKeys(stats, keys);
      return stats;
    },
    close() {},
  };
}
