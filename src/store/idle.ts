import type { AppState } from "./app-state.ts";
import type { AppStore } from "./create-store.ts";

/** Whether nothing happens until the person does something. */
export const isIdle = ({ jobs }: Pick<AppState, "jobs">): boolean => jobs.every(({ status }) => status !== "running");

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
