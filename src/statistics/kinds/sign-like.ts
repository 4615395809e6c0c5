import { formatNumber, formatPercent } from "../format-number.ts";
import type { Evidence, FindingOf } from "./evidence.ts";

export type SignLikeFinding = FindingOf<
  "sign-like",
  {
    /** The modes over a lie at −mode and +mode. */
    mode: number;
    /** Share of ‖Δ‖² that one size with the sign of each change keeps. */
    energy: number;
  }
>;

/** Between Gaussian changes, 2/π = 0.64, and steps of one size, 1: closer to the latter. */
export const EVEN_ENERGY = 0.85;

/** Steps of about one size whose sign does not follow the weight's: two modes over a as over |a|. */
export function signLike({ shapes, numbers }: Evidence): SignLikeFinding | null {
  const { bitDelta: energy } = numbers;
  const mode = shapes?.signed.pair ?? null;
  if (mode === null || energy === null || shapes?.abs.pair == null || energy < EVEN_ENERGY) return null;
  return {
    kind: "sign-like",
    numbers: { mode, energy },
    sentence:
      `Sign-like steps: the changes have two modes, near ±${formatNumber(mode)}, over a as well as over |a|, and steps of ` +
      `one size with the sign of each change keep ${formatPercent(energy)} of ‖Δ‖² (64 % if they were Gaussian).`,
  };
}
