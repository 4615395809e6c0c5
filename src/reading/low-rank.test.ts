import { describe, expect, test } from "vitest";
import { addLowRank } from "../kernels/low-rank/add-low-rank.ts";
import { applyDora } from "../kernels/low-rank/apply-dora.ts";
import { addDeltas } from "../kernels/low-rank/compare-deltas.ts";
import { type DeltaSums, deltaCosine, deltaRatio, emptyDeltaSums } from "../kernels/low-rank/delta-sums.ts";
import type { LowRankFactors } from "../kernels/low-rank/low-rank-factors.ts";
import { lowRankNorm } from "../kernels/low-rank/low-rank-norm.ts";
import { lowRankProduct } from "../kernels/low-rank/low-rank-product.ts";
import { wholeRowStep } from "../kernels/low-rank/whole-row-step.ts";
import { adaptedDtype, type LowRankUpdate } from "../tensors/low-rank-update.ts";
import { lowRankFactors } from "./arrange-update.ts";
import { fillAdapted } from "./fill-adapted.ts";

/** Whole numbers from −8 to 8, so that every product and sum below is exact. */
function wholeNumbers(count: number, seed: number): Float64Array {
  let state = seed;
  return Float64Array.from({ length: count }, () => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * 17) - 8;
  });
}

/** s·B·A, element by element, from B of [out, rank] and A of [rank, in]. */
function dense(b: Float64Array, a: Float64Array, [out, rank, inner]: number[], scale: number): number[][] {
  return Array.from({ length: out }, (_, i) =>
    Array.from({ length: inner }, (_, j) => {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += b[i * rank + k] * a[k * inner + j];
      return scale * sum;
    }),
  );
}

const transpose = (matrix: number[][]): number[][] => matrix[0].map((_, j) => matrix.map((row) => row[j]));
const stored = (name: string, shape: number[]) => ({
  ...{ file: 0, transposed: false },
  tensor: { name, dtype: "F32" as const, shape, span: { begin: 0, end: 0 } },
});

function update(out: number, rank: number, inner: number, more: Partial<LowRankUpdate> = {}): LowRankUpdate {
  return {
    ...{ name: "m", target: { kind: "numbered" }, rank, out, in: inner, kernel: [], transposed: false },
    ...{ a: stored("a", [rank, inner]), b: stored("b", [out, rank]), alpha: 4, divisor: 2 },
    ...more,
  };
}

const factorsOf = (b: Float64Array, a: Float64Array, [out, rank, inner]: number[]) =>
  lowRankFactors(update(out, rank, inner), { a, b });

/** All of ΔW, asked for in pieces of `step` elements. */
function inPieces(factors: LowRankFactors, step: number): number[] {
  const all = factors.rows * factors.columns;
  const pieces: number[] = [];
  for (let from = 0; from < all; from += step) {
    const out = new Float64Array(Math.min(step, all - from));
    lowRankProduct(out, factors, from);
    pieces.push(...out);
  }
  return pieces;
}

describe("the product", () => {
  const sizes = [
    [7, 3, 5],
    [4, 1, 9],
    [5, 8, 6],
    [3, 19, 11],
    [1, 16, 1],
  ];
  test.each(sizes)("of %d × %d and × %d is that of the dense matrices, however it is cut", (...size) => {
    const [out, rank, inner] = size;
    const [a, b] = [wholeNumbers(rank * inner, 1), wholeNumbers(out * rank, 2)];
    const expected = dense(b, a, size, 2).flat();
    for (const step of [1, 4, inner, inner + 1, out * inner])
      expect(inPieces(factorsOf(b, a, size), step)).toEqual(expected);
  });

  test("takes in matrices that are stored the other way round, and lies the other way round itself", () => {
    const size = [4, 3, 6];
    const [a, b] = [wholeNumbers(18, 3), wholeNumbers(12, 4)];
    const turn = (elements: Float64Array, rows: number, columns: number) =>
      Float64Array.from({ length: elements.length }, (_, i) => elements[(i % rows) * columns + Math.floor(i / rows)]);
    const expected = dense(b, a, size, 2);
    const mlx = update(4, 3, 6, {
      a: { ...stored("a", [6, 3]), transposed: true },
      b: { ...stored("b", [3, 4]), transposed: true },
    });
    const turned = { a: turn(a, 3, 6), b: turn(b, 4, 3) };
    expect(inPieces(lowRankFactors(mlx, turned), 5)).toEqual(expected.flat());
    const conv1d = lowRankFactors(update(4, 3, 6, { transposed: true }), { a, b });
    expect([conv1d.rows, conv1d.columns]).toEqual([6, 4]);
    expect(inPieces(conv1d, 5)).toEqual(transpose(expected).flat());
    expect(inPieces(lowRankFactors({ ...mlx, transposed: true }, turned), 24)).toEqual(transpose(expected).flat());
  });

  test("takes a stored alpha, and none that is missing", () => {
    const kohya = update(2, 2, 2, { alpha: stored("alpha", []), divisor: 4 });
    const elements = { a: wholeNumbers(4, 5), b: wholeNumbers(4, 6) };
    expect(lowRankFactors(kohya, { ...elements, alpha: Float64Array.of(3) }).scale).toBe(0.75);
    expect(() => lowRankFactors(kohya, elements)).toThrow(/alpha of m has to be read/);
    expect(() => lowRankFactors(kohya, { ...elements, b: new Float64Array(3) })).toThrow(RangeError);
  });

  test("ends at the matrix's end", () => {
    const factors = factorsOf(wholeNumbers(4, 1), wholeNumbers(4, 2), [2, 2, 2]);
    expect(() => lowRankProduct(new Float64Array(2), factors, 3)).toThrow(RangeError);
    expect(() => lowRankProduct(new Float64Array(2), factors, -1)).toThrow(RangeError);
  });
});

