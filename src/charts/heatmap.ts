import { select } from "d3-selection";
import "./chart.css";
import "./heatmap.css";
import { type ColorScale, diverging, type RampName, sequential, type Theme } from "./color-scale.ts";
import { clearEmptyState, drawEmptyState } from "./empty-state.ts";
import { drawHeatmapCells } from "./heatmap-cells.ts";
import { listenToHeatmap, type Place, pointAt } from "./heatmap-input.ts";
import { type HeatmapColumn, type HeatmapLayout, type HeatmapRow, heatmapLayout } from "./heatmap-layout.ts";
import { legendHeight } from "./heatmap-legend.ts";
import { drawHeatmapMargins, stripReach } from "./heatmap-margins.ts";

export interface HeatmapCell {
  /** Unique over the whole chart and the same from draw to draw. */
  key: string;
  row: string;
  column: string;
  /** Null where there is no number (yet, or in this metric). Not finite counts as null. */
  value: number | null;
  /** `partial` is an estimate and is hatched; `none` stays empty: no such pair. */
  state: "waiting" | "partial" | "exact" | "none";
  /** A full sentence, the same for pointer, keyboard and screen reader. Empty: the cell cannot be reached. */
  label: string;
}

export interface HeatmapData {
  rows: readonly HeatmapRow[];
  columns: readonly HeatmapColumn[];
  /** In any order; a row and column without a cell is left empty. */
  cells: readonly HeatmapCell[];
}

export interface HeatmapOptions {
  /** px; 320 to 1900. */
  width: number;
  theme: Theme;
  scale: { kind: "sequential" | "diverging"; domain: readonly [number, number]; centre?: number; ramp?: RampName };
  format(value: number): string;
  /** What the colour means, for example `‖Δ‖ / ‖A‖`. */
  legend: string;
  /** What the columns are: `layer`. */
  columnTitle: string;
  /** What is printed at the right of a row: `mean`. */
  rowTotalTitle: string;
  /** What the bars beneath the columns show; empty for none. */
  columnTotalTitle: string;
  /** Key of the selected cell. */
  selected: string | null;
  /** Key of the row drawn bold. */
  emphasised: string | null;
  onSelect(key: string): void;
  onSelectRow(rowKey: string): void;
  /** `anchor` is the cell's box in the window; both null when nothing is under the pointer or focused. */
  onHover(key: string | null, anchor: DOMRect | null): void;
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

const drawings = new WeakMap<SVGSVGElement, LiveHeatmap>();
let drawn = 0;

/**
 * Draws the heatmap into `root`, or brings what is there up to date: cells keep their element by key, so a result that
 * arrives changes one colour and moves nothing. Sets the width and height of `root`.
 */
export function drawHeatmap(root: SVGSVGElement, data: HeatmapData, options: HeatmapOptions): void {
  const height = heatmapHeight(data, options);
  const svg = select(root)
    .classed("chart heatmap", true)
    .attr("width", options.width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${options.width} ${height}`);
  if (data.rows.length === 0 || data.columns.length === 0) {
    svg.selectAll(":scope > g").remove();
    drawings.delete(root);
    drawEmptyState(root, options.width, height, "Nothing to compare yet");
    return;
  }
  clearEmptyState(root);

  const before = drawings.get(root);
  const live: LiveHeatmap = {
    id: before?.id ?? `heatmap-${++drawn}`,
    data,
    options,
    layout: layoutOf(data, options),
    color: colorOf(options),
    grid: gridOf(data),
    entry: before?.entry ?? null,
    at: before?.at ?? null,
  };
  drawings.set(root, live);

  drawHeatmapMargins(root, live);
  drawHeatmapCells(root, live);
  listenToHeatmap(root, () => drawings.get(root));
  pointAt(root, live, live.at);
}

/** The height in px that `drawHeatmap` will give the drawing. */
export function heatmapHeight(data: HeatmapData, options: HeatmapOptions): number {
  return data.rows.length === 0 || data.columns.length === 0 ? 120 : Math.ceil(layoutOf(data, options).height);
}

function layoutOf(data: HeatmapData, options: HeatmapOptions): HeatmapLayout {
  const text = (value: number | null) => (value !== null && Number.isFinite(value) ? options.format(value) : "");
  const ends = options.scale.domain.map(text);
  return heatmapLayout({
    rows: data.rows,
    columns: data.columns,
    width: options.width,
    // "0.0000" holds the room while there is no number yet.
    totalTexts: ["0.0000", ...data.rows.map((row) => text(row.total)), stripReach(data, options)?.label ?? ""],
    valueTexts: ["0.000", ...ends],
    columnTitle: options.columnTitle,
    rowTotalTitle: options.rowTotalTitle,
    columnTotalTitle: options.columnTotalTitle,
    legendHeight: legendHeight(options),
  });
}

function colorOf({ scale, theme }: HeatmapOptions): ColorScale {
  return scale.kind === "diverging"
    ? diverging(scale.domain, scale.centre ?? 0, theme)
    : sequential(scale.domain, theme, scale.ramp);
}

function gridOf(data: HeatmapData): LiveHeatmap["grid"] {
  const rowAt = new Map(data.rows.map(({ key }, index) => [key, index]));
  const columnAt = new Map(data.columns.map(({ key }, index) => [key, index]));
  const grid: LiveHeatmap["grid"] = data.rows.map(() => new Array(data.columns.length).fill(undefined));
  for (const cell of data.cells) {
    const row = rowAt.get(cell.row);
    const column = columnAt.get(cell.column);
    if (row !== undefined && column !== undefined) (grid[row] as (HeatmapCell | undefined)[])[column] = cell;
  }
  return grid;
}
