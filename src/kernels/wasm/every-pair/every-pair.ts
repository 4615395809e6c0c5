import { countDifferences } from "../../compare-stats.ts";
import type { PairStats } from "../../pair-stats.ts";
import { valueOfBits } from "../../round-to-bits.ts";
import { alwaysFast } from "../altered-kernel.ts";
import { createWasmEngine, type WasmEngine } from "../wasm-engine.ts";
import { expectedCounts } from "./interval-oracle.ts";

export type EveryPairDtype = "BF16" | "F16";

export interface EveryPairReport {
  /** Pairs that were held against the expectation, each once for every way the kernel took. */
  pairs: number;
  /** The first few differences, in words; empty where there are none. */
  differences: string[];
}

/** The finite numbers of a 16-bit dtype by rising value, and their bits. */
function finiteNumbers(dtype: EveryPairDtype): { bits: Uint16Array; values: Float64Array } {
  const all = Array.from({ length: 65536 }, (_, bits) => ({ bits, value: valueOfBits(dtype, bits) }));
  const finite = all.filter(({ value }) => Number.isFinite(value)).sort((x, y) => x.value - y.value);
  return {
    bits: Uint16Array.from(finite, ({ bits }) => bits),
    values: Float64Array.from(finite, ({ value }) => value),
  };
}

const REPORTED = 5;

/** A kernel that counts where no number can be throws when its counts are unfolded, which is a difference too. */
function differencesFrom(expected: PairStats, compute: () => PairStats): string[] {
  try {
    return countDifferences(compute(), expected);
  } catch (error) {
    return [String(error)];
  }
}

/**
 * Holds the kernel against `expectedCounts` on single bases of a 16-bit dtype, each against every finite number of that
 * dtype, on two ways: as it is, where blocks of extreme values go the slow way, and with all of them forced through the
 * fast one. Counts only; the sums of both are other tests' business.
 */
export class EveryPair {
  readonly #dtype: EveryPairDtype;
  readonly #bits: Uint16Array;
  readonly #values: Float64Array;
  readonly #asItIs: WasmEngine;
  readonly #fast: WasmEngine;

  /** `binary` is pair-stats.wasm, or a variant of it. */
  constructor(dtype: EveryPairDtype, binary: Uint8Array<ArrayBuffer>) {
    const { bits, values } = finiteNumbers(dtype);
    this.#dtype = dtype;
    this.#bits = bits;
    this.#values = values;
    this.#asItIs = createWasmEngine(new WebAssembly.Module(binary));
    this.#fast = createWasmEngine(new WebAssembly.Module(alwaysFast(binary)));
  }

  /** How many bases there are. */
  get bases(): number {
    return this.#bits.length;
  }

  /** Checks the bases number `from`, `from + step`, … before `to`, in rising order of their values. */
  check(from: number, to: number, step = 1): EveryPairReport {
    const report: EveryPairReport = { pairs: 0, differences: [] };
    for (let base = from; base < to; base += step) {
      this.#checkOne(report, base, this.#asItIs, 0, this.bases);
      const a = this.#values[base];
      const isCounted = (b: number) => Number.isFinite(Math.fround(b - a));
      // The differences that overflow are those of the largest numbers of the other sign.
      const low = this.#values.findIndex(isCounted);
      const high = this.#values.findLastIndex(isCounted) + 1;
      this.#checkOne(report, base, this.#fast, low, high);
    }
    return report;
  }

  #checkOne(report: EveryPairReport, base: number, engine: WasmEngine, low: number, high: number): void {
    const count = high - low;
    const tuned = this.#bits.subarray(low, high);
    const a = new Uint8Array(new Uint16Array(count).fill(this.#bits[base]).buffer);
    const b = new Uint8Array(tuned.buffer, tuned.byteOffset, tuned.byteLength);
    const expected = expectedCounts(this.#values[base], this.#values.subarray(low, high));
    const way = engine === this.#fast ? ", the fast way" : "";
    const differences = differencesFrom(expected, () =>
      engine.pairStats({ dtypeA: this.#dtype, a, dtypeB: this.#dtype, b, count }),
    ).map((difference) => `${this.#dtype} base ${this.#values[base]}${way}: ${difference}`);
    report.pairs += count;
    report.differences.push(...differences.slice(0, REPORTED - report.differences.length));
  }
}
