import type { Pair } from "../pairing/pair.ts";
import { bandsOf } from "../taxonomy/bands.ts";
import { compareModules } from "../taxonomy/module-order.ts";
import { PARAMETER_GROUPS, type ParameterGroup, type Place } from "../taxonomy/place.ts";

/** A cell of the heatmap: one module in one layer. Several pairs where a layer has several of it (experts). */
export interface GridCell {
  /** e.g. `o_proj@12`; stable between comparisons of the same family, so it can stand in a link. */
  key: string;
  row: string;
  layer: number;
  pairs: number[];
}

export interface GridRow {
  /** e.g. `o_proj`, with the stack before it where a model has several. */
  key: string;
  label: string;
  stack: string;
  /** Short name of the stack where a model has several; empty where there is one. */
  band: string;
  place: Place;
  cells: GridCell[];
}

/** What a row is called in a sentence: its module, with the stack before it where a model has several. */
export const rowTitle = ({ label, band }: Pick<GridRow, "label" | "band">): string =>
  band === "" ? label : `${band} ${label}`;

/** Modules × layers of one parameter group, and the tensors of the group that stand in no layer. */
export interface Grid {
  rows: GridRow[];
  layers: number[];
  outside: { key: string; label: string; pair: number }[];
}

const grids = new WeakMap<readonly Pair[], Map<ParameterGroup, Grid>>();

const NO_GRID: Grid = { rows: [], layers: [], outside: [] };

/** The grids of all groups that have a tensor. The same objects for the same list of pairs. */
function gridsOf(pairs: readonly Pair[]): Map<ParameterGroup, Grid> {
  const known = grids.get(pairs) ?? layOut(pairs);
  grids.set(pairs, known);
  return known;
}

/** The grid of one group: rows in the paper's order, stack by stack as `bandsOf` orders them. The same object for the same list of pairs. */
export const gridOf = (pairs: readonly Pair[], group: ParameterGroup): Grid => gridsOf(pairs).get(group) ?? NO_GRID;

/** What of a grid is looked up while it is laid out. */
interface Draft extends Pick<Grid, "outside"> {
  byKey: Map<string, GridRow & { byLayer: Map<number, GridCell> }>;
}

function layOut(pairs: readonly Pair[]): Map<ParameterGroup, Grid> {
  const stacks: string[] = [];
  for (const { place } of pairs)
    if (place.layer !== null && place.stack !== stacks.at(-1) && !stacks.includes(place.stack))
      stacks.push(place.stack);
  const bands = bandsOf(stacks);
  const drafts = new Map<ParameterGroup, Draft>();
  for (const pair of pairs) {
    const { place } = pair;
    const draft: Draft = drafts.get(place.group) ?? { outside: [], byKey: new Map() };
    drafts.set(place.group, draft);
    if (place.layer === null) {
      draft.outside.push({ key: pair.name, label: place.module, pair: pair.index });
      continue;
    }
    const key = stacks.length > 1 ? `${place.stack}/${place.module}` : place.module;
    const band = stacks.length > 1 ? (bands.get(place.stack) ?? place.stack) : "";
    const row = draft.byKey.get(key) ?? {
      key,
      label: place.module,
      stack: place.stack,
      band,
      place,
      cells: [],
      byLayer: new Map<number, GridCell>(),
    };
    draft.byKey.set(key, row);
    const cell = row.byLayer.get(place.layer);
    if (cell) {
      cell.pairs.push(pair.index);
      continue;
    }
    const made = { key: `${key}@${place.layer}`, row: key, layer: place.layer, pairs: [pair.index] };
    row.byLayer.set(place.layer, made);
    row.cells.push(made);
  }
  const ordered = [...bands.keys()];
  const order = (x: GridRow, y: GridRow) =>
    ordered.indexOf(x.stack) - ordered.indexOf(y.stack) || compareModules(x.place, y.place);
  return new Map(
    [...drafts].map(([group, { outside, byKey }]) => {
      const rows = [...byKey.values()].map(({ byLayer, ...row }) => row).sort(order);
      const layers = [...new Set(rows.flatMap(({ cells }) => cells.map(({ layer }) => layer)))];
      return [group, { rows, layers: layers.sort((x, y) => x - y), outside }];
    }),
  );
}

/** The groups that have something to draw, in the order in which they are offered. */
export function groupsOf(pairs: readonly Pair[]): ParameterGroup[] {
  return PARAMETER_GROUPS.filter((group) => gridsOf(pairs).has(group));
}

const cells = new WeakMap<readonly Pair[], Map<string, { row: GridRow; cell: GridCell }>>();

/** The cell of that key in any group, or the one that holds the pair of that name; undefined where there is none. */
export function cellOf(pairs: readonly Pair[], key: string): { row: GridRow; cell: GridCell } | undefined {
  let known = cells.get(pairs);
  if (!known) {
    const rows = groupsOf(pairs).flatMap((group) => gridOf(pairs, group).rows);
    known = new Map(rows.flatMap((row) => row.cells.map((cell) => [cell.key, { row, cell }] as const)));
    cells.set(pairs, known);
  }
  const found = known.get(key);
  const pair = found ? undefined : pairNamed(pairs, key);
  if (found || !pair) return found;
  const { rows } = gridOf(pairs, pair.place.group);
  const row = rows.find(({ label, stack }) => label === pair.place.module && stack === pair.place.stack);
  const cell = row?.cells.find(({ layer }) => layer === pair.place.layer);
  return row && cell && { row, cell };
}

const names = new WeakMap<readonly Pair[], Map<string, Pair>>();

/** The pair of that name. */
export function pairNamed(pairs: readonly Pair[], name: string): Pair | undefined {
  // Most keys are those of cells, and a link that names a tensor is asked for it again and again.
  if (!names.has(pairs)) names.set(pairs, new Map());
  const known = names.get(pairs);
  const pair = known?.get(name) ?? pairs.find((one) => one.name === name);
  if (pair) known?.set(name, pair);
  return pair;
}

const biasesOf = new WeakMap<readonly Pair[], ReadonlyMap<string, GridCell>>();

/**
 * The biases of matrices: by the key of a matrix' cell the cell of the bias of the same module and layer. Without those
 * that have none. The same object for the same list of pairs.
 */
export function biasCells(pairs: readonly Pair[]): ReadonlyMap<string, GridCell> {
  const known = biasesOf.get(pairs);
  if (known) return known;
  const keyOf = (stack: string, role: string, layer: number) => JSON.stringify([stack, role, layer]);
  const biases = new Map<string, GridCell>();
  for (const row of gridOf(pairs, "bias").rows)
    for (const cell of row.cells) biases.set(keyOf(row.stack, row.place.role, cell.layer), cell);
  const found = new Map<string, GridCell>();
  for (const row of biases.size > 0 ? gridOf(pairs, "matrix").rows : [])
    for (const cell of row.cells) {
      const bias = biases.get(keyOf(row.stack, `${row.place.role}.bias`, cell.layer));
      if (bias) found.set(cell.key, bias);
    }
  biasesOf.set(pairs, found);
  return found;
}
