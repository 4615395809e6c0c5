import type { Comparison } from "../../comparing/comparison.ts";
import { cellOf, type GridRow, gridOf } from "../../comparing/grid.ts";
import { type HeatmapPicture, heatmapOf } from "../../comparing/heatmap.ts";
import { type Inspection, inspect } from "../../comparing/inspection.ts";
import { type ModuleRanking, moduleRanking } from "../../comparing/module-ranking.ts";
import { isFinished } from "../../store/phase.ts";
import type { DeltaState } from "./delta-state.ts";

/** What the pictures of this instrument are drawn from. */
export type Seen = Pick<DeltaState, "comparison" | "results" | "view" | "jobs">;

/**
 * Remembers the last answer, by what it depends on: drawing asks again at every render, and the numbers change a few times a
 * second. Null without a comparison.
 */
export function remember<Answer>(
  compute: (state: Seen & { comparison: Comparison }) => Answer | null,
  keys: (state: Seen) => readonly unknown[],
): (state: Seen) => Answer | null {
  let last: { keys: readonly unknown[]; answer: Answer | null } | null = null;
  return (state) => {
    const { comparison } = state;
    const now = keys(state);
    if (!last || now.some((key, i) => key !== last?.keys[i]))
      last = { keys: now, answer: comparison && compute({ ...state, comparison }) };
    return last.answer;
  };
}

const NO_ROWS: readonly GridRow[] = [];

/** The rows of the heatmap. */
export const selectRows = ({ comparison, view }: Pick<Seen, "comparison" | "view">): readonly GridRow[] =>
  comparison ? gridOf(comparison.pairs, view.group).rows : NO_ROWS;

export const selectHeatmap = remember(
  (state): HeatmapPicture => heatmapOf(state.comparison, state.results.list, state.view, isFinished(state)),
  (state) => {
    const { comparison, results, view } = state;
    return [comparison, results, isFinished(state), view.metric, view.group, view.figure];
  },
);

export const selectRanking = remember(
  ({ comparison, results }): ModuleRanking | null => moduleRanking(comparison, results.list),
  ({ comparison, results }) => [comparison, results],
);

/**
 * The row whose layers are drawn as distributions: the one asked for; else the one that moved most, once the scan is
 * over; until then the attention output, which the paper looks at, so that nothing jumps while data arrives.
 */
export function selectModule(state: Seen): GridRow | null {
  const rows = selectRows(state);
  const asked = rows.find(({ key }) => key === state.view.module);
  if (asked) return asked;
  const top = isFinished(state) ? rows.find(({ key }) => key === selectHeatmap(state)?.top) : undefined;
  return top ?? rows.find(({ place }) => place.role === "attn.o") ?? rows[0] ?? null;
}

/** Key of the cell asked for; else, once the scan is over, of the one that moved most. */
export function selectedKey(state: Seen): string | null {
  if (state.view.cell) return state.view.cell;
  const picture = isFinished(state) ? selectHeatmap(state) : null;
  if (!picture) return null;
  const centre = picture.metric.centre ?? 0;
  const strength = (value: number | null) => (value === null ? -1 : Math.abs(value - centre));
  const cells = picture.cells.filter(({ row }) => row === picture.top);
  return (
    cells.reduce((best, cell) => (strength(cell.value) > strength(best.value) ? cell : best), cells[0])?.key ?? null
  );
}

/** All there is to say of a cell or a tensor, by its key; null where nothing is called so. */
export const inspectionOf = (
  { comparison, results }: Pick<Seen, "comparison" | "results">,
  key: string,
): Inspection | null => comparison && inspect(comparison, results.list, key);

/** The heatmap's cell that stands for what is selected: of an expert the one that pools it. */
export function selectedCell(state: Seen): string | null {
  const key = selectedKey(state);
  return (key !== null && state.comparison && cellOf(state.comparison.pairs, key)?.cell.key) || key;
}
