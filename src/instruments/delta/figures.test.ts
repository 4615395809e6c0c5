import { describe, expect, it } from "vitest";
import { beyondEnds, looksOf, ridgesOf } from "../../comparing/distributions.ts";
import { biasCells, gridOf } from "../../comparing/grid.ts";
import { LEAST_DIP_SHOWN } from "../../comparing/heatmap.ts";
import type { PairOutcome } from "../../comparing/outcome.ts";
import { OutcomeList } from "../../comparing/outcome-list.ts";
import { shownCells } from "../../comparing/shown-cells.ts";
import { comparisonOf, outcomeOf, pairsOf } from "../../comparing/testing/sample-comparison.ts";
import type { Phase } from "../../store/phase.ts";
import { jobsIn } from "../../store/testing/jobs-in.ts";
import { viewFor } from "./fit-view.ts";
import { type Seen, selectHeatmap, selectRanking } from "./selection.ts";
import { DEFAULT_VIEW, type ViewState } from "./view-state.ts";

const LAYERS = [0, 1, 2, 3, 4, 5, 6];
/** As in Qwen 2: q has a bias, o has none. */
const PAIRS = pairsOf(
  LAYERS.flatMap((layer): [string, number[]][] => [
    [`model.layers.${layer}.self_attn.q_proj.weight`, [2, 2]],
    [`model.layers.${layer}.self_attn.q_proj.bias`, [4]],
    [`model.layers.${layer}.self_attn.o_proj.weight`, [2, 2]],
  ]),
);
const BASE = [1, -2, 4, 10];
/** q moves by a tenth of itself, its bias by a fifth, o by 0.3 and one element by more than itself. */
const movedBy = (name: string): number[] => {
  if (name.includes("o_proj")) return [0.3, 0.3, 1.2, 0.3];
  return new Array(4).fill(name.endsWith("bias") ? 0.2 : 0.1);
};
const ALL = PAIRS.map(({ name }) =>
  outcomeOf(
    BASE,
    BASE.map((a, i) => a * (1 + movedBy(name)[i])),
  ),
);
const NORM_A = 11;
const NORM_O = Math.hypot(0.3, 0.6, 4.8, 3);

let version = 0;
function seen(
  view: Partial<ViewState>,
  list: (PairOutcome | null)[] = ALL,
  phase: Phase = { status: "finished" },
): Seen {
  const results = { version: ++version, list: OutcomeList.of(PAIRS, list) };
  return { comparison: comparisonOf(PAIRS), results, view: { ...DEFAULT_VIEW, ...view }, jobs: jobsIn(phase) };
}
const without = (wanted: (name: string) => boolean) =>
  ALL.map((outcome, i) => (wanted(PAIRS[i].name) ? null : outcome));
const totals = (state: Seen) =>
  Object.fromEntries((selectHeatmap(state)?.rows ?? []).map(({ key, total }) => [key, total]));
const cellOf = (state: Seen, wanted: string) => selectHeatmap(state)?.cells.find(({ key }) => key === wanted);

describe("Figure 2", () => {
  it("draws ‖Δ‖ whatever the measure, from 0 to the largest value, in the paper's colours", () => {
    const picture = selectHeatmap(seen({ figure: "2", metric: "rescale" }));
    expect(totals(seen({ figure: "2", metric: "rescale" })).q_proj).toBeCloseTo(0.1 * NORM_A, 5);
    expect(picture).toMatchObject({ ramp: "ylgnbu", metric: { id: "norm", label: "‖Δ‖" } });
    expect(picture?.domain).toEqual([0, expect.closeTo(NORM_O, 5)]);
    expect(picture?.metric.describe).toMatch(/^Figure 2 .*YlGnBu/);
    expect(selectHeatmap(seen({}))).toMatchObject({ ramp: "house", metric: { id: "relative" } });
  });

  it("adds the norm of the bias to that of its matrix where asked for, names the sum, and nowhere else", () => {
    const state = seen({ figure: "2b" });
    expect(totals(state).q_proj).toBeCloseTo(0.1 * NORM_A + 0.2 * NORM_A, 5);
    expect(totals(state).o_proj).toBeCloseTo(NORM_O, 5);
    expect(selectHeatmap(state)?.headline).toMatch(/^o_proj moved most: ‖ΔW‖ \+ ‖Δb‖ = 5\.7/);
    expect(cellOf(state, "q_proj@3")?.label).toBe("Layer 3 · q_proj: ‖ΔW‖ + ‖Δb‖ 3.300, exact");
  });

  it("waits for the bias", () => {
    const state = seen(
      { figure: "2b" },
      without((name) => name.endsWith("bias")),
    );
    expect(cellOf(state, "q_proj@3")).toMatchObject({ state: "partial", value: expect.closeTo(0.1 * NORM_A, 5) });
    expect(cellOf(state, "o_proj@3")).toMatchObject({ state: "exact" });
  });

  it("keeps a round end while values arrive", () => {
    const state = seen({ figure: "2" }, ALL, { status: "running" });
    expect(selectHeatmap(state)?.domain).toEqual([0, 6]);
  });

  it("knows each matrix' bias by its module and layer", () => {
    const found = biasCells(PAIRS);
    expect([...found.keys()]).toEqual(LAYERS.map((layer) => `q_proj@${layer}`));
    expect(found.get("q_proj@2")?.pairs.map((index) => PAIRS[index].name)).toEqual([
      "model.layers.2.self_attn.q_proj.bias",
    ]);
  });
});

