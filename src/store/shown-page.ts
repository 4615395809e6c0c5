import type { Page } from "../permalink/link-format.ts";
import type { AppState } from "./app-state.ts";

/** The page to show. A report is of two models: until they are open, and of one alone, the main page stands in for it. */
export const shownPage = ({ page, comparison }: Pick<AppState, "page" | "comparison">): Page =>
  page === "report" && !comparison?.b ? "main" : page;
