import type { DeltaSums } from "../../kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../../kernels/pair-stats.ts";
import type { ProfileSums } from "../../kernels/profile/profile-sums.ts";
import type { Join } from "../fold.ts";
import { deltaSumsJoin } from "./delta-sums-fold.ts";
import { type ElementsOfBoth, elementsJoin, type Stretches } from "./elements-fold.ts";
import { pairStatsJoin } from "./pair-stats-fold.ts";
import { type Profile, profileJoin } from "./profile-fold.ts";

/** What each fold makes of a segment. */
export interface FoldParts {
  stats: PairStats;
  deltas: DeltaSums;
  profile: ProfileSums;
  elements: Stretches;
}

/** What it makes of a pair. */
export interface FoldResults {
  stats: PairStats;
  deltas: DeltaSums;
  profile: Profile;
  elements: ElementsOfBoth;
}

export type FoldName = keyof FoldParts;

/** How the parts of each are joined. */
export const JOINS: { readonly [Name in FoldName]: Join<FoldParts[Name], FoldResults[Name]> } = {
  stats: pairStatsJoin,
  deltas: deltaSumsJoin,
  profile: profileJoin,
  elements: elementsJoin,
};

/** What a comparison is made of. */
export const COMPARISON_FOLDS = ["stats", "deltas"] as const satisfies readonly FoldName[];
