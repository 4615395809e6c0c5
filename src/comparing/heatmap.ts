import type { Pair } from "../pairing/pair.ts";
import { meanOf } from "../statistics/mean.ts";
import { type Metric, metricById } from "../statistics/metrics.ts";
import type { AppState } from "../store/app-state.ts";
import { biasCells } from "./bias-cells.ts";
import { cellValue } from "./cell-value.ts";
import type { CellOutcome, CellState, Comparison } from "./comparison.ts";
import { type Grid, type GridCell, type GridRow, gridOf } from "./grid.ts";
import { headline } from "./words/headline.ts";
import { identicalWords } from "./words/identical-words.ts";

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

const NO_PAIRS: readonly Pair[] = [];

/** What a cell shows: its number, and what that rests on. */
interface Reading {
  value: number | null;
  state: CellState;
  words: string;
}

/** Reads cells by their key and pairs. For Figure 2 with biases, the norm of its bias is added to that of a matrix. */
function readerOf({ comparison, results, view }: Pick<Seen, "comparison" | "results" | "view">, metric: Metric) {
  const { pairs, b } = comparison ?? { pairs: NO_PAIRS, b: null };
  const biases = view.figure === "2b" ? biasCells(pairs) : null;
  const one = (indices: readonly number[]) => {
    const outcome = results.list.pooled(indices);
    return { outcome, value: outcome && cellValue(metric, outcome, pairs[indices[0]]) };
  };
  return (key: string, indices: readonly number[]): Reading => {
    const { outcome, value } = one(indices);
    const state = outcome?.state ?? "waiting";
    const bias = biases?.get(key);
    if (!bias || value === null) return { value, state, words: stateWords(outcome, b) };
    const added = one(bias.pairs);
    const isExact = state === "exact" && added.outcome?.state === "exact";
    const isIdentical = outcome?.identical && added.outcome?.identical;
    const both: Pick<CellOutcome, "state" | "identical"> = {
      state: isExact ? "exact" : "partial",
      ...(isIdentical ? { identical: true } : {}),
    };
    return { value: value + (added.value ?? 0), state: both.state, words: stateWords(both, b) };
  };
}

/** A grid in numbers and words; `titleOf` names a cell for people. */
export function drawGrid(
  { comparison, results, view, phase }: Seen,
  metric: Metric,
  grid: Grid,
  titleOf: (row: GridRow, cell: GridCell) => string = cellTitle,
): HeatmapPicture {
  const finished = phase.status === "finished";
  const read = readerOf({ comparison, results, view }, metric);
  const cells = grid.rows.flatMap((row) =>
    row.cells.map((cell) => {
      const { value, state, words } = read(cell.key, cell.pairs);
      const said = value === null ? words : `${metric.label} ${metric.format(value)}, ${words}`;
      const label = `${titleOf(row, cell)}: ${said}`;
      return { key: cell.key, row: row.key, column: String(cell.layer), value, state, label };
    }),
  );
  const mean = (of: typeof cells) => meanOf(of.map((cell) => cell.value).filter((v): v is number => v !== null));
  const byRow = groupBy(cells, (cell) => cell.row);
  const byColumn = groupBy(cells, (cell) => cell.column);
  const stacks = new Set(grid.rows.map(({ stack }) => stack));
  const rows = grid.rows.map((row, i) => {
    const starts = stacks.size > 1 && row.stack !== grid.rows[i - 1]?.stack;
    const total = mean(byRow.get(row.key) ?? []);
    return { key: row.key, label: row.label, total, ...(starts ? { heading: row.stack } : {}) };
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
  const found = grid.rows.map(({ key, label, band }, i) => ({
    module: band === "" ? label : `${band} ${label}`,
    value: rows[i].total,
    complete: finished || complete(key),
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

/** What a picture is drawn from. */
export type Seen = Pick<AppState, "comparison" | "results" | "view" | "phase">;

/** Remembers the last answer: drawing asks again at every render, and the numbers change a few times a second. */
export function remember<Answer>(compute: (state: Seen) => Answer, keys: (state: Seen) => readonly unknown[]) {
  let last: { keys: readonly unknown[]; answer: Answer } | null = null;
  return (state: Seen): Answer => {
    const now = keys(state);
    if (!last || now.some((key, i) => key !== last?.keys[i])) last = { keys: now, answer: compute(state) };
    return last.answer;
  };
}

const isFigure2 = ({ figure }: AppState["view"]): boolean => figure === "2" || figure === "2b";

/** What cells are drawn by. */
export const metricOf = ({ view }: Pick<AppState, "view">): Metric =>
  metricById(isFigure2(view) ? "norm" : view.metric);

export const selectGrid = remember(
  ({ comparison, view }) => gridOf(comparison?.pairs ?? NO_PAIRS, view.group),
  ({ comparison, view }) => [comparison, view.group],
);

export const selectHeatmap = remember(
  (state): HeatmapPicture | null => {
    if (!state.comparison) return null;
    const draw = isFigure2(state.view) ? drawFigure2 : drawGrid;
    return draw(state, metricOf(state), selectGrid(state));
  },
  ({ comparison, results, view, phase }) => [
    ...[comparison, results, phase.status],
    ...[view.metric, view.group, view.figure],
  ],
);

/** The heatmap as the paper has it: its colours, from 0 to the largest value of all. */
function drawFigure2(state: Seen, norm: Metric, grid: Grid): HeatmapPicture {
  const label = state.view.figure === "2b" ? "‖ΔW‖ + ‖Δb‖" : norm.label;
  const metric = { ...norm, label, describe: FIGURE_2[state.view.figure === "2b" ? "2b" : "2"] };
  const picture = drawGrid(state, metric, grid);
  const largest = reachOf(picture.cells.map(({ value }) => value));
  // While values arrive the end is a round number, so that the colours keep still.
  const domain: [number, number] = state.phase.status === "finished" && largest > 0 ? [0, largest] : picture.domain;
  return { ...picture, headline: picture.headline.replace(norm.label, label), domain, ramp: "ylgnbu" };
}

const FIGURE_2 = {
  "2": "Figure 2 of arXiv 2505.20993: ‖Δ‖, the Frobenius norm of B − A, in YlGnBu from 0 to the largest of all.",
  "2b": "Figure 2 as the paper's code has it: ‖ΔW‖ + ‖Δb‖, where a module has a bias. Elsewhere this page never adds the two.",
} as const;

/**
 * The row whose layers are drawn as distributions: the one asked for; else the one that moved most, once the scan is
 * over; until then the attention output, which the paper looks at, so that nothing jumps while data arrives.
 */
export function selectModule(state: Seen): GridRow | null {
  const { rows } = selectGrid(state);
  const asked = rows.find(({ key }) => key === state.view.module);
  if (asked) return asked;
  const top = state.phase.status === "finished" ? rows.find(({ key }) => key === selectHeatmap(state)?.top) : undefined;
  return top ?? rows.find(({ place }) => place.role === "attn.o") ?? rows[0] ?? null;
}
