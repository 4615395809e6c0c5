import type { Place } from "./place.ts";

/** The places of many tensors in few objects, so that they are handed from worker to page at once. */
export interface PackedPlaces {
  rows: Omit<Place, "layer" | "expert">[];
  /** Three numbers a tensor: position in `rows`, layer, expert; −1 for none of the latter two. */
  columns: Int32Array;
}

/** The place of the tensor at `index`. */
export function placeAt({ rows, columns }: PackedPlaces, index: number): Place {
  const [row, layer, expert] = columns.subarray(3 * index, 3 * index + 3);
  const place: Place = { ...rows[row], layer: layer < 0 ? null : layer };
  if (expert >= 0) place.expert = expert;
  return place;
}
