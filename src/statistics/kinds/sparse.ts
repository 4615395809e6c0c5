import { formatPercent } from "../format-number.ts";
import { hasHistograms } from "../pair-numbers.ts";
import { relativeCount, unchangedNonZero } from "../relative-counts.ts";
import { type Evidence, elementsOf, FEW_ELEMENTS, type FindingOf } from "./evidence.ts";
import { formatLimited } from "./format-limited.ts";

export type SparseFinding = FindingOf<
  "sparse",
  {
    /** Share of the finite elements that are the same in A and B, zeros included. */
    unchanged: number;
  }
>;

/**
 * Published shares of unchanged BF16 weights: at most 19 % after supervised fine-tuning, at least 36 % after
 * reinforcement learning (arXiv 2511.08567, table 1).
 */
export const SPARSE_UNCHANGED = 0.3;

/** Zeros that stayed zero are no sign of a sparse update, so it must hold without them where that can be told. */
function withoutZeros({ stats }: Evidence): number | null {
  if (!hasHistograms(stats)) return null;
  const count = relativeCount(stats);
  return count > 0 ? unchangedNonZero(stats) / count : 0;
}

/** Many weights are exactly the same in A and B, but not all. */
export function sparse(evidence: Evidence): SparseFinding | null {
  const elements = elementsOf(evidence);
  const { shareChanged } = evidence.numbers;
  if (shareChanged === null || shareChanged === 0 || elements < FEW_ELEMENTS) return null;
  const unchanged = 1 - shareChanged;
  if (Math.min(unchanged, withoutZeros(evidence) ?? 1) < SPARSE_UNCHANGED) return null;
  const limited = formatLimited(evidence);
  const aside = limited ? `, some of them perhaps only because ${evidence.lattice?.dtype} has no nearer number` : "";
  return {
    kind: "sparse",
    numbers: { unchanged },
    sentence: `Sparse: ${formatPercent(unchanged)} of the weights are exactly the same in A and B${aside}.`,
  };
}
