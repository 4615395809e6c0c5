import type { MouseEvent } from "react";
import { useActions, useApp } from "../components/use-app.ts";
import { LINKS } from "./instruments.ts";

const ADDRESS = LINKS.format({ ...LINKS.empty, page: "methods" });

/** To the Methods page, with the comparison kept; in a tab of its own it opens without one. */
export function MethodsLink() {
  const actions = useActions();
  const isOpen = useApp((state) => state.page === "methods");
  const follow = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    actions.turnTo(isOpen ? "main" : "methods");
  };
  return (
    <a className="button quiet" href={ADDRESS} onClick={follow} aria-current={isOpen ? "page" : undefined}>
      Methods
    </a>
  );
}
