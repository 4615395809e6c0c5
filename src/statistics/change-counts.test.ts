import { expect, test } from "vitest";
import { changeCounts } from "./change-counts.ts";
import { latticeOf } from "./lattice.ts";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";

const BF16 = latticeOf("BF16", "BF16");
const OPTIONS = { denominator: "abs", beyond: "drop" } as const;

/** Weights of 1 that moved by these relative changes, each so many times. */
function moved(changes: Record<string, number>) {
  const b = Object.entries(changes).flatMap(([t, times]) => new Array<number>(times).fill(1 + Number(t)));
  return statsOfArrays(new Array<number>(b.length).fill(1), b);
}

test("unchanged weights are out, and the hole of BF16 is raised to the mean of its neighbours", () => {
  const { bins, counted } = changeCounts(moved({ 0: 500, [1 / 128]: 30, [-1 / 128]: 11, [2 / 128]: 7 }), OPTIONS, BF16);
  expect([...bins.subarray(126, 132)]).toEqual([0, 11, 20, 30, 7, 0]);
  expect(counted).toBe(48);
});

test("8 bits have a hole of 15 bins, raised to the mean of the 16 beside it", () => {
  const e4m3 = latticeOf("F8_E4M3", "F8_E4M3");
  const { bins } = changeCounts(moved({ 0: 900, [1 / 8]: 160, [-1 / 15]: 32 }), OPTIONS, e4m3);
  // 1/8 is bin 16, beyond the bins 8 … 15; −1/15 is bin −9.
  expect([...bins.subarray(128 - 7, 128 + 8)]).toEqual(new Array(15).fill(2));
  expect(bins[128 + 16]).toBe(160);
  expect(bins[128 + 8]).toBe(0);
});

test.each([
  ["F32", latticeOf("F32", "F32")],
  ["F16", latticeOf("F16", "F16")],
  ["a finer side", latticeOf("BF16", "F32")],
  ["no lattice", null],
])("%s leaves no hole, and what lies in the middle is real", (_, lattice) => {
  const { bins } = changeCounts(moved({ 0: 500, 0.001: 3, [1 / 128]: 30, [-1 / 128]: 11 }), OPTIONS, lattice);
  expect([...bins.subarray(127, 130)]).toEqual([11, 3, 30]);
});

test("what is in the hole for other reasons stays", () => {
  const { bins } = changeCounts(moved({ 0.001: 300, [1 / 128]: 30, [-1 / 128]: 11 }), OPTIONS, BF16);
  expect(bins[128]).toBe(300);
});

test("turning the sign of A turns the distribution over a and leaves that over |a|", () => {
  const next = seededNormal(4);
  const a = Array.from({ length: 3000 }, next);
  const b = a.map((x) => Math.fround(1.3 * x + 0.1 * next()));
  const stats = statsOfArrays(a, b);
  const turned = statsOfArrays(
    a.map((x) => -x),
    b.map((x) => -x),
  );
  const signed = { ...OPTIONS, denominator: "signed" } as const;
  expect(changeCounts(turned, signed, BF16)).toEqual(changeCounts(stats, signed, BF16));
  expect([...changeCounts(turned, OPTIONS, BF16).bins].reverse()).toEqual([...changeCounts(stats, OPTIONS, BF16).bins]);
});
