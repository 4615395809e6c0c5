import type { ColorScale } from "./color-scale.ts";
import type { HeatmapCell, HeatmapData, HeatmapOptions } from "./heatmap-data.ts";
import type { HeatmapLayout } from "./heatmap-layout.ts";

/** A cell of the grid by row and column; column −1 is the row's label. */
export interface Place {
  row: number;
  column: number;
}

/** What one drawing keeps between draws, so that a draw only touches what has changed. */
export interface LiveHeatmap {
  readonly id: string;
  data: HeatmapData;
  options: HeatmapOptions;
  layout: HeatmapLayout;
  color: ColorScale;
  /** grid[row][column]; undefined where there is no cell. */
  grid: (HeatmapCell | undefined)[][];
  /** Where the tab key enters the grid. */
  entry: Place | null;
  /** What the pointer or the keyboard is on. */
  at: Place | null;
}
