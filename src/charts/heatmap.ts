import { select } from "d3-selection";
import "./chart.css";
import "./heatmap.css";
import { type ColorScale, diverging, sequential } from "./color-scale.ts";
import { clearEmptyState, drawEmptyState } from "./empty-state.ts";
import { drawHeatmapCells } from "./heatmap-cells.ts";
import type { HeatmapCell, HeatmapData, HeatmapOptions } from "./heatmap-data.ts";
import { listenToHeatmap, pointAt } from "./heatmap-input.ts";
import { type HeatmapLayout, heatmapLayout } from "./heatmap-layout.ts";
import { legendHeight } from "./heatmap-legend.ts";
import { drawHeatmapMargins, stripReach } from "./heatmap-margins.ts";
import type { LiveHeatmap } from "./live-heatmap.ts";

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
