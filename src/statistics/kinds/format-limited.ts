import type { PairStats } from "../../kernels/pair-stats.ts";
import { formatFraction, formatPercent } from "../format-number.ts";
import { type Lattice, largestStep } from "../lattice.ts";
import { hasHistograms } from "../pair-numbers.ts";
import { sumSlots } from "../relative-counts.ts";
import { type Evidence, elementsOf, FEW_ELEMENTS, type FindingOf } from "./evidence.ts";

export type FormatLimitedFinding = FindingOf<
  "format-limited",
  {
    /** Share of the changed elements (a ≠ 0) with |t| below `size`. */
    within: number;
    /** Two of the largest steps of the format where both sides have it; half of one where only B was rounded to it. */
    size: number;
  }
>;

/** Most: more than half. */
export const MOST = 0.5;

/** Share of the changes with |t| < size, a power of two; null if the slots do not reach so far down, or nothing changed. */
function shareBelow({ magnitude }: PairStats, size: number): number | null {
  const slot = 4 * (Math.log2(size) + 20);
  const total = sumSlots(magnitude.grow) + sumSlots(magnitude.shrink);
  if (slot < 1 || total === 0) return null;
  return 1 - (sumSlots(magnitude.grow, slot) + sumSlots(magnitude.shrink, slot)) / total;
}

/** Below which size a change is about what rounding makes of it. A base alone rounds nothing away. */
function roundingSize(lattice: Lattice): number | null {
  if (lattice.side === "base") return null;
  return largestStep(lattice) * (lattice.side === "both" ? 2 : 0.5);
}

/** Most changes are so small that the storage format decided them: in BF16, those in the octaves from 2^−8 to 2^−6. */
export function formatLimited(evidence: Evidence): FormatLimitedFinding | null {
  const { stats, lattice } = evidence;
  const size = lattice && roundingSize(lattice);
  if (!lattice || size === null || !hasHistograms(stats) || elementsOf(evidence) < FEW_ELEMENTS) return null;
  const within = shareBelow(stats, size);
  if (within === null || within <= MOST) return null;
  const share = `${formatPercent(within)} of the changes are below ${formatFraction(size)} of their weight`;
  const why =
    lattice.side === "both"
      ? "one or two steps from a number to the next, so most of their shape was rounded away"
      : "which rounding B to that format can make alone";
  return {
    kind: "format-limited",
    numbers: { within, size },
    sentence: `Limited by ${lattice.dtype}: ${share}, ${why}.`,
  };
}
