import type { Page } from "../permalink/link-format.ts";
import type { AppState } from "../store/app-state.ts";
import { isRunning } from "../store/job.ts";
import { scanProgress } from "../store/phase.ts";
import { shownPage } from "../store/shown-page.ts";

const PAGES: { readonly [Name in Page]: string } = { main: "", methods: "Methods · ", report: "Report · " };

/** What stands on the browser's tab: how far the scan is, the page, and the operands. */
export function pageTitle(state: AppState): string {
  const { comparison } = state;
  const progress = scanProgress(state);
  const operands = comparison
    ? `${comparison.a.label}${comparison.b ? ` → ${comparison.b.label}` : ""} · Auscult`
    : "Auscult";
  const names = PAGES[shownPage(state)] + operands;
  if (!isRunning(state, "scan") || !progress) return names;
  const { a, b } = progress.bytes;
  const total = a.total + b.total;
  return `${Math.floor((total > 0 ? (a.done + b.done) / total : 0) * 100)} % · ${names}`;
}
