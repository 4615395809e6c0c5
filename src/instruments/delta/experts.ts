import { type ExpertLayers, openExperts, selectExpertLayers } from "../../comparing/expert-layers.ts";
import type { GridCell, GridRow } from "../../comparing/grid.ts";
import { cellTitle, drawGrid, type HeatmapPicture, metricOf, remember, type Seen } from "../../comparing/heatmap.ts";
import { isFinished } from "../../store/phase.ts";

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
  const [low, middle, high] = [0, (sorted.length - 1) >> 1, sorted.length - 1].map((at) => sorted[at]);
  const text = ({ total }: { total: number }) => metric.format(total);
  if (text(low) === text(high)) return `All experts are alike: ${text(low)}`;
  return `Expert ${high.label} has most, ${text(high)}; expert ${low.label} least, ${text(low)}; median ${text(middle)}`;
}

export const selectExperts = remember(
  (state: Seen): ExpertPicture | null => {
    const opened = openExperts(state);
    const layers = selectExpertLayers(state)?.layers;
    if (!opened || !layers) return null;
    const at = layers.findIndex(({ key }) => key === opened.key);
    const titleOf = (row: GridRow, expert: GridCell) => `${cellTitle(row, opened)}, expert ${expert.layer}`;
    const picture = drawGrid(state, metricOf(state), opened.grid, titleOf);
    return {
      ...picture,
      title: `Experts of ${opened.label}`,
      spread: spreadOf(picture),
      before: layers[at - 1] ?? null,
      after: layers[at + 1] ?? null,
    };
  },
  ({ comparison, results, view, jobs }) => [
    ...[comparison, results, view.metric, view.group],
    ...[view.figure, view.experts, isFinished({ jobs, comparison })],
  ],
);
