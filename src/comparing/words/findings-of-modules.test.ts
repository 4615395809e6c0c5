import { describe, expect, test } from "vitest";
import type { Finding } from "../../statistics/explain.ts";
import { explain } from "../../statistics/explain.ts";
import { latticeOf } from "../../statistics/lattice.ts";
import { seededNormal, statsOfArrays } from "../../statistics/pair-stats-fixture.ts";
import { findingsOfModule, type LayerFindings, type ModuleFinding, mostTelling } from "./findings-of-modules.ts";

const sentence = "";
const rescale = (k: number, share: number, residual: number, mode: number | null): Finding => ({
  ...{ kind: "rescale", numbers: { k, share, residual, mode }, sentence },
});
const clip: Finding = { kind: "clip-artefact", numbers: { beyond: 0.05, ends: 2 }, sentence };
const sparse = (unchanged: number): Finding => ({ kind: "sparse", numbers: { unchanged }, sentence });
const noise = (distance: number, share: number): Finding => ({
  ...{ kind: "noise-like", numbers: { distance, share }, sentence },
});
const identical: Finding = { kind: "identical", numbers: {}, sentence };

const layersOf = (...findings: (Finding[] | null)[]): LayerFindings[] =>
  findings.map((each, layer) => ({ layer, findings: each }));

describe("one sentence a kind, with its layers and the ends of its numbers", () => {
  const CASES: [what: string, layers: LayerFindings[], sentences: string[]][] = [
    [
      "a rescale of all layers",
      layersOf([rescale(0.63, 0.9, 0.1, -0.37)], [rescale(0.61, 0.85, 0.15, -0.375)]),
      [
        "o: a rescale in 2 of 2 layers, k from 0.61 to 0.63, which explains 85.0 to 90.0 % of ‖Δ‖² and leaves 0.100 to 0.150 of ‖A‖; over a the changes have one mode, near −0.375 to −0.370.",
      ],
    ],
    [
      "one rescale, exact but for rounding",
      layersOf([rescale(1.375, 1, 1e-8, null)]),
      ["o: a rescale in 1 of 1 layer, k = 1.38, which explains 100 % of ‖Δ‖² and leaves nothing measurable."],
    ],
    [
      "a mode in some of them",
      layersOf([rescale(0.63, 0.9, 0.1, -0.37)], [rescale(0.63, 0.9, 0.1, null)]),
      [
        "o: a rescale in 2 of 2 layers, k = 0.63, which explains 90.0 % of ‖Δ‖² and leaves 0.100 of ‖A‖; over a the changes have one mode in 1 of them, near −0.370.",
      ],
    ],
    [
      "some layers, and others of no kind",
      layersOf([sparse(0.9)], [sparse(0.8)], [sparse(0.9)], [clip], [sparse(0.9)], []),
      [
        "o: a sparse update in 4 of 6 layers (layers 0–2 and 4), 80.0 to 90.0 % of the weights are exactly the same in A and B.",
        "o: clipping would make a hump at ±1 in 1 of 6 layers (layer 3), 5.0 % of the weights changed by about their own size or more.",
        "o: none of the kinds of change that are looked for fits in 2 of 6 layers (layers 3 and 5).",
      ],
    ],
    [
      "not all read",
      layersOf([noise(0.02, 0.001)], null, [noise(0.03, 0.002)], null),
      [
        "o: noise-like in 2 of 2 layers read, of 4 in all, one mode at zero, at most 0.20 % of ‖Δ‖² along A, and within 3.0 % of two independent Gaussians at every size.",
      ],
    ],
    [
      "out of order",
      [
        { layer: 7, findings: [identical] },
        { layer: 2, findings: [identical] },
        { layer: 5, findings: [clip] },
      ],
      [
        "o: identical in 2 of 3 layers (layers 2 and 7), every value is the same in A and B.",
        "o: clipping would make a hump at ±1 in 1 of 3 layers (layer 5), 5.0 % of the weights changed by about their own size or more.",
        "o: none of the kinds of change that are looked for fits in 1 of 3 layers (layer 5).",
      ],
    ],
    [
      "the other kinds",
      layersOf([
        { kind: "replaced", numbers: { cosine: -0.01 }, sentence },
        { kind: "sign-like", numbers: { mode: 0.35, energy: 0.99 }, sentence },
        { kind: "mixture", numbers: { modes: [0, 0.4], valley: 0.922 }, sentence },
        { kind: "format-limited", numbers: { within: 0.8, size: 2 ** -6 }, sentence },
      ]),
      [
        "o: replaced rather than adjusted in 1 of 1 layer, the cosine between A and B is −0.0100.",
        "o: sign-like steps in 1 of 1 layer, two modes over a as over |a|, near ±0.350, and steps of one size keep 99.0 % of ‖Δ‖².",
        "o: groups of weights that moved differently in 1 of 1 layer, 2 modes over a, with valleys 92.2 % deep between them.",
        "o: changes at the limit of the storage format in 1 of 1 layer, 80.0 % of them are below 1/64 of their weight.",
      ],
    ],
    ["nothing read", layersOf(null, null), []],
    ["no layers", [], []],
  ];
  test.each(CASES)("%s", (_, layers, sentences) => {
    expect(findingsOfModule("o", layers).map((one) => one.sentence)).toEqual(sentences);
  });

  test("names the layers and how many were read as numbers, too", () => {
    const [found] = findingsOfModule("o", layersOf([clip], null, [clip, sparse(0.5)]));
    expect(found).toMatchObject({ kind: "sparse", layers: [2], of: 2 });
  });
});

