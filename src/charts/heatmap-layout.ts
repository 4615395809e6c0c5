import { shorten, textWidth } from "./text-width.ts";

/** One row of the heatmap: a role, drawn over all layers. */
export interface HeatmapRow {
  key: string;
  label: string;
  /** Printed at the right; null until there is one. */
  total: number | null;
  /** Starts a group with this caption above the row, for example "norms". */
  heading?: string;
}

/** One column: a layer. */
export interface HeatmapColumn {
  key: string;
  label: string;
  /** Drawn as a bar beneath the column; null until there is one. */
  total: number | null;
}

/** What the layout needs to know of the chart's data and options. */
export interface HeatmapFrame {
  rows: readonly HeatmapRow[];
  columns: readonly HeatmapColumn[];
  width: number;
  /** The page asks for room for the numbers in its own format, not for the numbers themselves. */
  totalTexts: readonly string[];
  valueTexts: readonly string[];
  columnTitle: string;
  rowTotalTitle: string;
  columnTotalTitle: string;
  legendHeight: number;
}

export interface PlacedRow extends HeatmapRow {
  index: number;
  /** Top of its cells. */
  y: number;
  /** The label as it fits. */
  shown: string;
  /** Baseline of the group's caption; present where the row starts a group. */
  headingY?: number;
  /** The caption of the group the row belongs to. */
  group?: string;
}

/** All in px from the top left of the drawing. */
export interface HeatmapLayout {
  width: number;
  height: number;
  rows: PlacedRow[];
  rowHeight: number;
  /** Left edge of the cells, and the right edge of the row labels plus a gap. */
  left: number;
  /** Right edge of the last cell. */
  right: number;
  /** Bottom of the last row. */
  bottom: number;
  /** Left edge and width of the cells of column i. */
  x(index: number): number;
  cellWidth(index: number): number;
  radius: number;
  /** Cells are wide enough for their number. */
  showValues: boolean;
  /** The bars beneath the columns; null where the chart has no column totals. */
  strip: { top: number; bottom: number } | null;
  ticks: { index: number; label: string; x: number }[];
  /** Baseline of the ticks. */
  tickY: number;
  /** Top of the legend's bar. */
  legendY: number;
}

export const fontSize = 11;

const labelGap = 8;
const totalGap = 10;
const headingHeight = 22;
const stripHeight = 18;
/** Wider cells would read as a table with a colour in it. */
const widestCell = 128;

/** Where everything of a heatmap goes. Pure; the drawing follows it. */
export function heatmapLayout(frame: HeatmapFrame): HeatmapLayout {
  const { width, columns } = frame;
  const rowCount = frame.rows.length;
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => textWidth(text, fontSize)));

  // Bold is a little wider than the table of widths has it.
  const labels = widest([...frame.rows.map((row) => row.label), frame.columnTitle, frame.columnTotalTitle]) * 1.06;
  const left = Math.ceil(Math.min(labels, width < 520 ? width * 0.26 : Math.max(150, width * 0.2)) + labelGap);
  const totals = widest([...frame.totalTexts, frame.rowTotalTitle]) * 1.06;
  const totalsWidth = totals > 0 ? Math.ceil(totals) + totalGap : 0;
  const room = Math.max(columns.length, width - left - totalsWidth);
  const pitch = Math.min(widestCell, room / columns.length);

  const gap = pitch >= 12 ? 2 : pitch >= 3 ? 1 : 0;
  // Narrow columns snap to whole pixels: a gap of one pixel must not blur into its neighbours.
  const edge = pitch >= 12 ? (index: number) => index * pitch : (index: number) => Math.round(index * pitch);
  const x = (index: number) => left + edge(index);
  const cellWidth = (index: number) => Math.max(0.5, edge(index + 1) - edge(index) - gap);
  const right = x(columns.length) - gap;

  const rowHeight = rowCount <= 12 ? 25 : rowCount <= 20 ? 21 : rowCount <= 36 ? 17 : 14;
  const rowGap = rowHeight >= 17 ? 2 : 1;
  let y = 0;
  let group: string | undefined;
  const rows = frame.rows.map((row, index): PlacedRow => {
    const placed: PlacedRow = { ...row, index, y: 0, shown: shorten(row.label, fontSize, left - labelGap) };
    if (row.heading !== undefined) {
      group = row.heading;
      y += index === 0 ? headingHeight - 6 : headingHeight;
      placed.headingY = y - 7;
    }
    placed.y = y;
    if (group !== undefined) placed.group = group;
    y += rowHeight + rowGap;
    return placed;
  });

  const bottom = y - rowGap;
  const strip = frame.columnTotalTitle === "" ? null : { top: bottom + 7, bottom: bottom + 7 + stripHeight };
  const tickY = (strip ? strip.bottom : bottom) + 15;
  const legendY = tickY + 16;
  return {
    width,
    height: legendY + frame.legendHeight,
    rows,
    rowHeight,
    left,
    right,
    bottom,
    x,
    cellWidth,
    radius: pitch >= 6 ? 2 : pitch >= 3 ? 1 : 0,
    showValues: rowHeight >= 17 && pitch >= 40 && widest(frame.valueTexts) <= pitch - gap - 10,
    strip,
    ticks: columnTicks(columns, (index) => x(index) + cellWidth(index) / 2, right + 4),
    tickY,
    legendY,
  };
}

/**
 * Which columns carry their label: all where there is room, else the multiples of 2, 4, 5, 10, 20 … that fit, as a
 * person would count layers. Labels that are no numbers are shown where they touch nothing. None reaches beyond `limit`,
 * where the totals have their title.
 */
export function columnTicks(
  columns: readonly { label: string }[],
  middle: (index: number) => number,
  limit = Number.POSITIVE_INFINITY,
): HeatmapLayout["ticks"] {
  const half = (label: string) => textWidth(label, fontSize) / 2;
  const all = columns
    .map(({ label }, index) => ({ index, label, x: middle(index) }))
    .filter(({ label, x }) => columns.length === 1 || x + half(label) <= limit);
  const apart = (p: (typeof all)[number], q: (typeof all)[number]) =>
    Math.abs(p.x - q.x) >= half(p.label) + half(q.label) + 14;
  const fits = (ticks: typeof all) => ticks.every((tick, i) => i === 0 || apart(ticks[i - 1] as typeof tick, tick));

  const numbered = all.filter(({ label }) => /^\d+$/.test(label));
  const step = [1, 2, 4, 5, 10, 20, 25, 50, 100, 200, 500, 1000].find((every) =>
    fits(numbered.filter(({ label }) => Number(label) % every === 0)),
  );
  const shown = step === undefined ? [] : numbered.filter(({ label }) => Number(label) % step === 0);
  for (const tick of all) {
    if (!/^\d+$/.test(tick.label) && shown.every((other) => apart(other, tick))) shown.push(tick);
  }
  return shown.sort((p, q) => p.index - q.index);
}
