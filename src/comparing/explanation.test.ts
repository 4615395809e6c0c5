import { describe, expect, it, test } from "vitest";
import type { Dtype } from "../safetensors/dtype.ts";
import { seededNormal } from "../statistics/pair-stats-fixture.ts";
import { type Explanation, explanationOf } from "./explanation.ts";
import { type Inspection, inspect } from "./inspection.ts";
import type { PairOutcome } from "./outcome.ts";
import { OutcomeList } from "./outcome-list.ts";
import { comparisonOf, outcomeOf, pairsOf } from "./testing/sample-comparison.ts";

const NAME = "model.layers.0.self_attn.o_proj.weight";
const COUNT = 20_000;

type Change = (a: number, noise: number, i: number) => number;
const rescaled: Change = (a, noise) => 0.63 * a + 0.06 * noise;
const heavy: Change = (a, noise) => a + 0.05 * noise ** 3;

function outcome(change: Change, count = COUNT, coverage = 1, seed = 5): PairOutcome {
  const normal = seededNormal(seed);
  const a = Array.from({ length: count }, normal);
  return outcomeOf(
    a,
    a.map((x, i) => Math.fround(change(x, normal(), i))),
    coverage,
  );
}

type Tensors = Parameters<typeof pairsOf>[0];
interface Case {
  tensors?: Tensors;
  outcomes: (PairOutcome | null)[];
  key?: string;
  dtypes?: [Dtype, Dtype];
  alone?: boolean;
  identical?: boolean;
}

/** What the page says of a tensor, or of a cell by its key. */
function look({ outcomes, tensors = [[NAME, [COUNT]]], key = NAME, dtypes, alone, identical }: Case): Inspection {
  const pairs = pairsOf(tensors, alone).map((pair) => ({
    ...pair,
    ...(dtypes ? { a: { ...pair.a, dtype: dtypes[0] }, b: pair.b && { ...pair.b, dtype: dtypes[1] } } : {}),
    ...(identical ? { identical } : {}),
  }));
  const inspection = inspect(comparisonOf(pairs), OutcomeList.of(pairs, outcomes), key);
  if (!inspection) throw new Error(`Nothing is called ${key}.`);
  return inspection;
}

function explained(of: Case): Explanation {
  const explanation = explanationOf(look(of));
  if (!explanation) throw new Error("It was read.");
  expect(JSON.stringify(explanation)).not.toMatch(/NaN|Infinity|undefined/);
  return explanation;
}
const labels = ({ findings }: Explanation) => findings.map(({ label }) => label);
const verdicts = ({ ways }: Explanation) =>
  ways.map(({ denominator, beyond, verdict }) => [denominator, beyond, verdict]);

describe("four ways to draw a rescale", () => {
  const explanation = explained({ outcomes: [outcome(rescaled)], dtypes: ["BF16", "BF16"] });

  it("has two humps over |a| and one over a, and more at the ends where they are piled up", () => {
    expect(verdicts(explanation)).toEqual([
      ["abs", "drop", "Two modes, at ±0.37"],
      ["signed", "drop", "One mode, at −0.37"],
      ["abs", "pile", "Two modes, at ±0.37; humps at ±1 only by piling up"],
      ["signed", "pile", expect.stringMatching(/^One mode, at −0.37; .* only by piling up$/)],
    ]);
  });

  it("is called what it is, and needs no remark", () => {
    expect(labels(explanation)).toEqual(["rescale", "clip artefact"]);
    expect(explanation.findings[0].sentence).toMatch(/^Mostly a rescale: B ≈ 0\.63 · A explains/);
    expect(explanation.remark).toBeNull();
  });
});

test("it is worked out once for one set of numbers", () => {
  const of = { outcomes: [outcome(rescaled)] };
  const inspection = look(of);
  expect(explanationOf(inspection)).toBe(explanationOf({ ...inspection }));
  expect(explanationOf(look({ outcomes: [outcome(heavy)] }))).not.toBe(explanationOf(inspection));
});

