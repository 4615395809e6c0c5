import { type ComponentType, useEffect, useState, useSyncExternalStore } from "react";

/*
 * The comparison screen and all it needs come apart from the first screen, which is then there sooner. Not React's lazy: that
 * holds a screen back for up to 300 ms after it has come, and takes the page down with it where it does not come.
 */
let screen: ComponentType | null = null;
const listeners = new Set<() => void>();

/** Fetches the comparison screen; once it is here it is drawn wherever it is waited for. Rejects where it does not come. */
export async function loadScreen(): Promise<void> {
  if (screen) return;
  const loaded = (await import("./screen.tsx")).default;
  // Its code has only just run: it is drawn in a task of its own.
  await new Promise((done) => setTimeout(done));
  screen = loaded;
  for (const tell of listeners) tell();
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => listeners.delete(changed);
}

/** The comparison screen, null until it is here, and whether it failed to come; asked for when it is `wanted`. */
export function useScreen(wanted: boolean): { Screen: ComponentType | null; failed: boolean } {
  const Screen = useSyncExternalStore(subscribe, () => screen);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (wanted) loadScreen().catch(() => setFailed(true));
  }, [wanted]);
  return { Screen, failed };
}
