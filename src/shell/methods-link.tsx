import type { MouseEvent } from "react";
import { useActions, useApp } from "../components/use-app.ts";
import { DEFAULT_VIEW } from "../instruments/delta/view-state.ts";
import { EMPTY_LINK, formatLink } from "../permalink/permalink.ts";

const ADDRESS = formatLink({ ...EMPTY_LINK, view: { ...DEFAULT_VIEW, page: "methods" } });

/** To the Methods page, with the comparison kept; in a tab of its own it opens without one. */
export function MethodsLink() {
  const actions = useActions();
  const isOpen = useApp((state) => state.view.page === "methods");
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    actions.setView({ page: isOpen ? "main" : "methods" });
  };
  return (
    <a className="button quiet" href={ADDRESS} onClick={follow} aria-current={isOpen ? "page" : undefined}>
      Methods
    </a>
  );
}
