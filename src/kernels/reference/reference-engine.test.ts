import { describe, expect, it, test } from "vitest";
import { DTYPE_BITS, type Dtype } from "../../safetensors/dtype.ts";
import { contractBreaches, sumErrors } from "../compare-stats.ts";
import type { Stretch } from "../engine.ts";
import { exactPairStats } from "../exact-oracle.ts";
import { type Hardness, hardPairs } from "../hard-pairs.ts";
import { NARROW_PAIRS } from "../narrow-float.ts";
import type { PairStats } from "../pair-stats.ts";
import { createReferenceEngine } from "./reference-engine.ts";

const reference = createReferenceEngine();

function f32(a: number[], b: number[]): Stretch {
  const bytes = (values: number[]) => new Uint8Array(new Float32Array(values).buffer);
  return { dtypeA: "F32", a: bytes(a), dtypeB: "F32", b: bytes(b), count: a.length };
}

function f64(a: number[], b: number[]): Stretch {
  const bytes = (values: number[]) => new Uint8Array(new Float64Array(values).buffer);
  return { dtypeA: "F64", a: bytes(a), dtypeB: "F64", b: bytes(b), count: a.length };
}

/** The non-empty slots of all histograms, as "name[slot]". */
function filled(stats: PairStats): string[] {
  const slots = {
    "+": stats.relative.positive,
    "-": stats.relative.negative,
    grow: stats.magnitude.grow,
    shrink: stats.magnitude.shrink,
  };
  return Object.entries(slots).flatMap(([name, counts]) =>
    [...counts].flatMap((n, slot) => (n > 0 ? [`${name}[${slot}]${n > 1 ? `=${n}` : ""}`] : [])),
  );
}

const ULP = 2 ** -52;

/** What one pair (a, b) is counted as, worked out by hand from the contract. */
const BY_HAND: [string, Stretch, string[]][] = [
  ["no change", f32([2, -2], [2, -2]), ["+[129]", "-[129]"]],
  ["+1/256 is a tie and goes away from zero", f32([1], [1 + 1 / 256]), ["+[130]", "grow[48]"]],
  ["-1/256 mirrors it", f32([1], [1 - 1 / 256]), ["+[128]", "shrink[48]"]],
  ["a negative base that grows goes down", f32([-1], [-1 - 1 / 256]), ["-[128]", "grow[48]"]],
  ["just below 1/256", f32([1], [1 + 1 / 256 - 2 ** -23]), ["+[129]", "grow[47]"]],
  ["doubled", f32([3], [6]), ["+[257]", "grow[80]"]],
  ["just below 257/256", f32([2 ** -20], [2 ** -20 * (2 + 1 / 256 - 2 ** -22)]), ["+[257]", "grow[80]"]],
  ["at 257/256", f32([2 ** -20], [2 ** -20 * (2 + 1 / 256)]), ["+[258]", "grow[80]"]],
  ["gone to zero", f32([3], [-0]), ["+[1]", "shrink[80]"]],
  ["its sign flipped", f32([3], [-3]), ["+[0]", "shrink[84]"]],
  ["beyond the last octave", f32([2 ** -100], [1]), ["+[258]", "grow[119]"]],
  ["below the first octave", f32([1], [1 + 2 ** -23]), ["+[129]", "grow[0]"]],
  ["zero bases are in no histogram", f32([0, -0, 0], [1, -0, -1]), []],
  ["what is not finite is in no histogram", f32([Number.NaN, 1, 3e38], [1, Number.NEGATIVE_INFINITY, -3e38]), []],
  ["a tie of doubles", f64([3], [3 + 3 / 256]), ["+[130]", "grow[48]"]],
  ["one ulp short of 3/256", f64([1 + ULP], [1 + ULP + 3 / 256]), ["+[130]", "grow[53]"]],
  ["a subnormal double", f64([Number.MIN_VALUE], [3 * Number.MIN_VALUE]), ["+[258]", "grow[84]"]],
  ["a double of 2^1023 halved", f64([2 ** 1023], [2 ** 1022]), ["+[65]", "shrink[76]"]],
  ["the difference of doubles overflows", f64([-1.7e308], [1.7e308]), []],
];

