import { type Evidence, elementsOf, type FindingOf } from "./evidence.ts";

export type IdenticalFinding = FindingOf<"identical", Record<never, never>>;

const FOUND: IdenticalFinding = {
  kind: "identical",
  numbers: {},
  sentence: "Identical: every value is the same in A and B.",
};

/** No element differs. Null evidence stands for a pair known to be identical without having been read. */
export function identical(evidence: Pick<Evidence, "stats"> | null): IdenticalFinding | null {
  if (evidence === null) return FOUND;
  const elements = elementsOf(evidence);
  if (elements === 0 || evidence.stats.unchanged !== elements) return null;
  return evidence.stats.nonFinite === 0
    ? FOUND
    : { ...FOUND, sentence: "Identical: every finite value is the same in A and B." };
}
