import { describe, expect, it, test } from "vitest";
import { expertLayerAt } from "../../comparing/expert-layers.ts";
import type { PairOutcome } from "../../comparing/outcome.ts";
import { OutcomeList } from "../../comparing/outcome-list.ts";
import { comparisonOf, outcomeOf, pairsOf } from "../../comparing/testing/sample-comparison.ts";
import { jobsIn } from "../../store/testing/jobs-in.ts";
import { expertsAfterChoosing, openExperts, selectExpertLayers, selectExperts } from "./experts.ts";
import { rankOf } from "./priorities.ts";
import type { Seen } from "./selection.ts";
import { DEFAULT_VIEW, type ViewState } from "./view-state.ts";

type Tensors = (readonly [name: string, shape: readonly number[]])[];

/** Two layers of three experts behind a dense one; experts are stored in no particular order. */
const moe = (stack: string, experts = [2, 0, 1]): Tensors => [
  [`${stack}.0.mlp.gate_proj.weight`, [2, 2]],
  ...[1, 2].flatMap(
    (layer): Tensors => [
      [`${stack}.${layer}.self_attn.o_proj.weight`, [2, 2]],
      [`${stack}.${layer}.mlp.gate.weight`, [3, 2]],
      ...experts.flatMap(
        (expert): Tensors => [
          [`${stack}.${layer}.mlp.experts.${expert}.gate_proj.weight`, [2, 2]],
          [`${stack}.${layer}.mlp.experts.${expert}.down_proj.weight`, [2, 2]],
        ],
      ),
    ],
  ),
];

const BASE = [1, -2, 4, 8];
/** Expert e of layer l moves by (l + e) tenths of itself, its down projection by twice that; all else by a tenth. */
function movedBy(name: string): number {
  const [, layer, expert, part] = /layers\.(\d+)\.mlp\.experts\.(\d+)\.(\w+)_proj/.exec(name) ?? [];
  return part === undefined ? 0.1 : ((Number(layer) + Number(expert)) / 10) * (part === "down" ? 2 : 1);
}

let version = 0;

function seen(tensors: Tensors, view: Partial<ViewState>, isRead: (name: string) => boolean = () => true): Seen {
  const pairs = pairsOf(tensors);
  const outcomes = pairs.map(({ name }): PairOutcome | null => {
    const tuned = BASE.map((a) => a * (1 + movedBy(name)));
    return isRead(name) ? outcomeOf(BASE, tuned) : null;
  });
  return {
    comparison: comparisonOf(pairs),
    results: { version: ++version, list: OutcomeList.of(pairs, outcomes) },
    view: { ...DEFAULT_VIEW, ...view },
    jobs: jobsIn({ status: isRead("") ? "finished" : "running" }),
  };
}

const MODEL = moe("model.layers");

