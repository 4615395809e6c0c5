import type { AppState } from "./app-state.ts";
import type { AppStore } from "./create-store.ts";

/** Whether nothing happens until the person does something. */
export const isIdle = ({ phase, closeLook, rescaleOut, filing, access }: AppState): boolean =>
  phase.status !== "opening" &&
  phase.status !== "running" &&
  !filing &&
  !access.busy &&
  rescaleOut?.status !== "running" &&
  (closeLook === null || closeLook.error !== null);

/** Resolves when the page is idle: finished, paused, waiting for a click, failed, or empty. */
export function whenIdle(store: AppStore): Promise<void> {
  return new Promise((resolve) => {
    if (isIdle(store.getState())) return resolve();
    const stop = store.subscribe((state) => {
      if (!isIdle(state)) return;
      stop();
      resolve();
    });
  });
}