describe("Figure 3", () => {
  const row = gridOf(PAIRS, "matrix").rows.find(({ key }) => key === "o_proj") ?? expect.fail("There is a row.");

  it("draws the layers 0, 5, 10 … whatever the stride, and the first where there is none of these", () => {
    const layers = (figure: ViewState["figure"], cells = row.cells) =>
      shownCells({ every: 2, figure }, { ...row, cells }).map(({ layer }) => layer);
    expect(layers("3")).toEqual([0, 5]);
    expect(layers("ours")).toEqual([0, 2, 4, 6]);
    expect(layers("3", row.cells.slice(1, 4))).toEqual([1]);
  });

  it("has three looks of the same weights: the code's, the printed one and what is there", () => {
    const state = seen({ figure: "3", denominator: "signed", beyond: "drop" });
    const looks = looksOf(state.view);
    expect(looks.map(({ id }) => id)).toEqual(["code", "printed", "whole"]);
    const drawn = looks.map((look) => ridgesOf(state.results.list, row, state.view, look));
    // Of the four weights of each layer one grows by more than itself.
    for (const ridges of drawn) expect(beyondEnds(ridges)).toEqual({ count: 2, all: 8 });
    const [[code], [printed], [whole]] = drawn;
    expect(code).toMatchObject({ label: "0", dropped: 1, piled: 0, above: 0, total: 3 });
    expect(printed).toMatchObject({ dropped: 0, piled: 1, above: 0, total: 4 });
    expect(whole).toMatchObject({ dropped: 0, piled: 0, above: 1, total: 4 });
    // 0.3 of −2 is −0.6 of |a| in the middle of the left half, and +0.3 of a.
    expect([code.bins[128 - 38], code.bins[128 + 38], whole.bins[128 + 38]]).toEqual([1, 2, 3]);
  });

  it("leaves the looks that are chosen elsewhere alone", () => {
    const view = { ...DEFAULT_VIEW, beyond: "pile", unchanged: "hide" } as const;
    expect(looksOf(view)).toMatchObject([
      { id: "abs", denominator: "abs", beyond: "pile", unchanged: "hide" },
      { id: "signed", denominator: "signed", beyond: "pile", unchanged: "hide" },
    ]);
    expect(looksOf({ ...view, figure: "2", denominator: "signed" })).toHaveLength(1);
  });
});

describe("a link to a figure", () => {
  const shown = (view: Partial<ViewState>, pairs = PAIRS) => {
    const { figure, group } = viewFor({ ...DEFAULT_VIEW, ...view }, comparisonOf(pairs));
    return [figure, group];
  };
  it("is of matrices, and of biases only where there are any", () => {
    expect(shown({ figure: "2", group: "bias" })).toEqual(["2", "matrix"]);
    expect(shown({ figure: "2b" })).toEqual(["2b", "matrix"]);
    expect(shown({ figure: "3", group: "bias" })).toEqual(["3", "bias"]);
    expect(shown({ figure: "2b" }, pairsOf([["model.layers.0.self_attn.q_proj.weight", [2, 2]]]))[0]).toBe("2");
  });
  it("gives way where nothing can be drawn of it", () => {
    expect(shown({ figure: "3" }, pairsOf([["model.layers.0.input_layernorm.weight", [4]]]))).toEqual(["ours", "norm"]);
    expect(shown({ figure: "2" }, pairsOf([["model.layers.0.self_attn.q_proj.weight", [2, 2]]], true))[0]).toBe("ours");
  });
});

describe("the ranking", () => {
  it("is by the mean relative norm of weights without biases, and has the ratio of o to q", () => {
    const relative = NORM_O / NORM_A;
    expect(selectRanking(seen({ metric: "norm", group: "bias" }))).toEqual({
      modules: [
        { label: "o_proj", mean: expect.closeTo(relative, 5) },
        { label: "q_proj", mean: expect.closeTo(0.1, 5) },
      ],
      outputOverQuery: { ratio: expect.closeTo(relative / 0.1, 4), output: "o_proj", query: "q_proj" },
    });
  });

  it("waits until every layer is exact", () => {
    expect(
      selectRanking(
        seen(
          {},
          without((name) => name.includes("6.self_attn.o_proj")),
        ),
      ),
    ).toBeNull();
    const half = ALL.map((outcome, i) => (i === 0 ? { ...outcome, coverage: 0.5 } : outcome));
    expect(selectRanking(seen({}, half))).toBeNull();
  });
});

it("small dips stay pale", () => {
  // Four weights have no shape: the domain is its least.
  expect(selectHeatmap(seen({ metric: "dip" }))?.domain).toEqual([0, LEAST_DIP_SHOWN]);
});