describe("the norm", () => {
  test.each([
    [7, 3, 5],
    [40, 16, 30],
    [1, 5, 1],
  ])("of %d × %d and × %d are those of the dense product", (...size) => {
    const [out, rank, inner] = size;
    const [a, b] = [wholeNumbers(rank * inner, 7), wholeNumbers(out * rank, 8)];
    const all = dense(b, a, size, 2).flat();
    const factors = factorsOf(b, a, size);
    const squares = all.reduce((sum, value) => sum + value * value, 0);
    expect(lowRankNorm(factors)).toBeCloseTo(Math.sqrt(squares), 9);
    expect(lowRankNorm({ ...factors, scale: -2 })).toBe(lowRankNorm(factors));
  });

  test("keeps its digits where two directions cancel all but a trace", () => {
    // B = [x, −x], A = [y; y + e] with e in 2^−30: B·A = −x·eᵀ, whose norm is ‖x‖·‖e‖ exactly; the trace's terms are 10^18 larger.
    const [out, inner] = [50, 40];
    const tiny = 2 ** -30;
    const x = wholeNumbers(out, 9);
    const y = wholeNumbers(inner, 10);
    const e = wholeNumbers(inner, 11).map((value) => value * tiny);
    const b = Float64Array.from({ length: 2 * out }, (_, i) => (i % 2 === 0 ? 1 : -1) * x[i >> 1]);
    const a = Float64Array.of(...y, ...y.map((value, j) => value + e[j]));
    const size = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
    const norm = lowRankNorm(factorsOf(b, a, [out, 2, inner]));
    expect(Math.abs(norm / (2 * size(x) * size(e)) - 1)).toBeLessThan(1e-12);
  });

  test("are zero where everything cancels, or nothing was trained", () => {
    const y = wholeNumbers(6, 12);
    expect(lowRankNorm(factorsOf(Float64Array.of(3, -3, 5, -5), Float64Array.of(...y, ...y), [2, 2, 6]))).toBe(0);
    expect(lowRankNorm(factorsOf(new Float64Array(4), wholeNumbers(12, 13), [2, 2, 6]))).toBe(0);
    expect(lowRankNorm(factorsOf(Float64Array.of(1, Number.NaN, 0, 0), wholeNumbers(12, 13), [2, 2, 6]))).toBeNaN();
  });
});

