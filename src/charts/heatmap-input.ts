import { select } from "d3-selection";
import type { HeatmapCell } from "./heatmap-data.ts";
import type { LiveHeatmap, Place } from "./live-heatmap.ts";
import { layer } from "./svg-layer.ts";

const places = new WeakMap<Element, Place>();

/** Notes where an element stands in the grid. */
export function placed(element: Element, place: Place): void {
  places.set(element, place);
}

/** True for the one element of the grid that the tab key stops at. */
export function isEntry(live: LiveHeatmap, place: Place): boolean {
  const entry = live.entry && reachable(live, live.entry) ? live.entry : firstEntry(live);
  return entry !== null && entry.row === place.row && entry.column === place.column;
}

const firsts = new WeakMap<LiveHeatmap, Place>();

/** The selected cell, else the first that says something, else the first row's label. */
function firstEntry(live: LiveHeatmap): Place {
  let first = firsts.get(live);
  if (first) return first;
  const find = (wanted: (cell: HeatmapCell) => boolean): Place | null => {
    for (const [row, cells] of live.grid.entries()) {
      const column = cells.findIndex((cell) => cell !== undefined && cell.label !== "" && wanted(cell));
      if (column >= 0) return { row, column };
    }
    return null;
  };
  first = find(({ key }) => key === live.options.selected) ?? find(() => true) ?? { row: 0, column: -1 };
  firsts.set(live, first);
  return first;
}

function cellAt(live: LiveHeatmap, { row, column }: Place): HeatmapCell | undefined {
  return live.grid[row]?.[column];
}

function reachable(live: LiveHeatmap, place: Place): boolean {
  if (place.row < 0 || place.row >= live.grid.length) return false;
  return place.column === -1 || (cellAt(live, place)?.label ?? "") !== "";
}

/** The next reachable place in a direction; the place itself at the edge. */
function step(live: LiveHeatmap, from: Place, down: number, across: number): Place {
  let { row, column } = from;
  for (;;) {
    row += down;
    column += across;
    if (row < 0 || row >= live.grid.length || column < -1 || column >= live.data.columns.length) return from;
    if (reachable(live, { row, column })) return { row, column };
  }
}

/** The first or last reachable cell of a row, looking inwards. */
function end(live: LiveHeatmap, row: number, last: boolean): Place {
  const outside = last ? live.data.columns.length : -1;
  const found = step(live, { row, column: outside }, 0, last ? -1 : 1);
  return found.column === outside ? { row, column: -1 } : found;
}

function target(live: LiveHeatmap, from: Place, event: KeyboardEvent): Place | null {
  const all = event.ctrlKey || event.metaKey;
  switch (event.key) {
    case "ArrowRight":
      return step(live, from, 0, 1);
    case "ArrowLeft":
      return step(live, from, 0, -1);
    case "ArrowDown":
      return step(live, from, 1, 0);
    case "ArrowUp":
      return step(live, from, -1, 0);
    case "Home":
      return end(live, all ? 0 : from.row, false);
    case "End":
      return end(live, all ? live.grid.length - 1 : from.row, true);
    default:
      return null;
  }
}

/**
 * Pointer and keyboard, heard once for the whole drawing. Arrows move, Home and End go to the ends of the row (with
 * Ctrl: of the grid), Enter and Space select, Escape takes the readout away.
 */
export function listenToHeatmap(root: SVGSVGElement, current: () => LiveHeatmap | undefined): void {
  const find = (event: Event) => {
    const live = current();
    const element = event.target instanceof Element ? event.target.closest("[role=gridcell], [role=rowheader]") : null;
    const place = element ? places.get(element) : undefined;
    return live && element && place ? { live, element, place } : null;
  };
  const leave = () => {
    const live = current();
    if (!live?.at) return;
    pointAt(root, live, null);
    live.options.onHover(null, null);
  };
  const arrive = (event: Event) => {
    const found = find(event);
    if (!found || !reachable(found.live, found.place)) return leave();
    const { live, element, place } = found;
    const cell = cellAt(live, place);
    pointAt(root, live, place);
    live.options.onHover(cell?.key ?? null, cell ? element.getBoundingClientRect() : null);
    return undefined;
  };
  const choose = (event: Event) => {
    const found = find(event);
    if (!found || !reachable(found.live, found.place)) return;
    const cell = cellAt(found.live, found.place);
    if (cell) found.live.options.onSelect(cell.key);
    else found.live.options.onSelectRow(found.live.data.rows[found.place.row]?.key ?? "");
  };

  select(root)
    .on("pointerover.heatmap", arrive)
    .on("pointerleave.heatmap", leave)
    .on("click.heatmap", choose)
    .on("focusin.heatmap", (event: FocusEvent) => {
      const found = find(event);
      if (!found) return;
      setEntry(root, found.live, found.place);
      arrive(event);
    })
    .on("focusout.heatmap", (event: FocusEvent) => {
      if (!(event.relatedTarget instanceof Node && root.contains(event.relatedTarget))) leave();
    })
    .on("keydown.heatmap", (event: KeyboardEvent) => {
      const found = find(event);
      if (!found || event.altKey) return;
      if (event.key === "Escape") return leave();
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        return choose(event);
      }
      const next = target(found.live, found.place, event);
      if (!next) return;
      event.preventDefault();
      setEntry(root, found.live, next);
      elementAt(root, next)?.focus();
    });
}

function elementAt(root: SVGSVGElement, place: Place): SVGElement | undefined {
  const row = root.querySelectorAll("g.grid > g.row")[place.row];
  return [...(row?.querySelectorAll<SVGElement>("[role=gridcell], [role=rowheader]") ?? [])].find(
    (element) => places.get(element)?.column === place.column,
  );
}

function setEntry(root: SVGSVGElement, live: LiveHeatmap, place: Place): void {
  live.entry = place;
  for (const element of root.querySelectorAll("[tabindex='0']")) element.setAttribute("tabindex", "-1");
  elementAt(root, place)?.setAttribute("tabindex", "0");
}

/** Frames the place and names its column beneath, whatever ticks there are; null takes both away. */
export function pointAt(root: SVGSVGElement, live: LiveHeatmap, place: Place | null): void {
  const { layout, data } = live;
  live.at = place && reachable(live, place) ? place : null;
  const at = live.at && live.at.column >= 0 ? [live.at] : [];
  const overlay = layer(root, "overlay", true);
  overlay
    .selectAll<SVGRectElement, Place>("rect.cursor")
    .data(at)
    .join("rect")
    .attr("class", "cursor")
    .attr("x", ({ column }) => layout.x(column) - 1)
    .attr("y", ({ row }) => (layout.rows[row]?.y ?? 0) - 1)
    .attr("width", ({ column }) => layout.cellWidth(column) + 2)
    .attr("height", layout.rowHeight + 2)
    .attr("rx", layout.radius + 1);
  overlay
    .selectAll<SVGTextElement, Place>("text.here")
    .data(at)
    .join("text")
    .attr("class", "here")
    .attr("text-anchor", "middle")
    .attr("x", ({ column }) => layout.x(column) + layout.cellWidth(column) / 2)
    .attr("y", layout.tickY)
    .text(({ column }) => data.columns[column]?.label ?? "");
}
