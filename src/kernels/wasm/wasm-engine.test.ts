import { readFile } from "node:fs/promises";
import { describe, expect, it, test } from "vitest";
import { buildWasm } from "../../../scripts/build-wasm.mjs";
import { contractBreaches, countDifferences, sumErrors } from "../compare-stats.ts";
import type { Stretch } from "../engine.ts";
import { exactPairStats } from "../exact-oracle.ts";
import { type Hardness, hardPairs } from "../hard-pairs.ts";
import { NARROW_FLOATS } from "../narrow-float.ts";
import { createReferenceEngine } from "../reference/reference-engine.ts";
import { selfTest } from "../self-test.ts";
import { createWasmEngine } from "./wasm-engine.ts";

const binary = await readFile(await buildWasm());
const wasm = createWasmEngine(await WebAssembly.compile(binary));
const reference = createReferenceEngine();

const DTYPE_PAIRS = NARROW_FLOATS.flatMap((dtypeA) => NARROW_FLOATS.map((dtypeB) => [dtypeA, dtypeB] as const));

describe.each(DTYPE_PAIRS)("%s against %s", (dtypeA, dtypeB) => {
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

it("refuses dtypes of other engines and bytes that are too short", () => {
  const stretch = hardPairs("F32", "F32", 1, 8);
  expect(() => wasm.pairStats({ ...stretch, dtypeB: "F64", count: 4 })).toThrow("F64");
  expect(() => wasm.pairStats({ ...stretch, count: 9 })).toThrow(RangeError);
});

describe("the self-test", () => {
  it("passes the kernel", async () => {
    expect(await selfTest(wasm)).toMatchObject({ passed: true });
  });

  const lanes = (word: number) => new Uint8Array(new Uint32Array(4).fill(word).buffer);
  /** Constants of the kernel (assembly/fast-block.ts) and what a careless hand might make of them. */
  const MUTATIONS: [string, number, number][] = [
    ["the threshold 1e-6, one ulp up", 0x358637bd, 0x358637be],
    ["the threshold 1e-5, one ulp down", 0x3727c5ac, 0x3727c5ab],
    ["one bit less of t for the relative step", 0x7fff8000, 0x7fff0000],
    ["the last relative edge one step early", 0x3f808000, 0x3f800000],
    ["rounding to 128ths without the half", 0x40004000, 0x40000000],
    ["quotients on edges that are not looked at again", 0x00007fff, 0x0000ffff],
    ["the subnormals of F16 taken for normal", 0x38800000, 0x38000000],
  ];
  test.each(MUTATIONS)("catches %s", async (_name, from, to) => {
    const mutant = new Uint8Array(binary);
    let found = 0;
    const [old, wrong] = [lanes(from), lanes(to)];
    for (let at = 0; at + 16 <= mutant.length; at++) {
      if (!old.every((byte, i) => mutant[at + i] === byte)) continue;
      mutant.set(wrong, at);
      found++;
    }
    expect(found).toBeGreaterThan(0);
    expect(await selfTest(createWasmEngine(new WebAssembly.Module(mutant)))).toMatchObject({ passed: false });
  });
});
