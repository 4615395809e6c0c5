import { formatNumber } from "../format-number.ts";
import { type Evidence, elementsOf, FEW_ELEMENTS, type FindingOf } from "./evidence.ts";

export type ReplacedFinding = FindingOf<"replaced", { cosine: number }>;

/** Independent tensors have 0 ± 1/√elements; a change as large as A and at right angles to it still leaves 0.71. */
export const REPLACED_COSINE = 0.2;

/** B has next to nothing of A's direction. */
export function replaced(evidence: Pick<Evidence, "numbers" | "stats">): ReplacedFinding | null {
  const { cosine } = evidence.numbers;
  if (cosine === null || Math.abs(cosine) >= REPLACED_COSINE || elementsOf(evidence) < FEW_ELEMENTS) return null;
  return {
    kind: "replaced",
    numbers: { cosine },
    sentence: `Replaced rather than adjusted: the cosine between A and B is ${formatNumber(cosine)}.`,
  };
}
