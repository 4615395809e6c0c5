import { expect, it } from "vitest";
import { OutcomeList } from "../../comparing/outcome-list.ts";
import { comparisonOf, outcomeOf, pairsOf } from "../../comparing/testing/sample-comparison.ts";
import { jobsIn } from "../../store/testing/jobs-in.ts";
import {
  inspectionOf,
  type Seen,
  selectedKey,
  selectHeatmap,
  selectModule,
  selectRanking,
  selectRows,
} from "./selection.ts";
import { DEFAULT_VIEW, type ViewState } from "./view-state.ts";

const BASE = [1, -2, 4, 8];
const PAIRS = pairsOf(
  [0, 1, 2].flatMap((layer): [string, number[]][] => [
    [`model.layers.${layer}.self_attn.q_proj.weight`, [2, 2]],
    [`model.layers.${layer}.self_attn.o_proj.weight`, [2, 2]],
  ]),
);
/** q moves by a tenth of itself, o by `layer + 2` tenths. */
const LIST = OutcomeList.of(
  PAIRS,
  PAIRS.map(({ place }) => {
    const tenths = place.module === "o_proj" ? (place.layer ?? 0) + 2 : 1;
    return outcomeOf(
      BASE,
      BASE.map((a) => a * (1 + tenths / 10)),
    );
  }),
);
const COMPARISON = comparisonOf(PAIRS);
const RESULTS = { version: 1, list: LIST };

const seen = (view: Partial<ViewState>, status: "running" | "finished"): Seen => ({
  comparison: COMPARISON,
  results: RESULTS,
  view: { ...DEFAULT_VIEW, ...view },
  jobs: jobsIn({ status }),
});

it("is the attention output while the scan runs, then what moved most", () => {
  expect(selectModule(seen({}, "running"))?.key).toBe("o_proj");
  expect(selectModule(seen({ module: "q_proj" }, "finished"))?.key).toBe("q_proj");
  expect(selectedKey(seen({}, "running"))).toBeNull();
  expect(selectedKey(seen({}, "finished"))).toBe("o_proj@2");
  expect(selectedKey(seen({ cell: "q_proj@0" }, "running"))).toBe("q_proj@0");
});

it("is the same picture until something that it shows changes", () => {
  const picture = selectHeatmap(seen({}, "finished"));
  expect(selectHeatmap(seen({ cell: "q_proj@0", find: "x" }, "finished"))).toBe(picture);
  expect(selectHeatmap({ ...seen({}, "finished"), results: { ...RESULTS, version: 2 } })).not.toBe(picture);
});

it("is nothing without a comparison", () => {
  const nothing = { ...seen({}, "finished"), comparison: null };
  const answers = [selectHeatmap, selectModule, selectedKey, selectRanking].map((select) => select(nothing));
  expect(answers).toEqual([null, null, null, null]);
  expect([selectRows(nothing), inspectionOf(nothing, "q_proj@0")]).toEqual([[], null]);
});
