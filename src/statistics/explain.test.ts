import { describe, expect, test } from "vitest";
import { emptyPairStats, type PairStats } from "../kernels/pair-stats.ts";
import { explain, type Finding, type KindId } from "./explain.ts";
import { latticeOf } from "./lattice.ts";
import { countsOf, identicalNumbers, type PairNumbers } from "./pair-numbers.ts";
import { seededNormal, seededRandom, statsOfArrays } from "./pair-stats-fixture.ts";

const BF16 = latticeOf("BF16", "BF16");
const F32 = latticeOf("F32", "F32");
const normal = seededNormal(51);
const uniform = seededRandom(52);
const base = Array.from({ length: 20_000 }, normal);
const from = (change: (a: number, i: number) => number): PairStats =>
  statsOfArrays(
    base,
    base.map((a, i) => Math.fround(change(a, i))),
  );
const kindsOf = (findings: readonly Finding[]): KindId[] => findings.map(({ kind }) => kind);
const oneOf = <Kind extends KindId>(findings: readonly Finding[], kind: Kind) =>
  findings.find((each): each is Extract<Finding, { kind: Kind }> => each.kind === kind);

/** PairStats of elements with a = 1 and these changes, for kinds that depend on few numbers. */
const ofOnes = (changes: readonly number[]) =>
  statsOfArrays(
    changes.map(() => 1),
    changes.map((t) => Math.fround(1 + t)),
  );

const withoutHistograms = (stats: PairStats): PairNumbers => {
  const { relative, magnitude, ...sums } = stats;
  return { ...sums, counts: countsOf(stats) };
};

describe("what a reader can quote", () => {
  const rescaled = from((a) => 1.375 * a);
  const halved = from((a, i) => (i % 2 ? a : a + 0.5 * Math.fround(normal())));
  const steps = from((a) => a + (uniform() < 0.5 ? -0.5 : 0.5));
  const CASES: [string, PairStats | null, typeof BF16, RegExp][] = [
    ["identical, not read", null, BF16, /^Identical: every value is the same in A and B\.$/],
    ["identical, read", from((a) => a), BF16, /^Identical: every value is the same in A and B\.$/],
    [
      "identical but for what is no number",
      statsOfArrays([1, Number.NaN], [1, 2]),
      BF16,
      /^Identical: every finite value is the same in A and B\.$/,
    ],
    [
      "rescale",
      rescaled,
      F32,
      /^Mostly a rescale: B ≈ 1\.38 · A explains (100|> 99\.99) % of ‖Δ‖²; nothing measurable is left\. Over a the changes have one mode, near \+0\.375; over \|a\| that makes two, near ±0\.375\.$/,
    ],
    ["sparse", halved, F32, /^Sparse: 50\.0 % of the weights are exactly the same in A and B\.$/],
    [
      "sign-like",
      steps,
      F32,
      /^Sign-like steps: the changes have two modes, near ±0\.3\d+, over a as well as over \|a\|, and steps of one size with the sign of each change keep (> 99\.99|100) % of ‖Δ‖² \(64 % if they were Gaussian\)\.$/,
    ],
    [
      "limited by the format",
      ofOnes([...new Array(60).fill(1 / 128), ...new Array(40).fill(1 / 16)]),
      BF16,
      /^Limited by BF16: 60\.0 % of the changes are below 1\/64 of their weight, one or two steps from a number to the next, so most of their shape was rounded away\.$/,
    ],
    [
      "limited by the format of B",
      ofOnes([...new Array(60).fill(1 / 512), ...new Array(40).fill(1 / 16)]),
      latticeOf("F32", "BF16"),
      /^Limited by BF16: 60\.0 % of the changes are below 1\/256 of their weight, which rounding B to that format can make alone\.$/,
    ],
    [
      "clip artefact",
      from((a) => a + 0.5 * normal()),
      F32,
      /^Clipping would make humps at −1 and \+1: 2\d\.\d % of the weights changed by about their own size or more, and only piling these up at the ends shows any mode there\.$/,
    ],
    [
      "noise-like",
      from((a) => a + 0.1 * normal()),
      F32,
      /^Noise-like: one mode at zero, (< )?0\.\d\d % of ‖Δ‖² along A, and at every size the share of weights is within \d\.\d+ % of what the ratio of two independent Gaussians gives\.$/,
    ],
    [
      "replaced",
      from(() => normal()),
      F32,
      /^Replaced rather than adjusted: the cosine between A and B is −?0\.0\d+\.$/,
    ],
    [
      "groups",
      from((a, i) => (i % 2 ? 1.4 : 0.8) * a),
      F32,
      /^Groups that moved differently: over a the changes gather near −0\.\d+ and \+0\.\d+\.$/,
    ],
  ];
  test.each(CASES)("%s", (_, stats, lattice, sentence) => {
    expect(explain(stats, lattice).filter((each) => sentence.test(each.sentence))).toHaveLength(1);
  });
});

