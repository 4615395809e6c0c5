import type { DistributionShape } from "../distribution-shape.ts";
import { formatPercent } from "../format-number.ts";
import type { Evidence, FindingOf } from "./evidence.ts";

export type ClipArtefactFinding = FindingOf<
  "clip-artefact",
  {
    /** Share of the elements with a ≠ 0 whose |t| is 257/256 or more. */
    beyond: number;
    /** Ends, 1 or 2, at which piling up makes a hump that is not there otherwise. */
    ends: number;
  }
>;

export type End = "low" | "high";

/** A peak beyond this is one of the end's own, piled up or not. */
const OUTER = 0.75;

/** Whether a distribution whose ends were left out has a peak there all the same. */
export const hasPeakNear = ({ modes, peakAtEnd }: DistributionShape, end: End): boolean =>
  peakAtEnd[end] || modes.some(({ at }) => (end === "low" ? -at : at) > OUTER);

/** A hump at ±1 that exists only where larger changes are piled up there. */
export function clipArtefact({ shapes, numbers }: Evidence): ClipArtefactFinding | null {
  const beyond = numbers.beyondOne;
  if (!shapes || beyond === null) return null;
  const { abs, piled } = shapes;
  const made = (["low", "high"] as const).filter((end) => piled.peakAtEnd[end] && !hasPeakNear(abs, end));
  if (made.length === 0) return null;
  const humps = made.length === 2 ? "humps at −1 and +1" : `a hump at ${made[0] === "low" ? "−1" : "+1"}`;
  return {
    kind: "clip-artefact",
    numbers: { beyond, ends: made.length },
    sentence:
      `Clipping would make ${humps}: ${formatPercent(beyond)} of the weights changed by about their own size or more, ` +
      "and only piling these up at the ends shows any mode there.",
  };
}