describe("the weights it makes", () => {
  const size = [6, 3, 10];
  const [out, rank, inner] = size;
  // Not whole, so that both roundings happen.
  const a = wholeNumbers(rank * inner, 14).map((value) => Math.fround(value / 7e3));
  const b = wholeNumbers(out * rank, 15).map((value) => Math.fround(value / 3e1));
  const base = wholeNumbers(out * inner, 16).map((value) => Math.fround(value / 11));
  const delta = dense(b, a, size, 2).flat();
  const factors = factorsOf(b, a, size);

  test("are fl32(a + fl32(s·BA)), starting anywhere", () => {
    const expected = delta.map((value, i) => Math.fround(base[i] + Math.fround(value)));
    for (const from of [0, 7, 59]) {
      const tuned = new Float32Array(out * inner - from);
      addLowRank(tuned, base.subarray(from), factors, from);
      expect([...tuned]).toEqual(expected.slice(from));
    }
    expect(expected.some((value, i) => value !== base[i] + delta[i])).toBe(true);
  });

  test("round ΔW before it is added, as a merge in float32 does", () => {
    // ΔW = 2^−24 + 2^−50: rounded it is half a unit of 1, a tie that goes to 1; unrounded it would be above the tie.
    const above = factorsOf(Float64Array.of(2 ** -13, 2 ** -25), Float64Array.of(2 ** -12, 2 ** -26), [1, 2, 1]);
    const tuned = new Float32Array(1);
    addLowRank(tuned, Float64Array.of(1), above, 0);
    expect([tuned[0], Math.fround(1 + 2 ** -24 + 2 ** -50)]).toEqual([1, 1 + 2 ** -23]);
  });

  test("stay doubles where the base is", () => {
    const tuned = new Float64Array(out * inner);
    addLowRank(tuned, base, factors, 0);
    expect([...tuned]).toEqual(delta.map((value, i) => base[i] + value));
    expect([adaptedDtype("BF16"), adaptedDtype("F8_E4M3"), adaptedDtype("F64"), adaptedDtype("I32")]).toEqual([
      ...["F32", "F32", "F64", "F64"],
    ]);
  });

  test("are filled from the base's bytes", () => {
    const bytes = new Uint8Array(Float32Array.from(base.subarray(20, 40)).buffer);
    const into = new Uint8Array(80);
    fillAdapted(into, { dtype: "F32", bytes }, { factors }, 20, 20);
    const expected = delta.slice(20, 40).map((value, i) => Math.fround(base[20 + i] + Math.fround(value)));
    expect([...new Float32Array(into.buffer)]).toEqual(expected);
    const magnitude = wholeNumbers(out, 18);
    fillAdapted(into, { dtype: "F32", bytes }, { factors, magnitude }, 20, 20);
    const dora = new Float32Array(20);
    applyDora(dora, base.subarray(20, 40), factors, magnitude, 20);
    expect([...new Float32Array(into.buffer)]).toEqual([...dora]);
  });

  test("of a DoRA have its magnitudes as row norms, and the direction of a + ΔW", () => {
    const magnitude = Float64Array.from({ length: out }, (_, i) => i + 0.5);
    const tuned = new Float32Array(2 * inner);
    applyDora(tuned, base.subarray(3 * inner, 5 * inner), factors, magnitude, 3 * inner);
    for (const row of [3, 4]) {
      const sum = Array.from({ length: inner }, (_, j) => base[row * inner + j] + delta[row * inner + j]);
      const length = Math.hypot(...sum);
      const expected = sum.map((value) => ((row + 0.5) * value) / length);
      const own = tuned.subarray((row - 3) * inner, (row - 2) * inner);
      expected.forEach((value, j) => {
        expect(Math.abs(own[j] - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -23);
      });
      expect(Math.hypot(...own)).toBeCloseTo(row + 0.5, 5);
    }
    expect(() => applyDora(tuned, base, factors, magnitude, 5)).toThrow(/whole rows of 10/);
  });

  test.each([
    [4096, 262144, 262144],
    [896, 262144, 258048],
    [11008, 262144, 176128],
    [3, 262144, 258048],
    [262144 * 3, 262144, 786432],
    [4097, 262144, 4097 * 2048],
  ])("of rows of %d come %d elements at a time at most, if they can: %d", (columns, most, step) => {
    expect(wholeRowStep(columns, 2048, most)).toBe(step);
    expect([step % columns, step % 2048]).toEqual([0, 0]);
  });
});

describe("against another delta", () => {
  const size = [40, 4, 300];
  const [out, rank, inner] = size;
  const a = wholeNumbers(rank * inner, 20);
  const b = wholeNumbers(out * rank, 21);
  const own = dense(b, a, size, 2).flat();
  const factors = factorsOf(b, a, size);
  const seen = (other: Float64Array | Float32Array, cuts: number[]): DeltaSums => {
    const sums = emptyDeltaSums();
    [0, ...cuts].forEach((from, i) => {
      const tuned = other.subarray(from, cuts[i] ?? other.length);
      addDeltas(sums, { factors }, tuned.slice().fill(0), tuned, from);
    });
    return sums;
  };

  test("the sums are those of the dense product", () => {
    const other = wholeNumbers(out * inner, 22);
    const sum = (pick: (i: number) => number) => own.reduce((all, _, i) => all + pick(i), 0);
    const expected = {
      ...{ count: out * inner, nonFinite: 0, sumU2: sum((i) => own[i] ** 2), sumD2: sum((i) => other[i] ** 2) },
      sumUD: sum((i) => own[i] * other[i]),
    };
    expect(seen(other, [])).toEqual(expected);
    expect(seen(Float32Array.from(other), [5000, 9001])).toEqual(expected);
    const cosine = expected.sumUD / Math.sqrt(expected.sumU2 * expected.sumD2);
    expect(deltaCosine(expected)).toBeCloseTo(cosine, 14);
    expect(deltaRatio(expected)).toBeCloseTo(Math.sqrt(expected.sumU2 / expected.sumD2), 14);
  });

  test("itself is at 1, its opposite at −1, and nothing at no angle", () => {
    expect(deltaCosine(seen(Float64Array.from(own), []))).toBe(1);
    expect(
      deltaCosine(
        seen(
          Float64Array.from(own, (value) => -3 * value),
          [],
        ),
      ),
    ).toBeCloseTo(-1, 14);
    const nothing = seen(new Float64Array(out * inner), []);
    expect([deltaCosine(nothing), deltaRatio(nothing)]).toEqual([null, null]);
  });

  test("a cosine of almost nothing keeps its sign", () => {
    // Orthogonal but for one element.
    const other = Float64Array.from(own, () => 0);
    const at = own.findIndex((value) => value > 0);
    other[at] = -1e-12;
    expect(deltaCosine(seen(other, []))).toBeCloseTo(-own[at] / Math.hypot(...own), 14);
  });

  test("the full change is that of PairStats, rounded once, and of doubles not at all", () => {
    // 1 + 2^−23 less 2^−24 has a bit more than float32 does; the tie goes to the even one.
    const [base, tuned] = [Float32Array.of(2 ** -24), Float32Array.of(1 + 2 ** -23)];
    const one = factorsOf(Float64Array.of(3), Float64Array.of(1), [1, 1, 1]);
    const [rounded, exact] = [emptyDeltaSums(), emptyDeltaSums()];
    addDeltas(rounded, { factors: one }, base, tuned, 0);
    addDeltas(exact, { factors: one }, Float64Array.from(base), tuned, 0);
    expect([rounded.sumUD, exact.sumUD]).toEqual([6, 6 * (1 + 2 ** -24)]);
  });

  test("of a DoRA it is what becomes of the weights, less the weights", () => {
    const base = wholeNumbers(out * inner, 23).map((value) => value + 0.5);
    const tuned = wholeNumbers(out * inner, 24);
    const magnitude = wholeNumbers(out, 25);
    const sums = emptyDeltaSums();
    for (const from of [0, 13 * inner]) {
      const end = from === 0 ? 13 * inner : out * inner;
      addDeltas(sums, { factors, magnitude }, base.subarray(from, end), tuned.subarray(from, end), from);
    }
    const merged = Array.from(own, (value, i) => base[i] + value);
    const length = (row: number) => Math.hypot(...merged.slice(row * inner, (row + 1) * inner));
    const lengths = Array.from({ length: out }, (_, row) => length(row));
    const u = merged.map((value, i) => {
      const row = Math.floor(i / inner);
      return (magnitude[row] * value) / lengths[row] - base[i];
    });
    const total = (of: (i: number) => number) => u.reduce((all, _, i) => all + of(i), 0);
    expect(sums.count).toBe(out * inner);
    expect(sums.sumU2 / total((i) => u[i] ** 2)).toBeCloseTo(1, 12);
    expect(sums.sumUD / total((i) => u[i] * (tuned[i] - base[i]))).toBeCloseTo(1, 12);
  });

  test("what is not finite is counted and left out", () => {
    const other = Float64Array.from(own);
    other[3] = Number.NaN;
    other[4] = Number.POSITIVE_INFINITY;
    const sums = seen(other, []);
    const left = own.reduce((sum, value, i) => (i === 3 || i === 4 ? sum : sum + value ** 2), 0);
    expect(sums).toEqual({ count: out * inner - 2, nonFinite: 2, sumU2: left, sumD2: left, sumUD: left });
  });
});
