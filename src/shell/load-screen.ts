import { type ComponentType, useEffect, useState, useSyncExternalStore } from "react";
import type { AppState } from "../store/app-state.ts";
import { shownPage } from "../store/shown-page.ts";
import { instrumentById } from "./instruments.ts";

/** Fetches the code of a screen; which screen it is, is told by which function this is. */
export type ScreenFile = () => Promise<{ default: ComponentType }>;

/*
 * An instrument's screen and all it needs come apart from the first screen, which is then there sooner, and so does each page
 * beside it. Not React's lazy: that holds a screen back for up to 300 ms after it has come, and takes the page down with it
 * where it does not come.
 */
const PAGES = {
  methods: (): ReturnType<ScreenFile> => import("./methods-page.tsx"),
  report: (): ReturnType<ScreenFile> => import("./report-page.tsx"),
};

const screens = new Map<ScreenFile, ComponentType>();
const listeners = new Set<() => void>();

/** The screen that is to be there; null while the main page has nothing to show but how to begin. */
export function shownScreen(state: AppState): ScreenFile | null {
  const page = shownPage(state);
  if (page !== "main") return PAGES[page];
  return state.comparison ? instrumentById(state.instrument).screen : null;
}

/** Fetches a screen; once it is here it is drawn wherever it is waited for. Rejects where it does not come. */
export async function loadScreen(file: ScreenFile): Promise<void> {
  if (screens.has(file)) return;
  const loaded = (await file()).default;
  // Its code has only just run: it is drawn in a task of its own.
  await new Promise((done) => setTimeout(done));
  screens.set(file, loaded);
  for (const tell of listeners) tell();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** A screen, null until it is here, and whether it failed to come; asked for when it is `wanted`. */
export function useScreen(wanted: ScreenFile | null): { Screen: ComponentType | null; failed: boolean } {
  const Screen = useSyncExternalStore(subscribe, () => (wanted && screens.get(wanted)) ?? null);
  const [failed, setFailed] = useState<ScreenFile | null>(null);
  useEffect(() => {
    if (wanted) loadScreen(wanted).catch(() => setFailed(() => wanted));
  }, [wanted]);
  return { Screen, failed: wanted !== null && failed === wanted };
}
