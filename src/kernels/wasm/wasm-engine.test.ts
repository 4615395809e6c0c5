import { readFile } from "node:fs/promises";
import { describe, expect, it, test } from "vitest";
import { buildWasm } from "../../../scripts/build-wasm.mjs";
import { contractBreaches, countDifferences, sumErrors } from "../compare-stats.ts";
import type { Stretch } from "../engine.ts";
import { exactPairStats } from "../exact-oracle.ts";
import { type Hardness, hardPairs } from "../hard-pairs.ts";
import { NARROW_PAIRS } from "../narrow-float.ts";
import { createReferenceEngine } from "../reference/reference-engine.ts";
import { selfTest } from "../self-test.ts";
import { withLanes } from "./altered-kernel.ts";
import { createWasmEngine } from "./wasm-engine.ts";

const binary = await readFile(await buildWasm());
const wasm = createWasmEngine(await WebAssembly.compile(binary));
const reference = createReferenceEngine();

describe.each(NARROW_PAIRS)("%s against %s", (dtypeA, dtypeB) => {
  it("equals the integers", () => {
    for (const hardness of ["plain", "extreme"] satisfies Hardness[]) {
      const stretch = hardPairs(dtypeA, dtypeB, 23, 9 * 2048 + 100, hardness);
      expect(contractBreaches(wasm.pairStats(stretch), exactPairStats(stretch)), hardness).toEqual([]);
    }
  });

  it("equals the reference on five times as many", () => {
    for (const hardness of ["plain", "extreme"] satisfies Hardness[]) {
      const stretch = hardPairs(dtypeA, dtypeB, 24, 90_001, hardness);
      expect(contractBreaches(wasm.pairStats(stretch), reference.pairStats(stretch)), hardness).toEqual([]);
    }
  });

  it("takes any length and any alignment", () => {
    const long = hardPairs(dtypeA, dtypeB, 25, 4099);
    const moved = (bytes: Uint8Array, by: number) => {
      const copy = new Uint8Array(bytes.length + by);
      copy.set(bytes, by);
      return copy.subarray(by);
    };
    for (const [shift, count] of [0, 1, 7, 8, 9, 2047, 2048, 2049, 4099].entries()) {
      const stretch = { ...long, a: moved(long.a, shift), b: moved(long.b, 3 * shift + 1), count };
      expect(contractBreaches(wasm.pairStats(stretch), reference.pairStats(stretch)), `${count}`).toEqual([]);
    }
  });
});

describe("sums", () => {
  const bytes = (values: Float32Array) => new Uint8Array(values.buffer);
  const million = (a: (i: number) => number, b: (i: number) => number): Stretch => ({
    dtypeA: "F32",
    a: bytes(Float32Array.from({ length: 2 ** 20 }, (_, i) => a(i))),
    dtypeB: "F32",
    b: bytes(Float32Array.from({ length: 2 ** 20 }, (_, i) => b(i))),
    count: 2 ** 20,
  });
  const cases: [string, Stretch][] = [
    // The same rounding error at every addition is the worst that can happen to a chain.
    [
      "one constant",
      million(
        () => 0.1,
        () => 0.3,
      ),
    ],
    [
      "squares that overflow",
      million(
        (i) => 1e20 * (i % 7),
        () => 3e19,
      ),
    ],
    [
      "squares that underflow",
      million(
        () => 1e-25,
        (i) => 1e-25 * (i % 5),
      ),
    ],
    [
      "cancellation",
      million(
        (i) => (i % 2 ? 1 : -1) + i * 1e-7,
        (i) => (i % 2 ? 0.5 : -0.5),
      ),
    ],
  ];
  test.each(cases)("%s", (_name, stretch) => {
    const [stats, expected] = [wasm.pairStats(stretch), reference.pairStats(stretch)];
    expect(countDifferences(stats, expected)).toEqual([]);
    for (const [sum, error] of Object.entries(sumErrors(stats, expected))) expect(error, sum).toBeLessThan(6e-7);
  });
});

it("gives the same bits whatever was computed before", () => {
  const stretch = hardPairs("BF16", "F32", 31, 70_000);
  const first = wasm.pairStats(stretch);
  wasm.pairStats(hardPairs("F32", "F32", 32, 5000, "extreme"));
  wasm.pairStats(hardPairs("F16", "BF16", 33, 66_000));
  expect(wasm.pairStats(stretch)).toEqual(first);
  expect(createWasmEngine(new WebAssembly.Module(binary)).pairStats(stretch)).toEqual(first);
});

it("keeps nothing of a stretch that failed half-way", () => {
  const stretch = hardPairs("BF16", "BF16", 34, 90_000);
  const expected = wasm.pairStats(stretch);
  const short = { ...stretch, b: stretch.b.subarray(0, 2 * 70_000) };
  expect(() => wasm.pairStats(short)).toThrow(RangeError);
  expect(wasm.pairStats(stretch)).toEqual(expected);
});

it("refuses dtypes of other engines and bytes that are too short", () => {
  const stretch = hardPairs("F32", "F32", 1, 8);
  expect(() => wasm.pairStats({ ...stretch, dtypeB: "F64", count: 4 })).toThrow("F64");
  expect(() => wasm.pairStats({ ...stretch, count: 9 })).toThrow(RangeError);
});

describe("the self-test", () => {
  it("passes the kernel", async () => {
    expect(await selfTest(wasm)).toMatchObject({ passed: true });
  });

  /** Constants of the kernel (assembly/constants.ts) and what a careless hand might make of them. */
  const MUTATIONS: [string, number, number][] = [
    ["the threshold 1e-6, one ulp up", 0x358637bd, 0x358637be],
    ["the threshold 1e-5, one ulp down", 0x3727c5ac, 0x3727c5ab],
    ["one bit less of t for the relative step", 0x7fff8000, 0x7fff0000],
    ["the last relative step cut off", 0x80818081, 0x80808080],
    ["rounding to 128ths without the half", 0x40004000, 0x40000000],
    ["quotients on edges that are not looked at again", 0x00007fff, 0x7fffffff],
    ["the fraction of F16 cut short", 0x8fffe000, 0x8fffc000],
    ["the subnormals of E4M3 taken for normal", 0x3c800000, 0x3c000000],
    ["no sign of a base", 0x80008000, 0x00000000],
  ];
  test.each(MUTATIONS)("catches %s", async (_name, from, to) => {
    const mutant = createWasmEngine(new WebAssembly.Module(withLanes(binary, from, to)));
    expect(await selfTest(mutant)).toMatchObject({ passed: false });
  });
});
