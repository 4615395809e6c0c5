import type { Pair } from "../pairing/pair.ts";
import { compareModules } from "../taxonomy/module-order.ts";
import type { ParameterGroup, Place } from "../taxonomy/place.ts";

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
  place: Place;
  cells: GridCell[];
}

/** Modules × layers of one parameter group, and the tensors of the group that stand in no layer. */
export interface Grid {
  rows: GridRow[];
  layers: number[];
  outside: { key: string; label: string; pair: number }[];
}

const grids = new WeakMap<readonly Pair[], Map<ParameterGroup, Grid>>();

/** The grid of one group: rows in the paper's order, stack by stack. The same object for the same list of pairs. */
export function gridOf(pairs: readonly Pair[], group: ParameterGroup): Grid {
  const known = grids.get(pairs) ?? new Map<ParameterGroup, Grid>();
  grids.set(pairs, known);
  const grid = known.get(group) ?? layOut(pairs, group);
  known.set(group, grid);
  return grid;
}

function layOut(pairs: readonly Pair[], group: ParameterGroup): Grid {
  const mine = pairs.filter((pair) => pair.place.group === group);
  const stacks = [...new Set(pairs.filter((p) => p.place.layer !== null).map((p) => p.place.stack))];
  const rows = new Map<string, GridRow>();
  const layers = new Set<number>();
  const outside: Grid["outside"] = [];
  for (const pair of mine) {
    const { place } = pair;
    if (place.layer === null) {
      outside.push({ key: pair.name, label: place.module, pair: pair.index });
      continue;
    }
    layers.add(place.layer);
    const key = stacks.length > 1 ? `${place.stack}/${place.module}` : place.module;
    const row = rows.get(key) ?? { key, label: place.module, stack: place.stack, place, cells: [] };
    rows.set(key, row);
    const cell = row.cells.find((c) => c.layer === place.layer);
    if (cell) cell.pairs.push(pair.index);
    else row.cells.push({ key: `${key}@${place.layer}`, row: key, layer: place.layer, pairs: [pair.index] });
  }
  const order = (x: GridRow, y: GridRow) =>
    stacks.indexOf(x.stack) - stacks.indexOf(y.stack) || compareModules(x.place, y.place);
  return { rows: [...rows.values()].sort(order), layers: [...layers].sort((x, y) => x - y), outside };
}

/** The groups that have something to draw, in the order in which they are offered. */
export function groupsOf(pairs: readonly Pair[]): ParameterGroup[] {
  const order: ParameterGroup[] = ["matrix", "norm", "bias", "other"];
  return order.filter((group) => pairs.some((pair) => pair.place.group === group));
}
