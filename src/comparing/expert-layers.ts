import type { Pair } from "../pairing/pair.ts";
import type { ParameterGroup } from "../taxonomy/place.ts";
import { cellOf, type Grid, type GridCell, type GridRow, gridOf } from "./grid.ts";

/** A layer whose cells pool experts, and the same laid out expert by expert. */
export interface ExpertLayer {
  /** e.g. `12`, with the stack before it where a model has several; stands in a link. */
  key: string;
  layer: number;
  /** For people: `layer 12`, with the stack's short name where there are several. */
  label: string;
  /** Rows as in the heatmap, one column an expert; a cell's key is its tensor's name. */
  grid: Grid;
}

/** What the heatmap says of the experts that it pools. */
export interface ExpertLayers {
  /** Their rows, in the checkpoint's words. */
  modules: string[];
  /** The most experts that a cell pools. */
  most: number;
  layers: readonly Omit<ExpertLayer, "grid">[];
}

const isPooled = (cell: GridCell, pairs: readonly Pair[]): boolean =>
  cell.pairs.length > 1 && pairs[cell.pairs[0]].place.expert !== undefined;

const keyOf = (row: GridRow, layer: number): string => (row.band === "" ? `${layer}` : `${row.stack}@${layer}`);
const labelOf = (row: GridRow, layer: number): string =>
  row.band === "" ? `layer ${layer}` : `${row.band} · layer ${layer}`;

/** Rows of a grid that pool experts, by the layers in which they do. */
interface Pooling extends ExpertLayers {
  rowsOf: ReadonlyMap<string, readonly { row: GridRow; cell: GridCell }[]>;
  /** Laid out when first opened. */
  opened: Map<string, ExpertLayer>;
}

const known = new WeakMap<Grid, Pooling>();

function poolingOf(pairs: readonly Pair[], group: ParameterGroup): Pooling {
  const grid = gridOf(pairs, group);
  const before = known.get(grid);
  if (before) return before;
  const modules: string[] = [];
  const rowsOf = new Map<string, { row: GridRow; cell: GridCell }[]>();
  const layers = new Map<string, { key: string; label: string; row: number; layer: number }>();
  let most = 0;
  for (const [index, row] of grid.rows.entries()) {
    const pooled = row.cells.filter((cell) => isPooled(cell, pairs));
    if (pooled.length > 0 && !modules.includes(row.label)) modules.push(row.label);
    for (const cell of pooled) {
      const key = keyOf(row, cell.layer);
      most = Math.max(most, cell.pairs.length);
      rowsOf.set(key, [...(rowsOf.get(key) ?? []), { row, cell }]);
      if (!layers.has(key)) layers.set(key, { key, label: labelOf(row, cell.layer), row: index, layer: cell.layer });
    }
  }
  // Layers by number within a stack; stacks as the rows have them.
  const stackAt = (row: number) => grid.rows.findIndex(({ stack }) => stack === grid.rows[row].stack);
  const ordered = [...layers.values()].sort((x, y) => stackAt(x.row) - stackAt(y.row) || x.layer - y.layer);
  const pooling = { modules, most, layers: ordered, rowsOf, opened: new Map<string, ExpertLayer>() };
  known.set(grid, pooling);
  return pooling;
}

/** One cell a tensor, in the column of its expert. */
function layOut(pairs: readonly Pair[], entries: readonly { row: GridRow; cell: GridCell }[]): Grid {
  const rows = entries.map(({ row, cell }): GridRow => {
    const cells = cell.pairs.map((pair): GridCell => {
      const { name, place } = pairs[pair];
      return { key: name, row: row.key, layer: place.expert ?? 0, pairs: [pair] };
    });
    return { ...row, cells };
  });
  const experts = new Set(rows.flatMap(({ cells }) => cells.map(({ layer }) => layer)));
  return { rows, layers: [...experts].sort((x, y) => x - y), outside: [] };
}

/** What can be opened of a group; null where no cell of it pools experts. */
export function expertLayersOf(pairs: readonly Pair[], group: ParameterGroup): ExpertLayers | null {
  const pooling = poolingOf(pairs, group);
  return pooling.layers.length > 0 ? pooling : null;
}

/** The layer of that key, expert by expert; null where none of that key pools experts. The same object each time. */
export function expertLayer(pairs: readonly Pair[], group: ParameterGroup, key: string): ExpertLayer | null {
  const pooling = poolingOf(pairs, group);
  const entries = pooling.rowsOf.get(key);
  const layer = pooling.layers.find((one) => one.key === key);
  if (!entries || !layer) return null;
  const opened = pooling.opened.get(key) ?? { ...layer, grid: layOut(pairs, entries) };
  pooling.opened.set(key, opened);
  return opened;
}

/** Key of the layer whose experts a cell pools, or of the one that an expert stands in; null for other cells. */
export function expertLayerAt(pairs: readonly Pair[], cell: string): string | null {
  const found = cellOf(pairs, cell);
  return found && isPooled(found.cell, pairs) ? keyOf(found.row, found.cell.layer) : null;
}
