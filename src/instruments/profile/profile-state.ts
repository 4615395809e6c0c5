import type { Pair } from "../../pairing/pair.ts";
import type { Label } from "../../permalink/shelf.ts";
import type { Profile } from "../../reading/folds/profile-fold.ts";
import { PROFILE_SECTION } from "./view-state.ts";

/** The kind of the job that reads a matrix. */
export const READ_PROFILE = "profile";

/** What was read of one matrix. */
export interface ProfileKept {
  found: { name: string; profile: Profile } | null;
}

export const PROFILE_KEPT: Label<ProfileKept> = { id: PROFILE_SECTION.id, defaults: { found: null } };

/** Whether rows and columns of it have norms of a change: a matrix of two operands, not known to be the same. */
export const isProfiled = ({ a, b }: Pick<Pair, "a" | "b">): boolean =>
  b !== null && a.shape.length === 2 && a.shape.every((size) => size > 1);
