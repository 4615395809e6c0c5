import { type ComponentType, useEffect, useState, useSyncExternalStore } from "react";
import type { ViewState } from "../instruments/delta/view-state.ts";

type Page = ViewState["page"];

/*
 * The comparison screen and all it needs come apart from the first screen, which is then there sooner, and so does each page
 * beside it. Not React's lazy: that holds a screen back for up to 300 ms after it has come, and takes the page down with it
 * where it does not come.
 */
const FILES: { [P in Page]: () => Promise<{ default: ComponentType }> } = {
  main: () => import("../instruments/delta/screen.tsx"),
  methods: () => import("./methods-page.tsx"),
  report: () => import("./report-page.tsx"),
};
const screens = new Map<Page, ComponentType>();
const listeners = new Set<() => void>();

/** Fetches a page's screen; once it is here it is drawn wherever it is waited for. Rejects where it does not come. */
export async function loadScreen(page: Page): Promise<void> {
  if (screens.has(page)) return;
  const loaded = (await FILES[page]()).default;
  // Its code has only just run: it is drawn in a task of its own.
  await new Promise((done) => setTimeout(done));
  screens.set(page, loaded);
  for (const tell of listeners) tell();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** A page's screen, null until it is here, and whether it failed to come; asked for when a page is `wanted`. */
export function useScreen(wanted: Page | null): { Screen: ComponentType | null; failed: boolean } {
  const Screen = useSyncExternalStore(subscribe, () => (wanted && screens.get(wanted)) ?? null);
  const [failed, setFailed] = useState<Page | null>(null);
  useEffect(() => {
    if (wanted) loadScreen(wanted).catch(() => setFailed(wanted));
  }, [wanted]);
  return { Screen, failed: wanted !== null && failed === wanted };
}
