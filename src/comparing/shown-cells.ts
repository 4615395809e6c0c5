import type { Figure } from "./figure.ts";
import type { GridCell, GridRow } from "./grid.ts";

/** Which layers of a module a person wants drawn. */
export interface RidgeChoice {
  /** Every n-th of them; 0 chooses by their number. */
  every: number;
  figure: Figure;
}

/** Ridges that still can be told apart on one screen; fewer layers are all shown. */
const RIDGES = 12;

/** The paper's code draws the layers whose number is a multiple of this. */
const FIGURE_3_LAYERS = 5;

/** Every how many layers a ridge is drawn: as asked for, or so that a dozen fit. */
export function strideOf({ every, figure }: RidgeChoice, layers: number): number {
  if (figure === "3") return FIGURE_3_LAYERS;
  return every > 0 ? every : Math.max(1, Math.ceil(layers / RIDGES));
}

/**
 * The cells of a module that are drawn, in order: every n-th of them, or for Figure 3 those of the layers 0, 5, 10, …, and
 * the first where the module stands in none of these.
 */
export function shownCells(choice: RidgeChoice, { cells }: GridRow): GridCell[] {
  const stride = strideOf(choice, cells.length);
  const sorted = [...cells].sort((x, y) => x.layer - y.layer);
  if (choice.figure !== "3") return sorted.filter((_, i) => i % stride === 0);
  const shown = sorted.filter(({ layer }) => layer % stride === 0);
  return shown.length > 0 ? shown : sorted.slice(0, 1);
}
