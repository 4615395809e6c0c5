import { describe, expect, test } from "vitest";
import { emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import { type DerivedNumbers, derive } from "./derive.ts";
import { seededNormal, statsOfArrays } from "./pair-stats-fixture.ts";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const dot = (x: readonly number[], y: readonly number[]) => sum(x.map((value, i) => value * (y[i] ?? 0)));
const norm = (x: readonly number[]) => Math.sqrt(dot(x, x));

function leftBySigns(d: readonly number[]): number[] {
  const size = sum(d.map(Math.abs)) / d.length;
  // One bit a weight: an unchanged one has to take a sign, too.
  return d.map((x) => x - (x > 0 ? size : -size));
}

/** The textbook formulas on the data itself, with no PairStats in between. */
function naive(a: readonly number[], b: readonly number[]) {
  const d = b.map((y, i) => y - (a[i] ?? 0));
  const k = dot(a, b) / dot(a, a);
  const rest = b.map((y, i) => y - k * (a[i] ?? 0));
  const t = d.flatMap((x, i) => (a[i] === 0 ? [] : [Math.abs(x / (a[i] ?? 0))]));
  return {
    normA: norm(a),
    normB: norm(b),
    normD: norm(d),
    relativeNorm: norm(d) / norm(a),
    cosine: dot(a, b) / (norm(a) * norm(b)),
    k,
    rescale: k - 1,
    rescaleShare: dot(a, d) ** 2 / (dot(a, a) * dot(d, d)),
    residual: norm(rest) / norm(a),
    shareChanged: d.filter((x) => x !== 0).length / d.length,
    signFlips: b.filter((y, i) => y * (a[i] ?? 0) < 0).length / d.length,
    beyondOne: t.filter((x) => x >= 257 / 256).length / t.length,
    meanAbsD: sum(d.map(Math.abs)) / d.length,
    meanD: sum(d) / d.length,
    maxAbsD: Math.max(...d.map(Math.abs)),
    // What one size c with the sign of each change keeps, for the best c: 1 − ‖Δ − c·sign Δ‖²/‖Δ‖².
    bitDelta: 1 - dot(leftBySigns(d), leftBySigns(d)) / dot(d, d),
    rmsA: norm(a) / Math.sqrt(a.length),
    rmsB: norm(b) / Math.sqrt(b.length),
    rmsD: norm(d) / Math.sqrt(d.length),
  };
}

const normal = (seed: number, count = 4000, size = 1) => {
  const next = seededNormal(seed);
  return Array.from({ length: count }, () => Math.fround(next() * size));
};
/** b = factor·a + noise, in float32. */
const tuned = (a: readonly number[], factor: number, noise: readonly number[]) =>
  a.map((x, i) => Math.fround(factor * x + (noise[i] ?? 0)));

const base = normal(1);
const PAIRS: Record<string, [readonly number[], readonly number[]]> = {
  "a small change": [base, tuned(base, 1, normal(2, 4000, 0.01))],
  "a rescale with a little noise": [base, tuned(base, 0.63, normal(3, 4000, 0.06))],
  "an independent replacement": [base, normal(4)],
  "a mirrored copy": [base, tuned(base, -1, normal(5, 4000, 0.001))],
  "most weights unchanged": [base, base.map((x, i) => (i % 7 === 0 ? Math.fround(x * 1.01) : x))],
  "zeros on both sides": [
    base.map((x, i) => (i % 5 === 0 ? 0 : x)),
    tuned(base, 1, normal(6, 4000, 0.1)).map((y, i) => (i % 10 === 0 || i % 3 === 0 ? 0 : y)),
  ],
  "tiny weights": [normal(7, 4000, 1e-18), normal(8, 4000, 1e-18)],
};

describe.each(Object.entries(PAIRS))("%s", (_, [a, b]) => {
  const derived = derive(statsOfArrays(a, b));
  test.each(Object.entries(naive(a, b)))("%s is that of the arrays", (key, expected) => {
    const scale = key === "meanD" ? (derived.meanAbsD ?? 0) : Math.abs(expected);
    const actual = derived[key as keyof DerivedNumbers];
    expect(Math.abs((actual ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-6 * scale + 1e-12 * Math.min(1, scale));
  });
});

const isNumberOrNull = (value: number | null) => value === null || Number.isFinite(value);

const HARD: Record<string, { stats: PairStats; expected: Partial<DerivedNumbers> }> = {
  "nothing seen": {
    stats: emptyPairStats(),
    expected: {
      normA: null,
      normB: null,
      normD: null,
      relativeNorm: null,
      shareChanged: null,
      beyondOne: null,
      k: null,
    },
  },
  "only NaN": {
    stats: statsOfArrays([Number.NaN, 1], [1, Number.POSITIVE_INFINITY]),
    expected: { normA: null, maxAbsD: null },
  },
  identical: {
    stats: statsOfArrays([1, -2, 0], [1, -2, 0]),
    expected: {
      normD: 0,
      relativeNorm: 0,
      k: 1,
      rescale: 0,
      residual: 0,
      cosine: 1,
      cosineGap: 0,
      rescaleShare: null,
      shareChanged: 0,
    },
  },
  "a base of zeros": {
    stats: statsOfArrays([0, -0, 0], [1, 2, 2]),
    expected: {
      normA: 0,
      normB: 3,
      normD: 3,
      relativeNorm: null,
      k: null,
      cosine: null,
      residual: null,
      beyondOne: null,
      shareChanged: 1,
    },
  },
  "zeros on both sides only": {
    stats: statsOfArrays([0, 0], [0, -0]),
    expected: { normA: 0, normB: 0, normD: 0, relativeNorm: null, shareChanged: 0, cosine: null },
  },
  "everything set to zero": {
    stats: statsOfArrays([0.1, -0.2, 0], [0, 0, 0]),
    expected: {
      normB: 0,
      k: 0,
      rescale: -1,
      residual: 0,
      cosine: null,
      cosineGap: null,
      shareChanged: 2 / 3,
      signFlips: 0,
    },
  },
  "sums beyond the doubles": {
    stats: { ...emptyPairStats(), count: 2, sumA2: Number.POSITIVE_INFINITY, sumD2: 1, sumAD: 1 },
    expected: { normA: null, normB: null, normD: 1 },
  },
  "sums rounded so that the rest falls below zero": {
    stats: { ...emptyPairStats(), count: 9, sumA2: 1, sumAD: 0.3, sumD2: 0.09 * (1 - 1e-7) },
    expected: { residual: 0, rescaleShare: 1, cosine: 1 },
  },
};

test.each(Object.entries(HARD))("numbers that do not exist are null: %s", (_, { stats, expected }) => {
  const derived = derive(stats);
  expect(derived).toMatchObject(expected);
  expect(Object.entries(derived).filter(([, value]) => !isNumberOrNull(value))).toEqual([]);
});

test("1 − cosine keeps its digits where the cosine is nearly 1", () => {
  // b = a + ε·e with e at right angles to a: 1 − cos = ε²/2 to the first order.
  const a = [1, 1, 1, 1];
  const step = 2 ** -15;
  const b = [1 + step, 1 - step, 1 + step, 1 - step];
  const { cosineGap, k, residual } = derive(statsOfArrays(a, b));
  expect(k).toBe(1);
  expect(residual).toBeCloseTo(step, 15);
  expect((cosineGap ?? 0) / (step ** 2 / 2)).toBeCloseTo(1, 8);
});

test("pooled partials give the numbers of the whole", () => {
  const a = normal(21, 3000);
  const b = tuned(a, 1.1, normal(22, 3000, 0.2));
  const merged = statsOfArrays(a.slice(0, 1000), b.slice(0, 1000));
  mergePairStats(merged, statsOfArrays(a.slice(1000), b.slice(1000)));
  const whole = derive(statsOfArrays(a, b));
  for (const [key, value] of Object.entries(derive(merged)))
    expect(value).toBeCloseTo(whole[key as keyof DerivedNumbers] ?? Number.NaN, 9);
});

/**
 * o_proj of R1-Distill-Qwen-1.5B against Qwen2.5-Math-1.5B, from published relative norm and cosine (modeldelta reports):
 * the ratio of norms s solves r² = s² − 2·s·cos + 1 and has two roots, so the published numbers leave the sign of k − 1 open.
 */
test.each([
  { root: -1, ratio: 0.633, k: 0.63 },
  { root: +1, ratio: 1.358, k: 1.35 },
])("published r = 0.3743 and cos = 0.9956 mean k ≈ $k", ({ root, ratio, k }) => {
  const r = 0.3743;
  const cosine = 0.9956;
  const s = cosine + root * Math.sqrt(cosine ** 2 - 1 + r ** 2);
  const sumA2 = 1024;
  const sumAB = s * cosine * sumA2;
  const derived = derive({ ...emptyPairStats(), count: 4096, sumA2, sumAD: sumAB - sumA2, sumD2: r ** 2 * sumA2 });
  expect(derived.relativeNorm).toBeCloseTo(r, 12);
  expect(derived.cosine).toBeCloseTo(cosine, 12);
  expect((derived.normB ?? 0) / (derived.normA ?? 1)).toBeCloseTo(ratio, 3);
  expect(Math.abs((derived.k ?? 0) - k)).toBeLessThan(0.006);
  expect(derived.residual).toBeGreaterThan(0.055);
  expect(derived.residual).toBeLessThan(0.13);
  expect(derived.rescaleShare).toBeGreaterThan(0.85);
});

test("a pure rotation by r = 0.374 would have a cosine of about 0.93", () => {
  const r = 0.374;
  const derived = derive({ ...emptyPairStats(), count: 4096, sumA2: 1, sumAD: -(r ** 2) / 2, sumD2: r ** 2 });
  expect(derived.cosine).toBeCloseTo(0.93, 3);
  expect(derived.normB).toBeCloseTo(1, 12);
});

/** Published counts of Qwen2.5-0.5B against its Instruct (weightscope); there "changed" means |d| > 1e-6. */
test("published shares of changed weights", () => {
  const changed = 483_814_955;
  const count = 494_032_768;
  const { shareChanged } = derive({ ...emptyPairStats(), count, unchanged: count - changed });
  expect(((shareChanged ?? 0) * 100).toFixed(2)).toBe("97.93");
});
