/**
 * Of two changes to the same weights, an adapter's u and that of a full fine-tune d: sums over the elements seen, in float64.
 * They add up, so those of two stretches make those of both.
 */
export interface DeltaSums {
  /** Elements seen and finite on both sides. */
  count: number;
  /** Elements where either change is not finite; they enter nothing else. */
  nonFinite: number;
  /** Σu², Σd², Σu·d. */
  sumU2: number;
  sumD2: number;
  sumUD: number;
}

export const emptyDeltaSums = (): DeltaSums => ({ count: 0, nonFinite: 0, sumU2: 0, sumD2: 0, sumUD: 0 });

/** Adds `from` to `into`, in place. For reruns to agree to the last bit, join stretches in the order of their elements. */
export function mergeDeltaSums(into: DeltaSums, from: DeltaSums): void {
  into.count += from.count;
  into.nonFinite += from.nonFinite;
  into.sumU2 += from.sumU2;
  into.sumD2 += from.sumD2;
  into.sumUD += from.sumUD;
}

/** The cosine of the angle between the two changes, −1 … 1; null where either is zero. */
export function deltaCosine({ sumU2, sumD2, sumUD }: DeltaSums): number | null {
  const size = Math.sqrt(sumU2) * Math.sqrt(sumD2);
  return size > 0 ? Math.max(-1, Math.min(1, sumUD / size)) : null;
}

/** ‖u‖ / ‖d‖: how large the adapter's change is beside the full one; null where d is zero. */
export const deltaRatio = ({ sumU2, sumD2 }: DeltaSums): number | null =>
  sumD2 > 0 ? Math.sqrt(sumU2) / Math.sqrt(sumD2) : null;
