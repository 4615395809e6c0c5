import { meanOf } from "../statistics/mean.ts";
import type { MetricId } from "../statistics/metric-id.ts";
import { type Metric, metricById } from "../statistics/metrics.ts";
import type { ParameterGroup } from "../taxonomy/place.ts";
import { cellValue } from "./cell-value.ts";
import type { Comparison } from "./comparison.ts";
import { type Figure, isFigure2 } from "./figure.ts";
import { biasCells, type Grid, type GridCell, type GridRow, gridOf, rowTitle } from "./grid.ts";
import type { CellOutcome, CellState } from "./outcome.ts";
import type { OutcomeList } from "./outcome-list.ts";
import { headline } from "./words/headline.ts";
import { identicalWords } from "./words/identical-words.ts";

/** What a person wants to see of a comparison in one picture. */
export interface HeatmapChoice {
  /** What is drawn; `figure` may draw something else instead. */
  metric: MetricId;
  /** Which parameters are drawn; never pooled. */
  group: ParameterGroup;
  figure: Figure;
}

/** What the heatmap shows, ready to be drawn. */
export interface HeatmapPicture {
  metric: Metric;
  /** The finding, in a sentence. */
  headline: string;
  rows: { key: string; label: string; total: number | null; heading?: string }[];
  columns: { key: string; label: string; total: number | null }[];
  cells: { key: string; row: string; column: string; value: number | null; state: CellState; label: string }[];
  outside: { key: string; label: string; value: number | null; state: CellState }[];
  domain: [number, number];
  /** The colours that are drawn with: this page's, or those of the paper's Figure 2. */
  ramp: "house" | "ylgnbu";
  /** Key of the row whose mean is largest. */
  top: string | null;
}

const STATE_WORDS = { exact: "exact", partial: "still being read", waiting: "not read yet", none: "" } as const;

/** What a cell's numbers rest on, in words. */
export function stateWords(outcome: Pick<CellOutcome, "state" | "identical"> | null, b: Comparison["b"]): string {
  if (!outcome?.identical) return STATE_WORDS[outcome?.state ?? "waiting"];
  const { word, reason } = identicalWords(b);
  return `${word} (${reason})`;
}

/** Name of a cell for people: `Layer 12 · o_proj`, with its stack before it where a model has several. */
export const cellTitle = (row: Pick<GridRow, "label" | "band">, cell: Pick<GridCell, "layer">): string =>
  `${row.band === "" ? "" : `${row.band} · `}Layer ${cell.layer} · ${row.label}`;

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

/** What a cell shows: its number, and what that rests on. */
interface Reading {
  value: number | null;
  state: CellState;
  words: string;
}

/** How a grid is drawn, beside its numbers. */
interface Drawing {
  /** No more is to come: what is said of it is not "so far". */
  finished: boolean;
  /** Names a cell for people. */
  titleOf?(row: GridRow, cell: GridCell): string;
  /** By the key of a cell, the one whose number is added to its own. */
  added?: ReadonlyMap<string, GridCell>;
}

/** Reads cells by their key and pairs. */
function readerOf({ pairs, b }: Comparison, results: OutcomeList, metric: Metric, added: Drawing["added"]) {
  const one = (indices: readonly number[]) => {
    const outcome = results.pooled(indices);
    return { outcome, value: outcome && cellValue(metric, outcome, pairs[indices[0]]) };
  };
  return (key: string, indices: readonly number[]): Reading => {
    const { outcome, value } = one(indices);
    const state = outcome?.state ?? "waiting";
    const cell = added?.get(key);
    if (!cell || value === null) return { value, state, words: stateWords(outcome, b) };
    const other = one(cell.pairs);
    const isExact = state === "exact" && other.outcome?.state === "exact";
    const both: Pick<CellOutcome, "state" | "identical"> = { state: isExact ? "exact" : "partial" };
    if (outcome?.identical && other.outcome?.identical) both.identical = true;
    return { value: value + (other.value ?? 0), state: both.state, words: stateWords(both, b) };
  };
}

