import { useSyncExternalStore } from "react";

const dark = matchMedia("(prefers-color-scheme: dark)");

function subscribe(changed: () => void): () => void {
  dark.addEventListener("change", changed);
  return () => dark.removeEventListener("change", changed);
}

/** The system's theme, as charts need it to choose their ramps. */
export const useTheme = (): "light" | "dark" =>
  useSyncExternalStore(subscribe, () => (dark.matches ? "dark" : "light"));
