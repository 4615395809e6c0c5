import { expect, test } from "vitest";
import { columnTicks, type HeatmapFrame, heatmapLayout } from "./heatmap-layout.ts";
import { shorten, textWidth } from "./text-width.ts";

function frame(rows: number, columns: number, width: number, change: Partial<HeatmapFrame> = {}): HeatmapFrame {
  return {
    rows: Array.from({ length: rows }, (_, i) => ({ key: `r${i}`, label: `module_${i}`, total: null })),
    columns: Array.from({ length: columns }, (_, i) => ({ key: `c${i}`, label: `${i}`, total: null })),
    width,
    totalTexts: ["0.0000"],
    valueTexts: ["0.000"],
    columnTitle: "layer",
    rowTotalTitle: "mean",
    columnTotalTitle: "mean",
    legendHeight: 12,
    ...change,
  };
}

const widths = [320, 640, 852, 1280, 1900];
const sizes = [1, 2, 6, 28, 64, 80, 126];

test.each(widths.flatMap((width) => sizes.map((columns) => ({ width, columns }))))(
  "$columns columns in $width px stay inside and do not overlap",
  ({ width, columns }) => {
    const layout = heatmapLayout(frame(9, columns, width));
    for (let i = 0; i < columns; i++) {
      expect(layout.cellWidth(i)).toBeGreaterThan(0);
      if (i > 0) expect(layout.x(i)).toBeGreaterThanOrEqual(layout.x(i - 1) + layout.cellWidth(i - 1));
    }
    expect(layout.left).toBeLessThanOrEqual(width * 0.4);
    expect(layout.right + 10 + textWidth("0.0000", 11)).toBeLessThanOrEqual(width);
    for (const [i, tick] of layout.ticks.entries()) {
      const before = layout.ticks[i - 1];
      if (before) expect(tick.x - before.x).toBeGreaterThan(textWidth(before.label, 11));
    }
  },
);

test.each([
  { rows: 1, rowHeight: 25 },
  { rows: 12, rowHeight: 25 },
  { rows: 20, rowHeight: 21 },
  { rows: 36, rowHeight: 17 },
  { rows: 60, rowHeight: 14 },
])("$rows rows are $rowHeight px tall", ({ rows, rowHeight }) => {
  expect(heatmapLayout(frame(rows, 28, 852)).rowHeight).toBe(rowHeight);
});

test("a heading makes room above its row and names the group of those after it", () => {
  const rows = [
    { key: "q", label: "q_proj", total: null },
    { key: "n", label: "input_layernorm", total: null, heading: "norms" },
    { key: "m", label: "post_layernorm", total: null },
  ];
  const layout = heatmapLayout(frame(0, 4, 852, { rows }));
  const [q, n, m] = layout.rows;
  expect(n?.y).toBe((q?.y ?? 0) + 27 + 22);
  expect([q?.group, n?.group, m?.group]).toEqual([undefined, "norms", "norms"]);
  expect(n?.headingY).toBeGreaterThan((q?.y ?? 0) + 25);
  expect(n?.headingY).toBeLessThan(n?.y ?? 0);
});

test("numbers stand in cells only where they fit", () => {
  expect(heatmapLayout(frame(7, 6, 852)).showValues).toBe(true);
  expect(heatmapLayout(frame(7, 28, 852)).showValues).toBe(false);
  expect(heatmapLayout(frame(7, 6, 852, { valueTexts: ["a long number indeed"] })).showValues).toBe(false);
});

test("without column totals there is no strip, and the ticks move up", () => {
  const with_ = heatmapLayout(frame(7, 28, 852));
  const without = heatmapLayout(frame(7, 28, 852, { columnTotalTitle: "" }));
  expect(without.strip).toBeNull();
  expect(with_.height - without.height).toBe(25);
});

test.each([
  { pitch: 40, count: 28, labels: "0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27" },
  { pitch: 16, count: 28, labels: "0 2 4 6 8 10 12 14 16 18 20 22 24 26" },
  { pitch: 9, count: 32, labels: "0 4 8 12 16 20 24 28" },
  { pitch: 3.6, count: 80, labels: "0 10 20 30 40 50 60 70" },
  { pitch: 1.5, count: 126, labels: "0 25 50 75 100 125" },
])("$count columns of $pitch px are labelled $labels", ({ pitch, count, labels }) => {
  const columns = Array.from({ length: count }, (_, i) => ({ label: `${i}` }));
  const ticks = columnTicks(columns, (i) => i * pitch);
  expect(ticks.map(({ label }) => label).join(" ")).toBe(labels);
});

test("no label reaches beyond the limit", () => {
  const columns = Array.from({ length: 126 }, (_, i) => ({ label: `${i}` }));
  const ticks = columnTicks(columns, (i) => i * 9, 125 * 9);
  expect(ticks.at(-1)?.label).toBe("120");
});

test("a column that is no number is labelled where it touches nothing", () => {
  const columns = [{ label: "0" }, { label: "1" }, { label: "2" }, { label: "final" }];
  expect(columnTicks(columns, (i) => i * 60).map(({ label }) => label)).toEqual(["0", "1", "2", "final"]);
  expect(columnTicks(columns, (i) => i * 20).map(({ label }) => label)).toEqual(["0", "2"]);
});

test.each([
  { text: "q_proj", room: 100, short: "q_proj" },
  { text: "block_sparse_moe.experts.59.w3", room: 100, short: "block_sp…s.59.w3" },
  { text: "wide", room: 3, short: "…" },
  { text: "", room: 0, short: "" },
])("$text in $room px becomes $short", ({ text, room, short }) => {
  expect(shorten(text, 11, room)).toBe(short);
});
