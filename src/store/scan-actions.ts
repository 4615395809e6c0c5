import type { Course } from "./course.ts";
import type { AppStore } from "./create-store.ts";
import { phaseOf } from "./phase.ts";

/** What can be asked of a comparison that is there: to go on, to stop, to be read again. */
export function createScanActions(store: AppStore, course: Course) {
  return {
    /** The click that a large scan waits for. */
    start(): void {
      if (phaseOf(store.getState()).status === "ready") course.begin();
    },

    pause: (): void => course.pause(),
    resume: (): void => course.resume(),

    /** Ends the scan and keeps what it found. */
    cancel: (): void => course.stop(),

    /** What a busy host turned away is sent again at once. */
    hurry: (): void => course.hurry(),

    dismissNotices(): void {
      store.setState({ notices: [] });
    },
  };
}
