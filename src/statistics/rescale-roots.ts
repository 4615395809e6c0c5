/** A multiple of A that would give a published pair of numbers, and what it leaves. */
export interface RescaleRoot {
  /** ‖B‖ / ‖A‖ */
  stretch: number;
  /** ⟨A, B⟩ / ⟨A, A⟩ */
  k: number;
  /** ‖B − k·A‖ / ‖A‖ */
  residual: number;
}

/**
 * What a relative norm r = ‖Δ‖/‖A‖ and the cosine c of A and B say about the rescale k. The stretch s = ‖B‖/‖A‖ solves
 * s² − 2·s·c + 1 = r², so there are two answers, the shrunk one first, and reports that give only r and c leave open which.
 * One where a root would be negative, none where no tensors have these numbers.
 */
export function rescaleRoots(relativeNorm: number, cosine: number): RescaleRoot[] {
  // r² − (1 − c²), the sine in two factors so that its digits stay where c is nearly 1.
  const sine2 = (1 - cosine) * (1 + cosine);
  const rest = relativeNorm * relativeNorm - sine2;
  if (!(rest >= 0)) return [];
  return [-Math.sqrt(rest), Math.sqrt(rest)]
    .map((root) => cosine + root)
    .filter((stretch) => stretch >= 0)
    .map((stretch) => ({ stretch, k: stretch * cosine, residual: stretch * Math.sqrt(sine2) }));
}