describe("where no kind fits", () => {
  const moved = /^The weights moved by 0\.\d+ of their norm; .* of ‖Δ‖²\)?\./;
  test.each<[string, Case, RegExp]>([
    ["all was looked for", { outcomes: [outcome(heavy)] }, /None of the kinds of change that this page knows fits\.$/],
    [
      "too few changed",
      { tensors: [[NAME, [900]]], outcomes: [outcome(heavy, 900)] },
      /Its sums show no kind of change, and its distribution has no shape to tell one from\.$/,
    ],
  ])("%s", (_, of, words) => {
    const { remark } = explained(of);
    expect(remark).toMatch(words);
    expect(remark).toMatch(moved);
  });

  it("says that a few weights are too few", () => {
    const { remark, ways } = explained({ tensors: [[NAME, [8]]], outcomes: [outcome(heavy, 8)] });
    expect(remark).toMatch(/^The weights moved by .* of their norm\. That is too few to tell a kind of change from\.$/);
    expect(new Set(ways.map(({ verdict }) => verdict))).toEqual(new Set(["Too few changed to have a shape"]));
  });

  it.each([
    ["All weights are zero in A, so no relative change exists.", new Array(3000).fill(0), new Array(3000).fill(1)],
    ["All weights are zero in B.", new Array(3000).fill(1), new Array(3000).fill(0)],
    ["None of the weights is a finite number in both A and B.", [1, Number.NaN], [Number.POSITIVE_INFINITY, 1]],
  ])("says what there is: %s", (sentence, a, b) => {
    const { remark, findings, ways, spread } = explained({ outcomes: [outcomeOf(a, b)] });
    expect(remark).toContain(sentence);
    expect([findings, ways, spread]).toEqual([[], [], null]);
  });

  it("finds no change where both sides are zero throughout", () => {
    expect(labels(explained({ outcomes: [outcomeOf([0, 0], [0, 0])] }))).toEqual(["identical"]);
  });
});

it("says that a format is too coarse for a shape", () => {
  const { ways } = explained({ outcomes: [outcome(heavy)], dtypes: ["F8_E8M0", "F8_E8M0"] });
  expect(new Set(ways.map(({ verdict }) => verdict))).toEqual(new Set(["F8_E8M0 is too coarse to show a shape"]));
});

describe("what is the same", () => {
  it("is identical with its proof where it was not read", () => {
    const explanation = explained({
      outcomes: [{ stats: null, coverage: 1, engine: null, identical: true }],
      identical: true,
    });
    expect(labels(explanation)).toEqual(["identical"]);
    expect(explanation.findings[0].sentence).toContain("exact, by its hash");
    expect(explanation.ways).toEqual([]);
  });

  it("is identical where it was", () => {
    const explanation = explained({ outcomes: [outcome((a) => a)] });
    expect([labels(explanation), explanation.ways, explanation.remark]).toEqual([["identical"], [], null]);
  });
});

describe("cells of many experts", () => {
  const EXPERTS = 20;
  const tensors: Tensors = Array.from({ length: EXPERTS }, (_, i) => [
    `model.layers.0.mlp.experts.${i}.up_proj.weight`,
    [1000],
  ]);
  const key = (change: Change) => {
    const outcomes = tensors.map((_, i) => outcome(change, 1000, 1, i + 1));
    return { tensors, outcomes };
  };
  const cell = (of: Case) => look({ ...of, key: tensors[3][0] }).cell as string;

  it("are explained by what they have together", () => {
    const of = key(rescaled);
    const explanation = explained({ ...of, key: cell(of) });
    expect(labels(explanation)).toContain("rescale");
    expect(verdicts(explanation)[0]).toEqual(["abs", "drop", "Two modes, at ±0.37"]);
    expect(explanation.ways[0].shape?.counted).toBeGreaterThan(1000 * (EXPERTS - 4));
  });

  it("leave a single expert its sums", () => {
    const explanation = explained({ ...key(rescaled), key: tensors[3][0] });
    expect([labels(explanation), explanation.ways, explanation.spread]).toEqual([["rescale"], [], null]);
    expect(explained({ ...key(heavy), key: tensors[3][0] }).remark).toMatch(
      /Its sums show no kind of change; those that only a distribution shows were not looked for\.$/,
    );
  });
});

describe("the storage format", () => {
  const tiny: Change = (a, _, i) => (i % 2 ? a : a * (1 + 1 / 100));
  it.each<[Dtype, Dtype, string[]]>([
    ["BF16", "BF16", ["sparse update", "BF16-limited"]],
    ["F16", "BF16", ["sparse update"]],
    ["F32", "F32", ["sparse update"]],
    ["I8", "BF16", ["sparse update"]],
  ])("%s → %s", (a, b, expected) => {
    const found = labels(explained({ outcomes: [outcome(tiny)], dtypes: [a, b] }));
    expect(found.filter((label) => expected.includes(label))).toEqual(expected);
    expect(found.some((label) => label.endsWith("-limited"))).toBe(expected.includes("BF16-limited"));
  });
});

it("is not there before anything was read, nor of one operand alone", () => {
  expect(explanationOf(look({ outcomes: [null] }))).toBeNull();
  expect(explanationOf(look({ outcomes: [outcome((a) => a)], alone: true }))).toBeNull();
});
