import { emptyPairStats, type PairStats } from "../kernels/pair-stats.ts";
import { paperHistogram } from "../statistics/paper-histogram.ts";
import {
  type RelativeHistogram,
  type RelativeHistogramOptions,
  relativeHistogram,
} from "../statistics/relative-histogram.ts";
import type { Figure } from "./figure.ts";
import type { GridRow } from "./grid.ts";
import type { OutcomeList } from "./outcome-list.ts";
import { type RidgeChoice, shownCells } from "./shown-cells.ts";

const NOTHING = emptyPairStats();

/** How a person wants distributions drawn: over |a| or over a, or one beside the other. */
export interface LookChoice extends Pick<RelativeHistogramOptions, "beyond" | "unchanged"> {
  denominator: RelativeHistogramOptions["denominator"] | "both";
  figure: Figure;
}

/** One way to draw relative changes. */
export interface Look extends Pick<RelativeHistogramOptions, "denominator" | "unchanged"> {
  /** Stays with its place on the screen while the rest of it is chosen otherwise. */
  id: "abs" | "signed" | "code" | "printed" | "whole";
  /** `paper`: from ±253/256 on they are left out, near where the paper's code does it. */
  beyond: RelativeHistogramOptions["beyond"] | "paper";
}

const FIGURE_3: readonly Look[] = [
  { id: "code", denominator: "abs", beyond: "paper", unchanged: "show" },
  { id: "printed", denominator: "signed", beyond: "pile", unchanged: "show" },
  { id: "whole", denominator: "signed", beyond: "bars", unchanged: "hide" },
];

/** How the distributions are drawn, side by side: as chosen; for Figure 3 as the paper's code has it, as printed, as it is. */
export function looksOf({ figure, denominator, beyond, unchanged }: LookChoice): readonly Look[] {
  if (figure === "3") return FIGURE_3;
  const shown = denominator === "both" ? (["abs", "signed"] as const) : [denominator];
  return shown.map((one) => ({ id: one, denominator: one, beyond, unchanged }));
}

const histogramOf = (stats: PairStats, { denominator, beyond, unchanged }: Look): RelativeHistogram =>
  beyond === "paper" ? paperHistogram(stats) : relativeHistogram(stats, { denominator, beyond, unchanged });

export interface Ridge extends RelativeHistogram {
  key: string;
  label: string;
}

/** The relative-change histograms of a module's drawn layers. Layers not read yet lie flat and keep their place. */
export function ridgesOf(results: OutcomeList, row: GridRow, choice: RidgeChoice, look: Look): Ridge[] {
  return shownCells(choice, row).map((cell) => {
    const stats = results.pooled(cell.pairs)?.stats ?? NOTHING;
    return { key: cell.key, label: String(cell.layer), ...histogramOf(stats, look) };
  });
}

/** The numbers of a row's cells, read again against multiples of A: by their keys, null until they are read. */
export interface RescaledRow {
  /** Its key. */
  row: string;
  cells: ReadonlyMap<string, { stats: PairStats | null }>;
}

/**
 * The same of B against k·A, where the rescale was taken out of this row: in all cells that have a k, flat until they are
 * read again.
 */
export function rescaledRidges(rescaled: RescaledRow | null, row: GridRow, choice: RidgeChoice, look: Look): Ridge[] {
  return shownCells(choice, row).flatMap((cell) => {
    const found = rescaled?.row === row.key ? rescaled.cells.get(cell.key) : undefined;
    if (!found) return [];
    return [{ key: cell.key, label: String(cell.layer), ...histogramOf(found.stats ?? NOTHING, look) }];
  });
}

/** Elements with a relative change in some ridges: all, and those beyond the ends, whatever becomes of these. */
export function beyondEnds(ridges: readonly RelativeHistogram[]): { count: number; all: number } {
  let count = 0;
  let all = 0;
  for (const { total, dropped, piled, hidden, below, above } of ridges) {
    count += dropped + piled + below + above;
    all += total + dropped + hidden;
  }
  return { count, all };
}

/** Elements of a module read so far: changes whenever its distributions do. */
export const elementsRead = (results: OutcomeList, row: GridRow): number =>
  row.cells.reduce((sum, { pairs }) => pairs.reduce((inner, pair) => inner + results.elements(pair), sum), 0);
