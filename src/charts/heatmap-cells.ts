import { type Selection, select } from "d3-selection";
import type { HeatmapCell } from "./heatmap-data.ts";
import { isEntry, placed } from "./heatmap-input.ts";
import type { PlacedRow } from "./heatmap-layout.ts";
import type { LiveHeatmap } from "./live-heatmap.ts";
import { type Layer, layer } from "./svg-layer.ts";

/** A cell with all that is drawn of it. */
interface Box {
  key: string;
  cell: HeatmapCell;
  column: number;
  x: number;
  y: number;
  width: number;
  /** The number that is shown, or null. */
  value: number | null;
}

/** Above this many cells, colours change at once: a thousand running transitions cost more than they tell. */
const most = 1200;

/** What each cell looked like when it was last drawn; a draw skips those that look the same. */
const looks = new WeakMap<SVGRectElement, string>();

/** The rows: label, cells, total. Every row is one keyed group, every cell one keyed rectangle. */
export function drawHeatmapCells(root: SVGSVGElement, live: LiveHeatmap): void {
  const { data, options, layout } = live;
  const rows = layer(root, "grid")
    .attr("role", "grid")
    .attr("aria-label", `${options.legend}: ${data.rows.length} rows, ${data.columns.length} columns`)
    .attr("aria-rowcount", data.rows.length)
    .attr("aria-colcount", data.columns.length + 1)
    .classed("many", data.cells.length > most)
    .selectAll<SVGGElement, PlacedRow>("g.row")
    .data(layout.rows, (row) => row.key)
    .join("g")
    .attr("class", "row")
    .attr("role", "row")
    .attr("aria-rowindex", (row) => row.index + 1)
    .classed("strong", (row) => row.key === options.emphasised);

  drawRowLabels(rows, live);
  rows.each(function (row) {
    const boxes = boxesOf(row, live);
    drawTrack(layer(this, "tracks", true), row, boxes, live);
    drawRectangles(layer(this, "cells"), row, boxes, live);
    drawHatching(layer(this, "hatches", true), boxes, live);
    drawValues(layer(this, "values", true), boxes, live);
  });

  layer(root, "overlay", true)
    .selectAll<SVGGElement, Box>("g.selection")
    .data(selectedBox(live))
    .join((enter) => {
      const group = enter.insert("g", ":first-child").attr("class", "selection");
      group.append("rect").attr("class", "gap");
      group.append("rect").attr("class", "frame");
      return group;
    })
    .each(function (box) {
      // The gap in the page's colour parts the frame from a cell of much the same lightness.
      for (const [name, grow] of [
        ["gap", -0.75],
        ["frame", 1],
      ] as const) {
        select(this)
          .select(`.${name}`)
          .attr("x", box.x - grow)
          .attr("y", box.y - grow)
          .attr("width", Math.max(0, box.width + 2 * grow))
          .attr("height", layout.rowHeight + 2 * grow)
          .attr("rx", Math.max(0, layout.radius + grow));
      }
      // A narrow cell needs all of its colour.
      select(this)
        .select(".gap")
        .classed("narrow", box.width < 10);
    });
}

function boxesOf(row: PlacedRow, live: LiveHeatmap): Box[] {
  const boxes: Box[] = [];
  live.grid[row.index]?.forEach((cell, column) => {
    if (!cell) return;
    const shows = cell.state === "partial" || cell.state === "exact";
    const value = shows && cell.value !== null && Number.isFinite(cell.value) ? cell.value : null;
    const x = live.layout.x(column);
    boxes.push({ key: cell.key, cell, column, x, y: row.y, width: live.layout.cellWidth(column), value });
  });
  return boxes;
}

function selectedBox(live: LiveHeatmap): Box[] {
  const cell = live.data.cells.find(({ key }) => key === live.options.selected);
  const row = live.layout.rows.find(({ key }) => key === cell?.row);
  return row ? boxesOf(row, live).filter(({ key }) => key === cell?.key) : [];
}

