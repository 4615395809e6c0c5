import type { DeltaSums } from "../kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import { type DerivedNumbers, derive } from "../statistics/derive.ts";
import type { PairNumbers } from "../statistics/pair-numbers.ts";
import type { AppState } from "../store/app-state.ts";
import type { Place } from "../taxonomy/place.ts";
import type { CellState } from "./comparison.ts";
import { cellOf, pairNamed } from "./grid.ts";
import { cellTitle, selectHeatmap, stateWords } from "./heatmap.ts";
import { cellSentence } from "./words/cell-sentence.ts";
import { identicalWords } from "./words/identical-words.ts";

/** Everything there is to say about one cell, or one tensor outside the layers. */
export interface Inspection {
  key: string;
  title: string;
  place: Place;
  pairs: Pair[];
  /** All pairs of the cell that one was picked from; the same as `pairs` where the cell is looked at as a whole. */
  siblings: Pair[];
  /** Key of that cell; null for a tensor outside the layers. */
  cell: string | null;
  state: CellState;
  /** `state` in words. */
  words: string;
  identical: boolean;
  /** It is what an adapter alone adds, of which the norm is all that is known. */
  isUpdate: boolean;
  /** What that nothing changed rests on, of an identical one. */
  proof: string | undefined;
  numbers: PairNumbers | null;
  /** How an adapter's change compares with B's; null where it touches none of the pairs. */
  deltas: DeltaSums | null;
  /** With histograms; null where they are not at hand. */
  stats: PairStats | null;
  derived: DerivedNumbers | null;
  /** What its numbers say, in a sentence or two. */
  sentence: string | null;
}

type Seen = Pick<AppState, "comparison" | "results" | "view" | "phase">;

/** What a key means: a cell, or a tensor by its name. */
function find(pairs: readonly Pair[], key: string) {
  const within = cellOf(pairs, key);
  const siblings = within?.cell.pairs ?? [];
  if (within?.cell.key === key)
    return { ...within, siblings, title: cellTitle(within.row, within.cell), pairs: siblings };
  const pair = pairNamed(pairs, key);
  if (!pair) return null;
  const { expert, module } = pair.place;
  const cell = within && cellTitle(within.row, within.cell);
  const title = cell && expert !== undefined ? `${cell}, expert ${expert}` : (cell ?? module);
  return { ...within, title, pairs: [pair.index], siblings };
}

/** Finds a cell by its key in any group, or a tensor by its name. */
export function inspect(state: Seen, key: string): Inspection | null {
  const { comparison, results } = state;
  const found = comparison && find(comparison.pairs, key);
  if (!found) return null;
  const outcome = results.list.pooled(found.pairs);
  const pairs = found.pairs.map((index) => comparison.pairs[index]);
  const derived = outcome ? derive(outcome.numbers) : null;
  const { place } = pairs[0];
  const sentence = outcome?.identical
    ? identicalWords(comparison.b).sentence
    : outcome && derived && comparison.b
      ? cellSentence(place, derived, outcome.numbers)
      : null;
  return {
    ...{ key, title: found.title, place, pairs, derived, sentence },
    siblings: found.siblings.map((index) => comparison.pairs[index]),
    cell: found.cell?.key ?? null,
    state: outcome?.state ?? "waiting",
    words: stateWords(outcome, comparison.b),
    identical: outcome?.identical ?? false,
    isUpdate: comparison.b === null && comparison.a.adapter === true,
    proof: outcome?.identical ? identicalWords(comparison.b).proof : undefined,
    numbers: outcome?.numbers ?? null,
    deltas: outcome?.deltas ?? null,
    stats: outcome?.stats ?? null,
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

/** The heatmap's cell that stands for what is selected: of an expert the one that pools it. */
export function selectedCell(state: Seen): string | null {
  const key = selectedKey(state);
  return (key !== null && state.comparison && cellOf(state.comparison.pairs, key)?.cell.key) || key;
}
