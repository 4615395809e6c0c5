import { expect, it, test } from "vitest";
import { addProfile, emptyProfile, mergeProfile } from "./profile-sums.ts";

const [ROWS, COLUMNS] = [7, 5];
const a = Float32Array.from({ length: ROWS * COLUMNS }, (_, i) => Math.fround(Math.sin(i * i) * 2 ** ((i % 7) - 3)));
const b = a.map((x, i) => Math.fround(x * (1 + (i % 11) / 100)));

/** Straight from the definition, element by element. */
function directly(of: (i: number) => number, cell: (row: number, column: number) => number, length: number): number[] {
  const sums = new Array<number>(length).fill(0);
  for (let i = 0; i < a.length; i++) sums[cell(Math.floor(i / COLUMNS), i % COLUMNS)] += of(i);
  return sums;
}
const OF = {
  a2: (i: number) => a[i] ** 2,
  b2: (i: number) => b[i] ** 2,
  d2: (i: number) => Math.fround(b[i] - a[i]) ** 2,
};

function close(found: Float64Array, expected: readonly number[]): void {
  expect(found).toHaveLength(expected.length);
  for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 12);
}

test.each(["a2", "b2", "d2"] as const)("Σ%s of every row and every column", (sum) => {
  const sums = emptyProfile(0, ROWS, COLUMNS);
  addProfile(sums, a, b, 0);
  close(
    sums.rows[sum],
    directly(OF[sum], (row) => row, ROWS),
  );
  close(
    sums.columns[sum],
    directly(OF[sum], (_, column) => column, COLUMNS),
  );
  expect(sums.nonFinite).toBe(0);
});

it("joins parts that were cut anywhere, within rows too", () => {
  const whole = emptyProfile(0, ROWS, COLUMNS);
  addProfile(whole, a, b, 0);
  for (let cut = 1; cut < a.length; cut++) {
    const first = Math.floor(cut / COLUMNS);
    const parts = [emptyProfile(0, Math.ceil(cut / COLUMNS), COLUMNS), emptyProfile(first, ROWS - first, COLUMNS)];
    addProfile(parts[0], a.subarray(0, cut), b.subarray(0, cut), 0);
    addProfile(parts[1], a.subarray(cut), b.subarray(cut), cut);
    const joined = emptyProfile(0, ROWS, COLUMNS);
    for (const part of parts) mergeProfile(joined, part);
    for (const sum of ["a2", "b2", "d2"] as const) {
      close(joined.rows[sum], [...whole.rows[sum]]);
      close(joined.columns[sum], [...whole.columns[sum]]);
    }
  }
});

it("counts what is not finite and leaves it out", () => {
  const odd = Float32Array.from(b);
  odd[3] = Number.NaN;
  odd[COLUMNS] = Number.POSITIVE_INFINITY;
  const sums = emptyProfile(0, ROWS, COLUMNS);
  addProfile(sums, a, odd, 0);
  expect(sums.nonFinite).toBe(2);
  expect([...sums.rows.d2, ...sums.columns.d2].every(Number.isFinite)).toBe(true);
  expect(sums.rows.a2[0]).toBeCloseTo(directly(OF.a2, (row) => row, ROWS)[0] - a[3] ** 2, 12);
});

it("does not round the change of doubles", () => {
  const sums = emptyProfile(0, 1, 1);
  addProfile(sums, Float64Array.of(1), Float64Array.of(1 + 2 ** -40), 0);
  expect(sums.rows.d2[0]).toBe(2 ** -80);
});
