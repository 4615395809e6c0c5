import type { Pair } from "../pairing/pair.ts";
import { type GridCell, gridOf } from "./grid.ts";

const known = new WeakMap<readonly Pair[], ReadonlyMap<string, GridCell>>();

/**
 * The biases of matrices: by the key of a matrix' cell the cell of the bias of the same module and layer. Without those
 * that have none. The same object for the same list of pairs.
 */
export function biasCells(pairs: readonly Pair[]): ReadonlyMap<string, GridCell> {
  const before = known.get(pairs);
  if (before) return before;
  const place = (stack: string, role: string, layer: number) => JSON.stringify([stack, role, layer]);
  const biases = new Map<string, GridCell>();
  for (const { cells, ...row } of gridOf(pairs, "bias").rows)
    for (const cell of cells) biases.set(place(row.stack, row.place.role, cell.layer), cell);
  const found = new Map<string, GridCell>();
  for (const { cells, ...row } of biases.size > 0 ? gridOf(pairs, "matrix").rows : [])
    for (const cell of cells) {
      const bias = biases.get(place(row.stack, `${row.place.role}.bias`, cell.layer));
      if (bias) found.set(cell.key, bias);
    }
  known.set(pairs, found);
  return found;
}
