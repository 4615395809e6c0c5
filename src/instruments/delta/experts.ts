import {
  type ExpertLayer,
  type ExpertLayers,
  expertLayer,
  expertLayerAt,
  expertLayersOf,
} from "../../comparing/expert-layers.ts";
import type { GridCell, GridRow } from "../../comparing/grid.ts";
import { cellTitle, drawGrid, type HeatmapPicture, metricOf } from "../../comparing/heatmap.ts";
import { isFinished } from "../../store/phase.ts";
import { remember, type Seen } from "./selection.ts";

/** What can be opened; null where no cell pools experts. */
export const selectExpertLayers = ({ comparison, view }: Pick<Seen, "comparison" | "view">): ExpertLayers | null =>
  comparison && expertLayersOf(comparison.pairs, view.group);

/** The layer that a link or the person has opened; null where none is, or none of that name pools experts. */
export const openExperts = ({ comparison, view }: Pick<Seen, "comparison" | "view">): ExpertLayer | null =>
  comparison && view.experts ? expertLayer(comparison.pairs, view.group, view.experts) : null;

/**
 * What is open once a cell of the heatmap is chosen: its experts where others are open already or where it is chosen a
 * second time, and as before where it pools none.
 */
export function expertsAfterChoosing(state: Pick<Seen, "comparison" | "view">, cell: string): string | null {
  const { comparison, view } = state;
  const own = comparison && expertLayerAt(comparison.pairs, cell);
  if (own === null) return view.experts;
  return openExperts(state) !== null || view.cell === cell ? own : null;
}

/** The experts of the opened layer, ready to be drawn. */
export interface ExpertPicture extends HeatmapPicture {
  /** `Experts of layer 12`. */
  title: string;
  /** Which experts are at the ends, in a sentence; empty while too little is read. */
  spread: string;
  /** The layers beside it that can be opened. */
  before: ExpertLayers["layers"][number] | null;
  after: ExpertLayers["layers"][number] | null;
}

/** Expert by expert, the mean over its modules: the largest, the smallest, and the one in the middle. */
function spreadOf({ columns, cells, metric }: HeatmapPicture): string {
  if (cells.every(({ state, value }) => state === "exact" && value === null))
    return "It does not exist for one expert: those of a layer keep one distribution together";
  const known = columns.flatMap(({ label, total }) => (total === null ? [] : [{ label, total }]));
  if (known.length < 3 || known.length < columns.length) return "";
  const sorted = known.sort((x, y) => x.total - y.total);
  const low = sorted[0];
  const middle = sorted[(sorted.length - 1) >> 1];
  const high = sorted[sorted.length - 1];
  const text = ({ total }: { total: number }) => metric.format(total);
  if (text(low) === text(high)) return `All experts are alike: ${text(low)}`;
  return `Expert ${high.label} has most, ${text(high)}; expert ${low.label} least, ${text(low)}; median ${text(middle)}`;
}

export const selectExperts = remember(
  (state): ExpertPicture | null => {
    const opened = openExperts(state);
    const layers = selectExpertLayers(state)?.layers;
    if (!opened || !layers) return null;
    const at = layers.findIndex(({ key }) => key === opened.key);
    const titleOf = (row: GridRow, expert: GridCell) => `${cellTitle(row, opened)}, expert ${expert.layer}`;
    const drawing = { finished: isFinished(state), titleOf };
    const picture = drawGrid(state.comparison, state.results.list, opened.grid, metricOf(state.view), drawing);
    return {
      ...picture,
      title: `Experts of ${opened.label}`,
      spread: spreadOf(picture),
      before: layers[at - 1] ?? null,
      after: layers[at + 1] ?? null,
    };
  },
  (state) => {
    const { comparison, results, view } = state;
    return [comparison, results, isFinished(state), view.metric, view.group, view.figure, view.experts];
  },
);
