import type { ViewState } from "../instruments/delta/view-state.ts";
import type { AppState } from "./app-state.ts";

/** The page to show. A report is of two models: until they are open, and of one alone, the main page stands in for it. */
export const shownPage = ({ view, comparison }: Pick<AppState, "view" | "comparison">): ViewState["page"] =>
  view.page === "report" && !comparison?.b ? "main" : view.page;