/** A grid of the comparison in numbers and words. */
export function drawGrid(
  comparison: Comparison,
  results: OutcomeList,
  grid: Grid,
  metric: Metric,
  { finished, titleOf = cellTitle, added }: Drawing,
): HeatmapPicture {
  const read = readerOf(comparison, results, metric, added);
  const cells = grid.rows.flatMap((row) =>
    row.cells.map((cell) => {
      const { value, state, words } = read(cell.key, cell.pairs);
      const said = value === null ? words : `${metric.label} ${metric.format(value)}, ${words}`;
      const label = `${titleOf(row, cell)}: ${said}`;
      return { key: cell.key, row: row.key, column: String(cell.layer), value, state, label };
    }),
  );
  const mean = (of: typeof cells) => meanOf(of.map(({ value }) => value));
  const byRow = groupBy(cells, (cell) => cell.row);
  const byColumn = groupBy(cells, (cell) => cell.column);
  const stacks = new Set(grid.rows.map(({ stack }) => stack));
  const rows = grid.rows.map((row, i) => {
    const starts = stacks.size > 1 && row.stack !== grid.rows[i - 1]?.stack;
    const drawn: HeatmapPicture["rows"][number] = {
      key: row.key,
      label: row.label,
      total: mean(byRow.get(row.key) ?? []),
    };
    if (starts) drawn.heading = row.stack;
    return drawn;
  });
  const columns = grid.layers.map((layer) => {
    const column = byColumn.get(String(layer)) ?? [];
    // A column half read would mislead beside complete neighbours, and layer 3 of an encoder is not that of a decoder.
    const total = stacks.size < 2 && column.every(({ value }) => value !== null) ? mean(column) : null;
    return { key: String(layer), label: String(layer), total };
  });
  const outside = grid.outside.map(({ key, label, pair }) => {
    const { value, state } = read(key, [pair]);
    return { key, label, value, state };
  });
  const complete = (row: string) => (byRow.get(row) ?? []).every(({ state }) => state === "exact");
  const found = grid.rows.map((row, i) => ({
    module: rowTitle(row),
    value: rows[i].total,
    complete: finished || complete(row.key),
  }));
  return {
    metric,
    headline: headline(found, metric),
    rows,
    columns,
    cells,
    outside,
    domain: domainOf(
      metric,
      cells.map((cell) => cell.value),
    ),
    ramp: "house",
    top: topRow(rows, metric),
  };
}

function topRow(rows: HeatmapPicture["rows"], metric: Metric): string | null {
  const strength = (total: number | null) => (total === null ? -1 : Math.abs(total - (metric.centre ?? 0)));
  const best = rows.reduce<(typeof rows)[number] | null>(
    (top, row) => (top === null || strength(row.total) > strength(top.total) ? row : top),
    null,
  );
  return best && best.total !== null ? best.key : null;
}

const STEPS = [1, 1.5, 2, 3, 4, 5, 6, 8, 10];

/** The next round number from above: colours then seldom change while values arrive. */
export function roundUp(value: number): number {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return (STEPS.find((step) => step * power >= value * (1 - 1e-12)) ?? 10) * power;
}

/** Dips below 0.01 are not worth telling apart (counting noise, storage formats): at this domain they stay pale. */
export const LEAST_DIP_SHOWN = 0.05;

const reachOf = (values: readonly (number | null)[], centre = 0): number =>
  values.reduce<number>((max, value) => (value === null ? max : Math.max(max, Math.abs(value - centre))), 0);

function domainOf(metric: Metric, values: readonly (number | null)[]): [number, number] {
  const centre = metric.centre ?? 0;
  const least = metric.id === "dip" ? LEAST_DIP_SHOWN : 0;
  const reach = roundUp(Math.max(least, reachOf(values, centre)));
  if (metric.scale === "diverging") return [centre - reach, centre + reach];
  return [0, metric.id === "changed" ? Math.min(1, reach) : reach];
}

/** What cells are drawn by. */
export const metricOf = ({ metric, figure }: Pick<HeatmapChoice, "metric" | "figure">): Metric =>
  metricById(isFigure2(figure) ? "norm" : metric);

/** What the paper's Figure 2 draws, in place of the metric's own words. */
const FIGURE_2 = {
  "2": {
    label: "‖Δ‖",
    describe: "Figure 2 of arXiv 2505.20993: ‖Δ‖, the Frobenius norm of B − A, in YlGnBu from 0 to the largest of all.",
  },
  "2b": {
    label: "‖ΔW‖ + ‖Δb‖",
    describe:
      "Figure 2 as the paper's code has it: ‖ΔW‖ + ‖Δb‖, where a module has a bias. Elsewhere this page never adds the two.",
  },
} as const;

/**
 * The picture of a comparison that is asked for; `finished`: no more is to come. Figure 2 has the paper's colours, from 0 to
 * the largest value of all.
 */
export function heatmapOf(
  comparison: Comparison,
  results: OutcomeList,
  choice: HeatmapChoice,
  finished: boolean,
): HeatmapPicture {
  const { figure, group } = choice;
  const grid = gridOf(comparison.pairs, group);
  const metric = metricOf(choice);
  if (!isFigure2(figure)) return drawGrid(comparison, results, grid, metric, { finished });
  const added = figure === "2b" ? biasCells(comparison.pairs) : undefined;
  const picture = drawGrid(comparison, results, grid, { ...metric, ...FIGURE_2[figure] }, { finished, added });
  const headline = picture.headline.replace(metric.label, FIGURE_2[figure].label);
  const largest = reachOf(picture.cells.map(({ value }) => value));
  // While values arrive the end is a round number, so that the colours keep still.
  const domain: [number, number] = finished && largest > 0 ? [0, largest] : picture.domain;
  return { ...picture, headline, domain, ramp: "ylgnbu" };
}
