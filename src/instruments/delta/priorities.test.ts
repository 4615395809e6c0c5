import { expect, test } from "vitest";
import { comparisonOf, pairsOf } from "../../comparing/testing/sample-comparison.ts";
import { rankOf } from "./priorities.ts";
import { DEFAULT_VIEW, type ViewState } from "./view-state.ts";

const COMPARISON = comparisonOf(
  pairsOf([
    ["model.embed_tokens.weight", [4, 4]],
    ["model.layers.0.self_attn.q_proj.weight", [4, 4]],
    ["model.layers.0.self_attn.o_proj.weight", [4, 4]],
    ["model.layers.0.input_layernorm.weight", [4]],
    ["model.layers.1.self_attn.q_proj.weight", [4, 4]],
    ["model.layers.1.self_attn.o_proj.weight", [4, 4]],
    ["model.norm.weight", [4]],
  ]),
);

/** What is looked at, and the ranks of the pairs above: lower is read sooner. */
const VIEWS: [view: Partial<ViewState>, ranks: number[]][] = [
  [{}, [3, 2, 2, 2, 2, 2, 3]],
  [{ module: "o_proj" }, [3, 2, 1, 2, 2, 1, 3]],
  [{ cell: "q_proj@1" }, [3, 2, 2, 2, 0, 2, 3]],
  [{ module: "o_proj", cell: "o_proj@1" }, [3, 2, 1, 2, 2, 0, 3]],
  [{ group: "norm", module: "input_layernorm" }, [3, 2, 2, 1, 2, 2, 3]],
  [{ module: "gone", cell: "gone@7" }, [3, 2, 2, 2, 2, 2, 3]],
];

test.each(VIEWS)("looking at %j ranks the pairs %j", (view, ranks) => {
  const rank = rankOf({ comparison: COMPARISON, view: { ...DEFAULT_VIEW, ...view } });
  expect(COMPARISON.pairs.map(({ index }) => rank(index))).toEqual(ranks);
});

test("without a comparison all rank the same", () => {
  const rank = rankOf({ comparison: null, view: DEFAULT_VIEW });
  expect([rank(0), rank(5)]).toEqual([0, 0]);
});
