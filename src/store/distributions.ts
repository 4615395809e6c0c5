import { emptyPairStats } from "../kernels/pair-stats.ts";
import type { ViewState } from "../permalink/view-state.ts";
import { type RelativeHistogram, relativeHistogram } from "../statistics/relative-histogram.ts";
import type { AppState } from "./app-state.ts";
import type { Results } from "./comparison.ts";
import type { GridRow } from "./grid.ts";

/** Ridges that still can be told apart on one screen; fewer layers are all shown. */
const RIDGES = 12;

/** Every how many layers a ridge is drawn: as asked for, or so that a dozen fit. */
export const strideOf = (view: Pick<ViewState, "every">, layers: number): number =>
  view.every > 0 ? view.every : Math.max(1, Math.ceil(layers / RIDGES));

const NOTHING = emptyPairStats();

export interface Ridge extends RelativeHistogram {
  key: string;
  label: string;
}

/** The relative-change histograms of every n-th layer of a module, over |a| or over a. Layers not read yet lie flat and keep their place. */
export function ridgesOf(
  state: Pick<AppState, "results" | "view">,
  row: GridRow,
  denominator: "abs" | "signed",
): Ridge[] {
  const { view, results } = state;
  const stride = strideOf(view, row.cells.length);
  const cells = [...row.cells].sort((x, y) => x.layer - y.layer).filter((_, i) => i % stride === 0);
  const { beyond, unchanged } = view;
  return cells.map((cell) => {
    const stats = results.list.pooled(cell.pairs)?.stats ?? NOTHING;
    const histogram = relativeHistogram(stats, { denominator, beyond, unchanged });
    return { key: cell.key, label: String(cell.layer), ...histogram };
  });
}

/** Elements of a module read so far: changes whenever its distributions do. */
export const elementsRead = ({ list }: Results, row: GridRow): number =>
  row.cells.reduce((sum, { pairs }) => pairs.reduce((inner, pair) => inner + list.elements(pair), sum), 0);
