import type { Pair } from "../pairing/pair.ts";
import { headline } from "../statistics/headline.ts";
import { METRICS, type Metric, meanOf, metricById } from "../statistics/metrics.ts";
import type { AppState } from "./app-state.ts";
import type { CellOutcome, CellState, Comparison } from "./comparison.ts";
import { type Grid, type GridCell, type GridRow, gridOf } from "./grid.ts";
import { identicalWords } from "./identical-words.ts";

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

/** Name of a cell for people: `Layer 12 · o_proj`. */
export const cellTitle = (row: Pick<GridRow, "label">, cell: Pick<GridCell, "layer">): string =>
  `Layer ${cell.layer} · ${row.label}`;

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

function draw({ comparison, results }: Seen, metric: Metric, grid: Grid, finished: boolean): HeatmapPicture {
  const words = (outcome: CellOutcome | null) => stateWords(outcome, comparison?.b ?? null);
  const value = (outcome: CellOutcome | null) => (outcome ? metric.value(outcome.numbers) : null);
  const cells = grid.rows.flatMap((row) =>
    row.cells.map((cell) => {
      const outcome = results.list.pooled(cell.pairs);
      const state: CellState = outcome?.state ?? "waiting";
      const shown = value(outcome);
      const said = shown === null ? words(outcome) : `${metric.label} ${metric.format(shown)}, ${words(outcome)}`;
      const label = `${cellTitle(row, cell)}: ${said}`;
      return { key: cell.key, row: row.key, column: String(cell.layer), value: shown, state, label };
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
    // A column half read would mislead beside complete neighbours.
    const total = column.every(({ value }) => value !== null) ? mean(column) : null;
    return { key: String(layer), label: String(layer), total };
  });
  const outside = grid.outside.map(({ key, label, pair }) => {
    const outcome = results.list.pooled([pair]);
    return { key, label, value: value(outcome), state: outcome?.state ?? ("waiting" as const) };
  });
  const complete = (row: string) => (byRow.get(row) ?? []).every(({ state }) => state === "exact");
  const found = rows.map(({ key, label, total }) => ({
    module: label,
    value: total,
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

function domainOf(metric: Metric, values: readonly (number | null)[]): [number, number] {
  const centre = metric.centre ?? 0;
  const reach = roundUp(values.reduce<number>((max, v) => (v === null ? max : Math.max(max, Math.abs(v - centre))), 0));
  if (metric.scale === "diverging") return [centre - reach, centre + reach];
  return [0, metric.id === "changed" ? Math.min(1, reach) : reach];
}

type Seen = Pick<AppState, "comparison" | "results" | "view" | "phase">;

/** Remembers the last answer: drawing asks again at every render, and the numbers change a few times a second. */
function remember<Answer>(compute: (state: Seen) => Answer, keys: (state: Seen) => readonly unknown[]) {
  let last: { keys: readonly unknown[]; answer: Answer } | null = null;
  return (state: Seen): Answer => {
    const now = keys(state);
    if (!last || now.some((key, i) => key !== last?.keys[i])) last = { keys: now, answer: compute(state) };
    return last.answer;
  };
}

const NO_PAIRS: readonly Pair[] = [];

export const selectGrid = remember(
  ({ comparison, view }) => gridOf(comparison?.pairs ?? NO_PAIRS, view.group),
  ({ comparison, view }) => [comparison, view.group],
);

export const selectHeatmap = remember(
  (state): HeatmapPicture | null => {
    const { comparison, view, phase } = state;
    if (!comparison) return null;
    return draw(state, metricById(view.metric) ?? METRICS[0], selectGrid(state), phase.status === "finished");
  },
  ({ comparison, results, view, phase }) => [comparison, results, view.metric, view.group, phase.status],
);

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