describe("a mixture of experts", () => {
  it("says what its cells pool and which layers can be opened", () => {
    expect(selectExpertLayers(seen(MODEL, {}))).toMatchObject({
      modules: ["experts.gate_proj", "experts.down_proj"],
      most: 3,
      layers: [
        { key: "1", label: "layer 1" },
        { key: "2", label: "layer 2" },
      ],
    });
    expect(selectExpertLayers(seen(MODEL, { group: "norm" }))).toBeNull();
  });

  it("lays a layer out by module and expert, each cell under its tensor's name", () => {
    const picture = selectExperts(seen(MODEL, { experts: "1" })) ?? expect.fail();
    expect(picture.rows.map(({ key }) => key)).toEqual(["experts.gate_proj", "experts.down_proj"]);
    expect(picture.columns.map(({ label, total }) => [label, total?.toFixed(3)])).toEqual([
      ["0", "0.150"],
      ["1", "0.300"],
      ["2", "0.450"],
    ]);
    const cell = picture.cells.find(({ row, column }) => row === "experts.down_proj" && column === "2");
    expect(cell).toMatchObject({ key: "model.layers.1.mlp.experts.2.down_proj.weight", state: "exact" });
    expect(cell?.value).toBeCloseTo(0.6, 6);
    expect(cell?.label).toMatch(/^Layer 1 · experts\.down_proj, expert 2: .* 0\.6\d*, exact$/);
    expect(picture).toMatchObject({ title: "Experts of layer 1", before: null, after: { key: "2" } });
    expect(picture.spread).toMatch(/^Expert 2 has most, 0\.45\d*; expert 0 least, 0\.15\d*; median 0\.30*$/);
    expect(picture.cells).toHaveLength(6);
  });

  it("says nothing of the ends before all of it is read", () => {
    const state = seen(MODEL, { experts: "1" }, (name) => name.includes("experts.0"));
    const picture = selectExperts(state) ?? expect.fail();
    expect(picture.spread).toBe("");
    expect(picture.cells.filter((cell) => cell.state === "waiting")).toHaveLength(4);
  });

  it("says why a measure of distributions does not exist for one of many experts", () => {
    const many = moe("model.layers", [...Array(20).keys()]);
    const picture = selectExperts(seen(many, { experts: "1", ...({ metric: "dip" } as object) })) ?? expect.fail();
    expect(picture.cells.map(({ value }) => value)).toEqual(new Array(40).fill(null));
    expect(picture.spread).toMatch(/one distribution together$/);
  });

  it("gives the same picture until something of it changes", () => {
    const state = seen(MODEL, { experts: "2" });
    const picture = selectExperts(state);
    expect(selectExperts({ ...state, view: { ...state.view, cell: "o_proj@1", find: "x" } })).toBe(picture);
    expect(selectExperts({ ...state, view: { ...state.view, experts: "1" } })).not.toBe(picture);
  });

  test.each([null, "", "0", "7", "model.layers@1", "x"])("is closed for experts=%s", (experts) => {
    expect(openExperts(seen(MODEL, { experts }))).toBeNull();
    expect(selectExperts(seen(MODEL, { experts }))).toBeNull();
  });

  it("knows the layer of a cell and of an expert alone", () => {
    const { pairs } = seen(MODEL, {}).comparison ?? expect.fail();
    const keys = ["experts.gate_proj@2", "model.layers.1.mlp.experts.0.down_proj.weight", "o_proj@1", "nothing"];
    expect(keys.map((key) => expertLayerAt(pairs, key))).toEqual(["2", "1", null, null]);
  });

  /** View before, cell chosen, and what is open afterwards. */
  const CHOICES: [Partial<ViewState>, string, string | null][] = [
    [{}, "experts.gate_proj@2", null],
    [{ cell: "experts.gate_proj@2" }, "experts.gate_proj@2", "2"],
    [{ experts: "1" }, "experts.gate_proj@2", "2"],
    [{ experts: "1" }, "o_proj@2", "1"],
    [{ cell: "o_proj@2" }, "o_proj@2", null],
  ];
  test.each(CHOICES)("looking at %j and choosing %s opens %s", (view, cell, opened) => {
    expect(expertsAfterChoosing(seen(MODEL, view), cell)).toBe(opened);
  });

  it("is read before other layers while it is open", () => {
    const state = seen(MODEL, { experts: "2" });
    const pairs = state.comparison?.pairs ?? [];
    const rank = rankOf(state);
    const ranks = (pattern: RegExp) =>
      new Set(pairs.filter(({ name }) => pattern.test(name)).map(({ index }) => rank(index)));
    expect(ranks(/layers\.2\.mlp\.experts/)).toEqual(new Set([1]));
    expect(ranks(/layers\.1\.|o_proj/)).toEqual(new Set([2]));
  });
});

test("experts of several stacks are told apart", () => {
  const model = [...moe("decoder.layers"), ...moe("encoder.layers")];
  const state = seen(model, { experts: "decoder.layers@2" });
  expect(selectExpertLayers(state)?.layers.map(({ key, label }) => [key, label])).toEqual([
    ["encoder.layers@1", "encoder · layer 1"],
    ["encoder.layers@2", "encoder · layer 2"],
    ["decoder.layers@1", "decoder · layer 1"],
    ["decoder.layers@2", "decoder · layer 2"],
  ]);
  const picture = selectExperts(state) ?? expect.fail();
  expect(picture.title).toBe("Experts of decoder · layer 2");
  expect(picture.cells[0].label).toMatch(/^decoder · Layer 2 · experts\.gate_proj, expert /);
  expect(picture.columns[0].total).not.toBeNull();
});

test("a model without experts has nothing to open", () => {
  const dense: Tensors = [0, 1].map((layer) => [`model.layers.${layer}.self_attn.o_proj.weight`, [2, 2]]);
  expect(selectExpertLayers(seen(dense, { experts: "1" }))).toBeNull();
});
