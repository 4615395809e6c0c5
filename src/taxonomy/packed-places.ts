import type { Place } from "./place.ts";

/** The places of many tensors in few objects, so that they are handed from worker to page at once. */
export interface PackedPlaces {
  rows: Omit<Place, "layer" | "expert">[];
  /** Three numbers a tensor: position in `rows`, layer, expert; −1 for none of the latter two. */
  columns: Int32Array;
}

/** Packs the places of tensors: they differ in a few dozen rows. */
export function packPlaces(places: readonly Place[]): PackedPlaces {
  const numbers = new Map<string, number>();
  const rows: PackedPlaces["rows"] = [];
  const columns = new Int32Array(3 * places.length);
  for (const [i, { layer, expert, ...row }] of places.entries()) {
    const key = `${row.stack}\n${row.module}\n${row.role}\n${row.group}`;
    const number = numbers.get(key) ?? rows.push(row) - 1;
    numbers.set(key, number);
    columns.set([number, layer ?? -1, expert ?? -1], 3 * i);
  }
  return { rows, columns };
}

/** The place of the tensor at `index`. */
export function placeAt({ rows, columns }: PackedPlaces, index: number): Place {
  const [row, layer, expert] = columns.subarray(3 * index, 3 * index + 3);
  const place: Place = { ...rows[row], layer: layer < 0 ? null : layer };
  if (expert >= 0) place.expert = expert;
  return place;
}
