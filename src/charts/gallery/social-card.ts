import { drawHeatmap } from "../heatmap.ts";
import type { HeatmapCell } from "../heatmap-data.ts";
import { seeded } from "./seeded.ts";

// The card shows the idea of the picture and no result: no names, no numbers, and values that were never measured.
document.documentElement.dataset.theme = "light";
if (document.URL.endsWith("?icon")) document.documentElement.dataset.icon = "";

const rows = 7;
const columns = 32;
const noise = seeded(20);
const cells = Array.from({ length: rows * columns }, (_, i): HeatmapCell => {
  const row = Math.floor(i / columns);
  const column = i % columns;
  const progress = column + 1.4 * noise();
  const state = progress < 19 ? "exact" : progress < 27 ? "partial" : "waiting";
  const value = row === 3 ? 0.93 + 0.02 * noise() : 0.34 + 0.14 * Math.sin(column / 5 + row * 1.1) + 0.03 * noise();
  return {
    key: `${i}`,
    row: `${row}`,
    column: `${column}`,
    value: state === "waiting" ? null : value,
    state,
    label: "",
  };
});

const motif = document.querySelector<SVGSVGElement>("#motif");
if (motif) {
  drawHeatmap(
    motif,
    {
      rows: Array.from({ length: rows }, (_, row) => ({ key: `${row}`, label: "", total: null })),
      columns: Array.from({ length: columns }, (_, column) => ({ key: `${column}`, label: "", total: null })),
      cells,
    },
    {
      width: 1100,
      theme: "light",
      scale: { kind: "sequential", domain: [0, 1] },
      format: () => "",
      legend: "",
      columnTitle: "",
      rowTotalTitle: "",
      columnTotalTitle: "",
      selected: `${3 * columns + 12}`,
      emphasised: null,
      onSelect: () => {},
      onSelectRow: () => {},
      onHover: () => {},
    },
  );
  // Only the cells, larger than life and cut at both edges.
  motif.querySelector(".margins")?.remove();
  motif.setAttribute("viewBox", "34 0 960 190");
  motif.setAttribute("width", "1200");
  motif.setAttribute("height", "238");
}