test("what explain finds in a planted rescale is told with its numbers", () => {
  const normal = seededNormal(7);
  const a = Array.from({ length: 20_000 }, normal);
  const layers = [0.61, 0.63].map((k, layer) => {
    const b = a.map((one) => Math.fround(k * one + 0.06 * normal()));
    return { layer, findings: explain(statsOfArrays(a, b), latticeOf("F32", "F32")) };
  });
  const [first] = findingsOfModule("o_proj", layers);
  expect(first).toMatchObject({ kind: "rescale", layers: [0, 1], of: 2 });
  expect(first.sentence).toMatch(
    /^o_proj: a rescale in 2 of 2 layers, k from 0\.61 to 0\.63, which explains 97\.\d to 97/,
  );
});

describe("the module that says most", () => {
  const of = (key: string, mean: number | null, ...findings: (Finding[] | null)[]) => ({
    ...{ key, mean },
    findings: findingsOfModule(key, layersOf(...findings)) as ModuleFinding[],
  });
  const small = [rescale(0.9, 0.8, 0.1, null)];
  const CASES: [what: string, modules: ReturnType<typeof of>[], key: string | null][] = [
    ["moved most, where no kind is telling", [of("q", 0.1, [clip]), of("o", 0.2, [noise(0.01, 0.001)])], "o"],
    ["a rescale before a larger change of no kind", [of("q", 0.1, small, small), of("o", 0.2, [clip], [clip])], "q"],
    ["not a rescale of less than half of the layers", [of("q", 0.1, small, [], []), of("o", 0.2, [])], "o"],
    ["of two rescales the larger", [of("q", 0.1, small), of("o", 0.2, small)], "o"],
    ["replaced before rescaled", [of("q", 0.4, small), of("o", 0.2, [{ ...replacedOf(0.01) }])], "o"],
    ["one that has no norm is passed over", [of("q", null, small), of("o", 0, [identical])], "o"],
    ["none", [], null],
  ];
  test.each(CASES)("%s", (_, modules, key) => {
    expect(mostTelling(modules)).toBe(key);
  });
});

function replacedOf(cosine: number): Finding {
  return { kind: "replaced", numbers: { cosine }, sentence };
}