describe("pairs worked out by hand", () => {
  test.each(BY_HAND)("%s", (_name, stretch, slots) => {
    expect(filled(reference.pairStats(stretch))).toEqual(slots);
    expect(filled(exactPairStats(stretch))).toEqual(slots);
  });

  it("counts and sums", () => {
    const inf = Number.POSITIVE_INFINITY;
    const stretch = f32([0, -0, 0, 4, -4, 1, inf, 1, 0, 0], [0, 0, 2, 0, -4, -2, inf, 1e39, 1e-6, 1.1e-5]);
    expect(contractBreaches(reference.pairStats(stretch), exactPairStats(stretch))).toEqual([]);
    expect(reference.pairStats(stretch)).toMatchObject({
      ...{ count: 10, nonFinite: 2, unchanged: 3, zeroBase: 5, zeroTuned: 1, above1e6: 4, above1e5: 4 },
      ...{ sumA2: 33, sumAD: -19, maxAbsD: 4 },
    });
  });
});

describe("random hard pairs", () => {
  test.each(NARROW_PAIRS)("%s against %s", (dtypeA, dtypeB) => {
    for (const hardness of ["plain", "extreme"] satisfies Hardness[]) {
      const stretch = hardPairs(dtypeA, dtypeB, 11, 9 * 2048 + 3, hardness);
      const [stats, oracle] = [reference.pairStats(stretch), exactPairStats(stretch)];
      expect(contractBreaches(stats, oracle), hardness).toEqual([]);
      expect(Math.max(...Object.values(sumErrors(stats, oracle))), hardness).toBeLessThan(1e-12);
    }
  });
});

/** A small generator of the test's own. */
function whole(state: { seed: number }, end: number): number {
  state.seed = (Math.imul(state.seed, 1664525) + 1013904223) >>> 0;
  return Math.floor((state.seed / 2 ** 32) * end);
}

function randomBytes(state: { seed: number }, dtype: Dtype, count: number): Uint8Array {
  return Uint8Array.from({ length: (count * DTYPE_BITS[dtype]) / 8 }, () => whole(state, 256));
}

describe("F64 and integers", () => {
  const sets: [Dtype, Dtype][] = [
    ["I8", "I8"],
    ["U8", "U8"],
    ["I16", "U16"],
    ["U16", "I16"],
    ["I32", "I32"],
    ["U32", "I64"],
    ["I64", "I64"],
    ["U64", "U64"],
    ["I8", "BF16"],
    ["F32", "U8"],
    ["F16", "F64"],
    ["F64", "F32"],
  ];
  test.each(sets)("%s against %s, any bits", (dtypeA, dtypeB) => {
    const count = 2500;
    const state = { seed: 5 };
    const a = randomBytes(state, dtypeA, count);
    const b = randomBytes(state, dtypeB, count);
    const stretch: Stretch = { dtypeA, a, dtypeB, b, count };
    const breaches = contractBreaches(reference.pairStats(stretch), exactPairStats(stretch));
    expect(breaches.filter(dtypeA === "F64" || dtypeB === "F64" ? notASum : Boolean)).toEqual([]);
  });

  it("decides F64 pairs beside edges as the integers do, at every exponent", () => {
    const count = 6000;
    const state = { seed: 9 };
    const a = new Float64Array(count);
    const b = new Float64Array(count);
    const bits = new BigInt64Array(b.buffer);
    for (let i = 0; i < count; i++) {
      const exponent = whole(state, 2098) - 1074;
      a[i] = 2 ** exponent * (1 + whole(state, 2 ** 32) / 2 ** 32 + whole(state, 2 ** 20) / 2 ** 52);
      const relative = (2 * whole(state, 129) + 1) / 256;
      const edge = whole(state, 2) ? relative : 2 ** (whole(state, 30) - 20) * (1 + whole(state, 4) / 4);
      b[i] = a[i] + (whole(state, 2) ? edge : -edge) * a[i];
      if (Math.abs(b[i]) > 2 ** -1070 && Math.abs(b[i]) < 2 ** 1023) bits[i] += BigInt(whole(state, 5) - 2);
    }
    const [bytesA, bytesB] = [a, b].map((values) => new Uint8Array(values.buffer));
    const stretch: Stretch = { dtypeA: "F64", a: bytesA, dtypeB: "F64", b: bytesB, count };
    expect(contractBreaches(reference.pairStats(stretch), exactPairStats(stretch)).filter(notASum)).toEqual([]);
  });
});

/** Squares of doubles overflow, which the contract leaves to the reader of the sums. */
const notASum = (breach: string): boolean => !breach.startsWith("sum");

it("refuses bytes that are too short and dtypes that do not decode", () => {
  expect(() => reference.pairStats({ ...f32([1], [1]), count: 2 })).toThrow(RangeError);
  const byte = new Uint8Array(1);
  expect(() => reference.pairStats({ dtypeA: "BOOL", a: byte, dtypeB: "F8_E4M3", b: byte, count: 1 })).toThrow("BOOL");
});
