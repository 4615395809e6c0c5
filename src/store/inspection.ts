import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import { cellSentence } from "../statistics/cell-sentence.ts";
import { type DerivedNumbers, derive } from "../statistics/derive.ts";
import type { Place } from "../taxonomy/place.ts";
import type { AppState } from "./app-state.ts";
import { gridOf, groupsOf } from "./grid.ts";
import { type CellState, cellTitle, outcomeOf, selectHeatmap } from "./heatmap.ts";

/** Everything there is to say about one cell, or one tensor outside the layers. */
export interface Inspection {
  key: string;
  title: string;
  place: Place;
  pairs: Pair[];
  state: CellState;
  stats: PairStats | null;
  derived: DerivedNumbers | null;
  /** What its numbers say, in a sentence or two. */
  sentence: string | null;
}

type Seen = Pick<AppState, "comparison" | "results" | "view" | "phase">;

/** Finds a cell by its key in any group, or a tensor by its name. */
export function inspect(state: Seen, key: string): Inspection | null {
  const { comparison, results } = state;
  if (!comparison) return null;
  let found: { title: string; pairs: number[] } | null = null;
  for (const group of groupsOf(comparison.pairs)) {
    for (const row of gridOf(comparison.pairs, group).rows) {
      const cell = row.cells.find((c) => c.key === key);
      if (cell) found = { title: cellTitle(row, cell), pairs: cell.pairs };
    }
    if (found) break;
  }
  if (!found) {
    const pair = comparison.pairs.find(({ name }) => name === key);
    if (pair) found = { title: pair.place.module, pairs: [pair.index] };
  }
  if (!found) return null;
  const outcome = outcomeOf(found.pairs, results.list);
  const pairs = found.pairs.map((index) => comparison.pairs[index]);
  const derived = outcome ? derive(outcome.stats) : null;
  const { place } = pairs[0];
  return {
    key,
    title: found.title,
    place,
    pairs,
    state: outcome?.state ?? "waiting",
    stats: outcome?.stats ?? null,
    derived,
    sentence: outcome && derived && comparison.b ? cellSentence(place, derived, outcome.stats) : null,
  };
}

/** The cell asked for; else, once the scan is over, the one that moved most. */
export function selectedKey(state: Seen): string | null {
  if (state.view.cell) return state.view.cell;
  if (state.phase.status !== "finished") return null;
  const picture = selectHeatmap(state);
  if (!picture) return null;
  const centre = picture.metric.centre ?? 0;
  const strength = (value: number | null) => (value === null ? -1 : Math.abs(value - centre));
  const cells = picture.cells.filter(({ row }) => row === picture.top);
  return (
    cells.reduce((best, cell) => (strength(cell.value) > strength(best.value) ? cell : best), cells[0])?.key ?? null
  );
}
