import type { DistributionShape } from "../distribution-shape.ts";
import { formatFactor, formatNumber, formatPercent, formatSigned } from "../format-number.ts";
import { type Evidence, elementsOf, FEW_ELEMENTS, type FindingOf } from "./evidence.ts";
import { replaced } from "./replaced.ts";

export type RescaleFinding = FindingOf<
  "rescale",
  {
    k: number;
    /** Share of ‖Δ‖² along A. */
    share: number;
    /** ‖B − k·A‖ / ‖A‖ */
    residual: number;
    /** The relative change over a at which most weights lie, where the histograms show one. */
    mode: number | null;
  }
>;

/** A rescale that explains less than half of ‖Δ‖² is not what the change mostly is. */
export const MOSTLY = 0.5;
/** Residuals below this part of ‖Δ‖/‖A‖ are rounding of the sums. */
export const ROUNDING = 3e-4;

/** Two modes over |a| that become one over a: what dividing a common factor by |a| does. */
function foldedMode(abs: DistributionShape, signed: DistributionShape): number | null {
  const [mode, ...others] = signed.modes;
  if (abs.pair === null || mode === undefined || others.length > 0) return null;
  return Math.abs(Math.abs(mode.at) - abs.pair) <= abs.bandwidth ? mode.at : null;
}

/** What is left of Δ without its part along A, in words. */
export const leftOver = (residual: number, relativeNorm: number): string =>
  residual <= ROUNDING * relativeNorm
    ? "nothing measurable is left"
    : `what is left is ${formatNumber(residual)} of ‖A‖`;

/** B is mostly a multiple of A, by the sums; or most weights moved by one factor, by the modes. */
export function rescale(evidence: Evidence): RescaleFinding | null {
  const { k, rescaleShare: share, residual, relativeNorm } = evidence.numbers;
  if (k === null || share === null || residual === null || relativeNorm === null) return null;
  if (elementsOf(evidence) < FEW_ELEMENTS || replaced(evidence)) return null;
  const { shapes } = evidence;
  const mode = shapes && foldedMode(shapes.abs, shapes.signed);
  if (share < MOSTLY && mode === null) return null;
  const modes =
    mode === null
      ? ""
      : ` Over a the changes have one mode, near ${formatSigned(mode)}; over |a| that makes two, near ±${formatNumber(Math.abs(mode))}.`;
  const sums =
    share >= MOSTLY
      ? `Mostly a rescale: B ≈ ${formatFactor(k)} · A explains ${formatPercent(share)} of ‖Δ‖²; ${leftOver(residual, relativeNorm)}.`
      : `Many weights moved by one factor, but B ≈ ${formatFactor(k)} · A explains only ${formatPercent(share)} of ‖Δ‖².`;
  return { kind: "rescale", numbers: { k, share, residual, mode }, sentence: sums + modes };
}
