import type { DerivedNumbers } from "../../statistics/derive.ts";
import { formatFactor, formatNumber, formatPercent } from "../../statistics/format-number.ts";
import { FEW_ELEMENTS } from "../../statistics/kinds/evidence.ts";
import { REPLACED_COSINE } from "../../statistics/kinds/replaced.ts";
import { leftOver, MOSTLY } from "../../statistics/kinds/rescale.ts";
import type { PairSums } from "../../statistics/pair-numbers.ts";
import type { Place } from "../../taxonomy/place.ts";

/** What kind of change the sums show, or null where they show none in particular. */
function kindOfChange(numbers: DerivedNumbers, elements: number, things: string): string | null {
  const { cosine, k, relativeNorm, rescaleShare, residual } = numbers;
  if (relativeNorm === null || rescaleShare === null || k === null || residual === null) return null;
  const moved = `The ${things} moved by ${formatNumber(relativeNorm)} of their norm`;
  if (elements < FEW_ELEMENTS) return `${moved}.`;
  if (cosine !== null && Math.abs(cosine) < REPLACED_COSINE)
    return `Replaced rather than adjusted: the cosine between A and B is ${formatNumber(cosine)}.`;
  if (rescaleShare >= MOSTLY)
    return `Mostly a rescale: B ≈ ${formatFactor(k)} · A explains ${formatPercent(rescaleShare)} of ‖Δ‖²; ${leftOver(residual, relativeNorm)}.`;
  if (rescaleShare < 0.01)
    return `${moved}; the change is nearly at right angles to them (a rescale explains ${formatPercent(rescaleShare)} of ‖Δ‖²).`;
  return `${moved}; a rescale by ${formatFactor(k)} explains ${formatPercent(rescaleShare)} of ‖Δ‖².`;
}

/** "97.9 % of the weights", the subject of a sentence. */
const shareOf = (share: number, things: string): string => `${formatPercent(share)} of the ${things}`;

/**
 * One or two sentences on what the numbers of one pair say, and no more than they say. For two operands: the numbers of
 * a model looked at alone would read as "identical". `derived` is `derive(stats)`.
 */
export function cellSentence(place: Place, derived: DerivedNumbers, stats: PairSums): string {
  const things = place.group === "bias" ? "biases" : "weights";
  const elements = stats.count - stats.nonFinite;
  if (stats.count === 0) return "Nothing read yet.";
  if (elements === 0) return `None of the ${things} is a finite number in both A and B.`;
  const aside =
    stats.nonFinite > 0 ? ` ${shareOf(stats.nonFinite / stats.count, things)} are not finite and left out.` : "";
  if (stats.unchanged === elements)
    return `Identical: every ${stats.nonFinite > 0 ? "finite " : ""}value is the same in A and B.${aside}`;
  if (stats.zeroBase === elements) return `All ${things} are zero in A, so no relative change exists.${aside}`;
  if (derived.normB === 0) return `All ${things} are zero in B.${aside}`;
  const same = stats.unchanged / elements;
  const kind = kindOfChange(derived, elements, things) ?? `‖Δ‖ is ${formatNumber(derived.normD)}.`;
  if (aside !== "") return kind + aside;
  return same > 0.01 ? `${kind} ${shareOf(same, things)} are exactly the same in A and B.` : kind;
}
