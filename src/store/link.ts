import type { Link, Look } from "../permalink/link-format.ts";
import type { AppState } from "./app-state.ts";
import { DEFAULT_HUB } from "./hosts.ts";

/** The link that brings this page back: the operands as they stand (pinned once they are open) and the whole view. */
export function linkOf(
  state: Pick<AppState, "operands" | "hub" | "engine" | "exact" | "comparison" | "rename" | keyof Look>,
): Link {
  const { operands, comparison, rename, instrument, page, present, views } = state;
  const b = (comparison ? comparison.b?.ref : operands.b.text) || null;
  const isAdapter = comparison?.b?.adapter === true;
  return {
    a: (comparison ? comparison.a.ref : operands.a.text) || null,
    b: isAdapter ? null : b,
    adapter: isAdapter ? b : (comparison ? comparison.adapter?.ref : operands.adapter?.text) || null,
    rename: (comparison ? comparison.rename : rename.text) || null,
    hub: state.hub === DEFAULT_HUB ? null : state.hub,
    engine: state.engine.forced,
    exact: state.exact,
    ...{ instrument, page, present, views },
  };
}
