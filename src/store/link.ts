import type { Link } from "../permalink/permalink.ts";
import type { AppState } from "./app-state.ts";
import { DEFAULT_HUB } from "./hosts.ts";

/** The link that brings this page back: both operands as they stand (pinned once they are open) and the whole view. */
export function linkOf(state: Pick<AppState, "operands" | "hub" | "engine" | "exact" | "view" | "comparison">): Link {
  const { operands, comparison } = state;
  return {
    a: (comparison ? comparison.a.ref : operands.a.text) || null,
    b: (comparison ? comparison.b?.ref : operands.b.text) || null,
    adapter: null,
    hub: state.hub === DEFAULT_HUB ? null : state.hub,
    engine: state.engine.forced,
    exact: state.exact,
    view: state.view,
  };
}
