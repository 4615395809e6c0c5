import type { GridRow } from "../comparing/grid.ts";
import { canLookClosely, lookClosely } from "../instruments/delta/close-look.ts";
import { rankOf } from "../instruments/delta/priorities.ts";
import { canTakeRescaleOut, RESCALE_OUT, takeRescaleOut } from "../instruments/delta/rescale-out.ts";
import type { ViewState } from "../instruments/delta/view-state.ts";
import type { Course } from "./course.ts";
import type { AppStore } from "./create-store.ts";
import { phaseOf } from "./phase.ts";

/** What can be asked of a comparison that is there: to go on, to stop, to be looked at. */
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

    setView(patch: Partial<ViewState>): void {
      store.setState(({ view }) => ({ view: { ...view, ...patch } }));
      if ("cell" in patch || "module" in patch || "group" in patch) course.prioritise(rankOf(store.getState()));
    },

    /** Reads one tensor on its own: an expert's distribution, or ‖A‖ of an identical one. */
    lookClosely(index: number): void {
      if (canLookClosely(store.getState())) lookClosely(store, course, index);
    },

    /** Shows what the relative change of a row's drawn layers would be against k·A: reads them a second time. */
    takeRescaleOut(row: GridRow): void {
      if (canTakeRescaleOut(store.getState())) takeRescaleOut(store, course, row);
    },

    /** Ends that, or puts what it found away. */
    leaveRescaleIn: (): void => course.stopReading(RESCALE_OUT, { rescaleOut: null }),

    dismissNotices(): void {
      store.setState({ notices: [] });
    },
  };
}
