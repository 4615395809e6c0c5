import { choice, sectionOf, text } from "../../permalink/section.ts";
import { PROFILE_ORDERS, type ProfileOrder } from "./profile-picture.ts";

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