describe("numbers", () => {
  test("of a rescale are k, its share, what is left and the mode", () => {
    const found = oneOf(
      explain(
        from((a) => 0.63 * a + 0.06 * normal()),
        F32,
      ),
      "rescale",
    )?.numbers;
    expect(found?.k).toBeCloseTo(0.63, 2);
    expect(found?.share).toBeCloseTo(0.37 ** 2 / (0.37 ** 2 + 0.06 ** 2), 2);
    expect(found?.residual).toBeCloseTo(0.06, 2);
    expect(found?.mode).toBeCloseTo(-0.37, 2);
  });

  test("of sign-like steps are their mode c/√2 and the energy of one size", () => {
    const found = oneOf(
      explain(
        from((a) => a + (uniform() < 0.5 ? -0.3 : 0.3)),
        F32,
      ),
      "sign-like",
    )?.numbers;
    expect(Math.abs((found?.mode ?? 0) - 0.3 / Math.SQRT2)).toBeLessThan(0.02);
    expect(found?.energy).toBeCloseTo(1, 5);
  });
});

describe("kinds that would be claims too many", () => {
  test("weights that grew and weights that shrank by one factor are groups, not sign-like steps", () => {
    const kinds = kindsOf(
      explain(
        from((a, i) => (i % 2 ? 1.4 : 0.6) * a),
        F32,
      ),
    );
    expect(kinds).toContain("mixture");
    expect(kinds).not.toContain("sign-like");
  });

  test("a replaced tensor is no rescale, though half of ‖Δ‖² lies along A", () => {
    const kinds = kindsOf(
      explain(
        from(() => normal()),
        F32,
      ),
    );
    expect(kinds).toContain("replaced");
    for (const kind of ["rescale", "mixture", "noise-like"]) expect(kinds).not.toContain(kind);
  });

  test("zeros that stay zero are no sparse update", () => {
    const a = base.map((x, i) => (i % 2 ? 0 : x));
    const changed = a.map((x) => (x === 0 ? 0 : Math.fround(x + 0.1 * normal())));
    expect(kindsOf(explain(statsOfArrays(a, changed), F32))).not.toContain("sparse");
  });

  test("a base in BF16 limits nothing when B is finer", () => {
    const tiny = ofOnes(new Array(100).fill(1 / 1024));
    expect(kindsOf(explain(tiny, latticeOf("BF16", "F32")))).not.toContain("format-limited");
    expect(kindsOf(explain(tiny, null))).not.toContain("format-limited");
  });

  test("noise below the steps of the format is not called noise-like", () => {
    const kinds = kindsOf(
      explain(
        from((a) => a + 0.001 * normal()),
        BF16,
      ),
    );
    expect(kinds).not.toContain("noise-like");
  });

  test("a heavy tail is not called noise-like", () => {
    const heavy = from((a) => a + (0.1 * normal()) / Math.abs(normal()) ** 0.9);
    expect(kindsOf(explain(heavy, F32))).not.toContain("noise-like");
  });

  test("a handful of elements shows nothing", () => {
    expect(explain(statsOfArrays([1, -1, 2], [2, 3, 4]), BF16)).toEqual([]);
    expect(explain(emptyPairStats(), BF16)).toEqual([]);
  });

  test("many weights moved by one factor, a few by far more: the sentence does not claim ‖Δ‖²", () => {
    const stats = from((a, i) => (i % 100 === 0 ? a + 20 * normal() : 1.4 * a));
    const found = oneOf(explain(stats, F32), "rescale");
    expect(found?.numbers.share).toBeLessThan(0.5);
    expect(found?.sentence).toMatch(
      /^Many weights moved by one factor, but B ≈ 1\.\d+ · A explains only [\d.]+ % of ‖Δ‖²\./,
    );
  });
});

describe("one threshold on each side", () => {
  const share = (part: number) => from((a, i) => (i % 100 < part ? a : a + 0.1 * normal()));
  test.each([
    [29, false],
    [31, true],
  ])("%i %% unchanged: sparse %s", (part, expected) =>
    expect(kindsOf(explain(share(part), F32)).includes("sparse")).toBe(expected),
  );

  // cos²(A, Δ) = x²/(x² + 0.1²)
  test.each([
    [0.095, false],
    [0.105, true],
  ])("a rescale by 1 + %s under noise of 0.1: %s", (x, expected) =>
    expect(
      kindsOf(
        explain(
          from((a) => (1 + x) * a + 0.1 * normal()),
          F32,
        ),
      ).includes("rescale"),
    ).toBe(expected),
  );

  test.each([
    [50, false],
    [51, true],
  ])("%i of 100 changes within two steps: limited %s", (few, expected) => {
    const stats = ofOnes(Array.from({ length: 100 }, (_, i) => (i < few ? 1 / 128 : 1 / 64)));
    expect(kindsOf(explain(stats, BF16)).includes("format-limited")).toBe(expected);
  });
});

describe("without histograms", () => {
  test("what sums tell is told", () => {
    const of = (stats: PairStats) => kindsOf(explain(withoutHistograms(stats), BF16));
    expect(of(from((a) => 1.4 * a))).toEqual(["rescale"]);
    expect(of(from(() => normal()))).toEqual(["replaced"]);
    expect(of(from((a, i) => (i % 2 ? a : 1.01 * a + 0.1 * normal())))).toEqual(["sparse"]);
    expect(of(from((a) => a))).toEqual(["identical"]);
  });

  test("a pair known to be identical is", () =>
    expect(kindsOf(explain(identicalNumbers(4096), BF16))).toEqual(["identical"]));
});
