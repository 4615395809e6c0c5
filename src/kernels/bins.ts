import { MAGNITUDE_SLOTS } from "./pair-stats.ts";

/** The relative histograms' middle slot, |t| < 1/256, and how many slots lie on each side of it. */
export const RELATIVE_MIDDLE = 129;

/** The edge (2j − 1)/256 at which slot 129 ± j begins, for j = 1…129. At most 9 significant bits. */
export const relativeEdge = (j: number): number => (2 * j - 1) / 256;

/** The edge 2^e·{1, 1.25, 1.5, 1.75} at which magnitude slot k = 0…119 begins, e = −20…9. At most 3 significant bits. */
export const magnitudeEdge = (k: number): number => 2 ** (Math.floor(k / 4) - 20) * (1 + (k % 4) / 4);

/** The last slot, which also takes what lies beyond. */
export const MAGNITUDE_LAST = MAGNITUDE_SLOTS - 1;
