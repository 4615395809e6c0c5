import type { Place } from "../taxonomy/place.ts";
import type { View } from "../tensors/view.ts";

export const SIDES = ["a", "b", "adapter"] as const;
/** Who takes part: A, the base; B, what it is compared with; an adapter over A whose change is compared with B's. */
export type Side = (typeof SIDES)[number];

/** A view of A with its counterparts (or alone, when one model is looked at by itself). */
export interface Pair extends Record<Side, View | null> {
  /** Position in the comparison's list of pairs. */
  index: number;
  name: string;
  nameB: string;
  a: View;
  /** Null when A is looked at alone. */
  b: View | null;
  place: Place;
  /** Elements. */
  count: number;
  /**
   * The bytes are known to be the same without being read: both lie at the same place in files of the same SHA-256, or Xet
   * hash; or B is A with an adapter that does not touch it, and then `b` is A's own view. Such a pair is not downloaded.
   */
  identical?: true;
  /** What an adapter would add to A here: compared with B's change, and no part of B. Its files are the adapter's. */
  adapter: View | null;
}

/** A tensor that is in no pair, and the sentence that says why. */
export interface Unpaired {
  side: Side;
  name: string;
  reason: string;
}

export interface Pairing {
  pairs: Pair[];
  unpaired: Unpaired[];
}
