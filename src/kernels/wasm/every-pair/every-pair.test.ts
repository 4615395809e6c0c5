import { readFile } from "node:fs/promises";
import { describe, expect, it, test } from "vitest";
import { buildWasm } from "../../../../scripts/build-wasm.mjs";
import { contractBreaches, countDifferences } from "../../compare-stats.ts";
import { exactPairStats } from "../../exact-oracle.ts";
import { valueOfBits } from "../../round-to-bits.ts";
import { withLanes } from "../altered-kernel.ts";
import { createWasmEngine } from "../wasm-engine.ts";
import { EveryPair, type EveryPairDtype } from "./every-pair.ts";
import { expectedCounts } from "./interval-oracle.ts";

/*
 * A sample of `npm run exhaustive`, which takes every base of both dtypes.
 */

const binary = new Uint8Array(await readFile(await buildWasm()));
const DTYPES: EveryPairDtype[] = ["BF16", "F16"];

describe.each(DTYPES)("a sample of the bases, against every finite number of %s", (dtype) => {
  const every = new EveryPair(dtype, binary);
  /** Prime, so that the sample has bases of every fraction and of every other exponent. */
  const step = 1009;

  it("has the counts that the intervals between edges have", () => {
    const report = every.check(0, every.bases, step);
    expect(report.differences).toEqual([]);
    expect(report.pairs).toBeGreaterThan(7.5e6);
  });

  it("holds at the ends and around zero", () => {
    const middle = every.bases / 2;
    for (const from of [0, middle - 3, every.bases - 3]) {
      expect(every.check(from, from + 3).differences, `${from}`).toEqual([]);
    }
  });

  const MUTATIONS: [string, number, number][] = [
    ["half a step, one ulp less", 0x40004000, 0x40003fff],
    ["one bit less of t for the relative step", 0x7fff8000, 0x7fff0000],
    ["the last relative step cut off", 0x80818081, 0x80808080],
  ];
  test.each(MUTATIONS)("catches %s", (_name, from, to) => {
    const mutant = new EveryPair(dtype, withLanes(binary, from, to));
    expect(mutant.check(0, mutant.bases, 8 * step).differences).not.toEqual([]);
  });
});

describe("every pair of 8-bit floats", () => {
  const wasm = createWasmEngine(new WebAssembly.Module(binary));
  const BYTES = ["F8_E4M3", "F8_E5M2"] as const;
  const sets = BYTES.flatMap((dtypeA) => BYTES.map((dtypeB) => [dtypeA, dtypeB] as const));
  /** All codes, or the finite ones only: a block with another one goes the slow way. */
  const codes = (dtype: (typeof BYTES)[number], finite: boolean) =>
    Array.from({ length: 256 }, (_, code) => code).filter(
      (code) => !finite || Number.isFinite(valueOfBits(dtype, code)),
    );

  test.each(sets)("%s against %s", (dtypeA, dtypeB) => {
    for (const finite of [false, true]) {
      const [all, others] = [codes(dtypeA, finite), codes(dtypeB, finite)];
      const a = Uint8Array.from(all.flatMap((code) => others.map(() => code)));
      const b = Uint8Array.from(all.flatMap(() => others));
      const stretch = { dtypeA, a, dtypeB, b, count: a.length };
      const stats = wasm.pairStats(stretch);
      expect(contractBreaches(stats, exactPairStats(stretch)), `${finite}`).toEqual([]);
      expect(stats.nonFinite > 0).toBe(!finite);
    }
  });
});

describe("the interval oracle", () => {
  test.each(DTYPES)("counts what the integers count for %s", (dtype) => {
    const bits = Uint16Array.from({ length: 65536 }, (_, i) => i).filter((i) => i % 37 === 5 || i % 32768 < 4);
    const finite = [...bits].filter((i) => Number.isFinite(valueOfBits(dtype, i)));
    finite.sort((x, y) => valueOfBits(dtype, x) - valueOfBits(dtype, y));
    const count = finite.length;
    const sorted = Float64Array.from(finite, (i) => valueOfBits(dtype, i));
    const b = new Uint8Array(Uint16Array.from(finite).buffer);
    for (const base of [0x0000, 0x8000, 0x0001, 0x0403, 0x3c81, 0xbc7f, 0x4380, 0x7bff]) {
      const a = new Uint8Array(new Uint16Array(count).fill(base).buffer);
      const exact = exactPairStats({ dtypeA: dtype, a, dtypeB: dtype, b, count });
      expect(countDifferences(expectedCounts(valueOfBits(dtype, base), sorted), exact), `${base}`).toEqual([]);
    }
  });
});
