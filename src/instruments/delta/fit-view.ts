import type { Comparison } from "../../comparing/comparison.ts";
import { biasCells, cellOf, groupsOf, pairNamed } from "../../comparing/grid.ts";
import { DEFAULT_VIEW, type ViewState } from "./view-state.ts";

/**
 * The view as far as this comparison can be looked at that way. One model alone has no change to draw, two have no lone
 * norm, and only an adapter beside them a change to compare theirs with; a group or a cell that is not there would be an
 * empty picture with no way out of it.
 */
export function viewFor(view: ViewState, comparison: Comparison): ViewState {
  const { pairs } = comparison;
  const groups = groupsOf(pairs);
  const hasCell = view.cell !== null && (cellOf(pairs, view.cell) ?? pairNamed(pairs, view.cell)) !== undefined;
  const isMissing = view.metric === "normA" || (view.metric === "adapter" && !comparison.adapter);
  const metric = isMissing ? DEFAULT_VIEW.metric : view.metric;
  // The paper's figures are of matrices.
  const figure = comparison.b && groups.includes("matrix") ? view.figure : "ours";
  const group = figure === "2" || figure === "2b" ? "matrix" : view.group;
  return {
    ...view,
    figure: figure === "2b" && biasCells(pairs).size === 0 ? "2" : figure,
    metric: comparison.b ? metric : "normA",
    group: groups.includes(group) ? group : (groups[0] ?? group),
    cell: hasCell ? view.cell : null,
  };
}
