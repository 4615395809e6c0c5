import type { Page } from "../permalink/link-format.ts";
import type { AppState } from "../store/app-state.ts";
import { shownPage } from "../store/shown-page.ts";

const PAGES: { readonly [Name in Page]: string } = { main: "", methods: "Methods · ", report: "Report · " };

/** What stands on the browser's tab: how far the scan is, the page, and the operands. */
export function pageTitle(state: AppState): string {
  const { phase, comparison, progress } = state;
  const operands = comparison
    ? `${comparison.a.label}${comparison.b ? ` → ${comparison.b.label}` : ""} · Auscult`
    : "Auscult";
  const names = PAGES[shownPage(state)] + operands;
  if (phase.status !== "running" || !progress) return names;
  const total = progress.a.total + progress.b.total;
  return `${Math.floor((total > 0 ? (progress.a.done + progress.b.done) / total : 0) * 100)} % · ${names}`;
}
