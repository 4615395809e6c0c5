import type { LowRankUpdate } from "../tensors/low-rank-update.ts";
import type { View } from "../tensors/view.ts";
import { BaseNames } from "./base-names.ts";
import { type StackedUpdate, updatesOfExperts } from "./stacked-update.ts";

export interface MatchedStacks {
  /** Of each view of the base that is changed, the update of each of its experts. */
  updates: Map<View, LowRankUpdate[]>;
  unmatched: { name: string; reason: string }[];
}

/**
 * Finds the stack of experts that each update is for: of the parameters that it may be for, the first that has its shape and no
 * update yet.
 */
export function matchStacks(stacks: readonly StackedUpdate[], base: readonly View[]): MatchedStacks {
  const matched: MatchedStacks = { updates: new Map(), unmatched: [] };
  const names = stacks.length > 0 ? new BaseNames(base) : null;
  for (const stack of stacks) {
    let reason = "";
    const found = stack.parameters.some((parameter) => {
      const view = names?.find({ kind: "named", names: [parameter] });
      const updates = view && typeof view !== "string" ? updatesOfExperts(stack, view) : (view ?? "");
      if (typeof updates !== "string" && view && typeof view !== "string" && !matched.updates.has(view)) {
        matched.updates.set(view, updates);
        return true;
      }
      reason ||= typeof updates === "string" ? updates : `Another part of the adapter is for ${parameter} already.`;
      return false;
    });
    if (!found) matched.unmatched.push({ name: stack.update.name, reason });
  }
  return matched;
}
