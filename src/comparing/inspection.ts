import type { DeltaSums } from "../kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import { type DerivedNumbers, derive } from "../statistics/derive.ts";
import type { PairNumbers } from "../statistics/pair-numbers.ts";
import type { Place } from "../taxonomy/place.ts";
import type { Comparison } from "./comparison.ts";
import { cellOf, pairNamed } from "./grid.ts";
import { cellTitle, stateWords } from "./heatmap.ts";
import type { CellOutcome, CellState } from "./outcome.ts";
import type { OutcomeList } from "./outcome-list.ts";
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

/** What the numbers of a cell say; null of a model looked at alone. */
function sentenceOf({ b }: Comparison, place: Place, derived: DerivedNumbers, outcome: CellOutcome): string | null {
  if (outcome.identical) return identicalWords(b).sentence;
  return b && cellSentence(place, derived, outcome.numbers);
}

/** Finds a cell by its key in any group, or a tensor by its name. */
export function inspect(comparison: Comparison, results: OutcomeList, key: string): Inspection | null {
  const found = find(comparison.pairs, key);
  if (!found) return null;
  const outcome = results.pooled(found.pairs);
  const pairs = found.pairs.map((index) => comparison.pairs[index]);
  const derived = outcome ? derive(outcome.numbers) : null;
  const { place } = pairs[0];
  return {
    key,
    title: found.title,
    place,
    pairs,
    derived,
    sentence: outcome && derived && sentenceOf(comparison, place, derived, outcome),
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
