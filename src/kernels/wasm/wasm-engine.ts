import { RELATIVE_MIDDLE } from "../bins.ts";
import { addKeyCount, addUnchanged, LAST_KEY } from "../combined-key.ts";
import type { Engine, Stretch } from "../engine.ts";
import { type NarrowFloat, narrowFloat } from "../narrow-float.ts";
import { emptyPairStats, type PairStats } from "../pair-stats.ts";
import { stretchPart } from "../stretch-part.ts";

/** What pair-stats.wasm exports (assembly/pair-stats.ts). Addresses are bytes into `memory`. */
interface Kernel {
  memory: WebAssembly.Memory;
  capacity(): number;
  inputA(): number;
  inputB(): number;
  table0(): number;
  table1(): number;
  totals(): number;
  begin(): void;
  add(dtypeA: number, dtypeB: number, count: number): void;
}

const DTYPE_NUMBER: Record<NarrowFloat, number> = { BF16: 0, F16: 1, F32: 2 };

/** The module's histogram (assembly/layout.ts): one half for a > 0, one for a < 0, each with both signs of d. */
const HALF = 2304;
const TABLE_LENGTH = 2 * HALF;
/** A float32's upper bits count quarters of octaves in ten bits; the eleventh is the sign. */
const QUARTERS = 1024;
/** The quarter that begins at 2^−20, where combined keys begin. */
const FIRST_QUARTER = 4 * (127 - 20);

/** Adds one half of the table to the histograms. */
function addHalf(stats: PairStats, counts: Uint32Array, baseNegative: boolean): void {
  addUnchanged(stats, baseNegative, counts[0]);
  for (let index = 1; index < 2 * QUARTERS + RELATIVE_MIDDLE; index++) {
    if (counts[index] === 0) continue;
    // An index is a quarter plus a relative step of at most 129. The indices of positive changes therefore end at 1152,
    // and those of negative ones begin far behind: |t| is at least 2^−24, as two float32 numbers lie no closer.
    const changeNegative = index > QUARTERS + RELATIVE_MIDDLE;
    const key = index - FIRST_QUARTER - (changeNegative ? QUARTERS : 0);
    addKeyCount(stats, Math.max(0, Math.min(LAST_KEY, key)), baseNegative, changeNegative, counts[index]);
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
 * The SIMD kernel, for pairs of BF16, F16 and F32; other dtypes are a RangeError. A stretch's numbers do not depend on
 * what was computed before. Holds about 600 KiB, and allocates nothing but the result. At most 2^32 − 1 elements a call.
 */
export function createWasmEngine(module: WebAssembly.Module): WasmEngine {
  const kernel = new WebAssembly.Instance(module).exports as unknown as Kernel;
  const memory = new Uint8Array(kernel.memory.buffer);
  const [inputA, inputB, capacity] = [kernel.inputA(), kernel.inputB(), kernel.capacity()];
  const tables = [kernel.table0(), kernel.table1()].map((at) => new Uint32Array(memory.buffer, at, TABLE_LENGTH));
  const counts = new Uint32Array(TABLE_LENGTH);
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
      const stats = emptyPairStats();
      stats.count = stretch.count;
      readTotals(kernel, stats);
      for (let i = 0; i < counts.length; i++) counts[i] = tables[0][i] + tables[1][i];
      addHalf(stats, counts.subarray(0, HALF), false);
      addHalf(stats, counts.subarray(HALF), true);
      return stats;
    },
    close() {},
  };
}
