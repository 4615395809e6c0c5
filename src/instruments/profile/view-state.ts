import { choice, sectionOf, text } from "../../permalink/section.ts";

/** As they lie in the matrix, or the one that moved most first. */
const PROFILE_ORDERS = ["stored", "sorted"] as const;
export type ProfileOrder = (typeof PROFILE_ORDERS)[number];

/** Which matrix is looked at, and how. */
export interface ProfileView {
  /** The tensor's name; null for the one that moved most. */
  matrix: string | null;
  order: ProfileOrder;
}

export const PROFILE_SECTION = sectionOf<ProfileView>(
  "profile",
  { matrix: text(null), order: choice(PROFILE_ORDERS, "stored") },
  { undone: ["matrix"], typed: [] },
);
