import type { Place } from "../taxonomy/place.ts";
import type { View } from "../tensors/view.ts";
import type { Unpaired } from "./pair.ts";

/** A view and where it stands in its checkpoint. */
export interface Placed {
  view: View;
  place: Place;
}

/** Two views of equal shape that belong together. */
export interface Match {
  /** What the pair is called. */
  name: string;
  a: View;
  b: View;
  place: Place;
  /** The stored tensors that it takes in, by name; a fused one is in several matches. */
  from: { a: string; b: string };
  /** Rows that only one side has. */
  surplus: Unpaired[];
}

export const sameShape = (x: View, y: View): boolean =>
  x.shape.length === y.shape.length && x.shape.every((size, i) => size === y.shape[i]);

/** Whether two shapes agree behind their first axis. */
export const sameRows = (x: View, y: View): boolean =>
  x.shape.length === y.shape.length && x.shape.slice(1).every((size, i) => size === y.shape[i + 1]);