function drawRowLabels(rows: Selection<SVGGElement, PlacedRow, SVGGElement, unknown>, live: LiveHeatmap): void {
  const { options, layout } = live;
  const middle = (row: PlacedRow) => row.y + layout.rowHeight / 2 + 4;
  const number = (value: number | null) => (value !== null && Number.isFinite(value) ? options.format(value) : "");
  const header = rows
    .selectAll<SVGGElement, PlacedRow>("g.header")
    .data(
      (row) => [row],
      (row) => row.key,
    )
    .join((enter) => {
      const group = enter.append("g").attr("class", "header").attr("role", "rowheader").attr("aria-colindex", 1);
      group.append("rect").attr("class", "hit");
      group.append("text");
      group.append("title");
      return group;
    })
    .attr("tabindex", (row) => (isEntry(live, { row: row.index, column: -1 }) ? 0 : -1))
    .attr("aria-label", (row) => {
      const total = number(row.total);
      return [row.label, row.group, total && `${options.rowTotalTitle} ${total}`].filter(Boolean).join(", ");
    })
    .each(function (row) {
      placed(this, { row: row.index, column: -1 });
    });
  header
    .select("rect")
    .attr("x", 0)
    .attr("y", (row) => row.y)
    .attr("width", layout.left - 4)
    .attr("height", layout.rowHeight);
  header
    .select("text")
    .attr("text-anchor", "end")
    .attr("x", layout.left - 8)
    .attr("y", middle)
    .text((row) => row.shown);
  header.select("title").text((row) => (row.shown === row.label ? "" : row.label));
  rows
    .selectAll<SVGTextElement, PlacedRow>("text.total")
    .data(
      (row) => [row],
      (row) => row.key,
    )
    .join("text")
    .attr("class", "total")
    .attr("aria-hidden", "true")
    .attr("x", layout.right + 10)
    .attr("y", middle)
    .text((row) => number(row.total));
}

/** A thin line where cells will be, and a dash where a number does not exist: one path each for the whole row. */
function drawTrack(group: Layer, row: PlacedRow, boxes: Box[], live: LiveHeatmap): void {
  const middle = row.y + live.layout.rowHeight / 2;
  const waiting = boxes.filter(({ cell }) => cell.state === "waiting");
  const missing = boxes.filter(({ cell, value }) => value === null && /partial|exact/.test(cell.state));
  const path = (name: string, d: string) =>
    group
      .selectAll<SVGPathElement, string>(`path.${name}`)
      .data(d === "" ? [] : [d])
      .join("path")
      .attr("class", name)
      .attr("d", d);
  path("track", waiting.map(({ x, width }) => `M${x},${middle}h${width}`).join(""));
  path(
    "missing",
    missing
      .map(({ x, width }) => `M${x + width / 2 - Math.min(3, width / 2)},${middle}h${Math.min(6, width)}`)
      .join(""),
  );
}

function drawRectangles(group: Layer, row: PlacedRow, boxes: Box[], live: LiveHeatmap): void {
  const { layout, options, color } = live;
  group
    .selectAll<SVGRectElement, Box>("rect.cell")
    .data(boxes, (box) => box.key)
    .join((enter) => enter.append("rect").attr("class", "cell").attr("role", "gridcell"))
    .each(function (box) {
      const place = { row: row.index, column: box.column };
      placed(this, place);
      const fill = box.value === null ? "transparent" : color(box.value);
      const reach = box.cell.label === "" ? "" : isEntry(live, place) ? "0" : "-1";
      const selected = options.selected === box.key;
      const look = [box.x, box.y, box.width, layout.rowHeight, fill, reach, selected, box.cell.label].join("|");
      if (looks.get(this) === look) return;
      looks.set(this, look);
      select(this)
        .attr("x", box.x)
        .attr("y", box.y)
        .attr("width", box.width)
        .attr("height", layout.rowHeight)
        .attr("rx", layout.radius)
        .attr("fill", fill)
        .attr("tabindex", reach === "" ? null : reach)
        .attr("data-key", box.key)
        .attr("aria-colindex", box.column + 2)
        .attr("aria-selected", selected ? "true" : null)
        .attr("aria-label", box.cell.label === "" ? null : box.cell.label);
    });
}

function drawHatching(group: Layer, boxes: Box[], live: LiveHeatmap): void {
  group
    .selectAll<SVGRectElement, Box>("rect.hatch")
    .data(
      boxes.filter(({ cell, value }) => cell.state === "partial" && value !== null),
      (box) => box.key,
    )
    .join("rect")
    .attr("class", "hatch")
    .attr("x", (box) => box.x)
    .attr("y", (box) => box.y)
    .attr("width", (box) => box.width)
    .attr("height", live.layout.rowHeight)
    .attr("rx", live.layout.radius)
    .attr("fill", (box) => `url(#${live.id}-hatch-${live.color.faint(box.value ?? 0) ? "ink" : "page"})`);
}

function drawValues(group: Layer, boxes: Box[], live: LiveHeatmap): void {
  const { layout, options, color } = live;
  group
    .selectAll<SVGTextElement, Box>("text.value")
    .data(layout.showValues ? boxes.filter(({ value }) => value !== null) : [], (box) => box.key)
    .join("text")
    .attr("class", (box) => `value ${color.ink(box.value ?? 0)}`)
    .attr("text-anchor", "middle")
    .attr("x", (box) => box.x + box.width / 2)
    .attr("y", (box) => box.y + layout.rowHeight / 2 + 4)
    .text((box) => options.format(box.value ?? 0));
}
