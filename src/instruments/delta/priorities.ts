import { expertLayer } from "../../comparing/expert-layers.ts";
import { gridOf, pairNamed } from "../../comparing/grid.ts";
import type { Rank } from "../../reading/segment-queue.ts";
import type { AppState } from "../../store/app-state.ts";
import type { ViewState } from "./view-state.ts";

/**
 * How soon each pair is wanted: the cell looked at, then its row and the experts opened, then what stands in layers, then
 * the rest. Norms and biases rank with the matrices beside them, because reading them along the way is cheaper than a
 * request of their own.
 */
export function rankOf({ comparison, view }: Pick<AppState, "comparison"> & { view: ViewState }): Rank {
  if (!comparison) return () => 0;
  const grid = gridOf(comparison.pairs, view.group);
  const row = grid.rows.find(({ key }) => key === view.module);
  const wanted = new Map<number, number>();
  for (const cell of row?.cells ?? []) for (const pair of cell.pairs) wanted.set(pair, 1);
  const opened = view.experts ? expertLayer(comparison.pairs, view.group, view.experts) : null;
  for (const { cells } of opened?.grid.rows ?? [])
    for (const cell of cells) for (const pair of cell.pairs) wanted.set(pair, 1);
  const cell = grid.rows.flatMap(({ cells }) => cells).find(({ key }) => key === view.cell);
  for (const pair of cell?.pairs ?? []) wanted.set(pair, 0);
  const named = cell || !view.cell ? undefined : pairNamed(comparison.pairs, view.cell);
  if (named) wanted.set(named.index, 0);
  return (pair) => wanted.get(pair) ?? (comparison.pairs[pair].place.layer === null ? 3 : 2);
}
