import type { GridRow } from "../comparing/grid.ts";
import { canLookClosely } from "../instruments/delta/close-look.ts";
import { canTakeRescaleOut } from "../instruments/delta/rescale-out.ts";
import { type Course, ENDED } from "./course.ts";
import type { AppStore } from "./create-store.ts";
import { setOperand } from "./field-actions.ts";

/** What can be asked of a comparison that is there: to go on, to stop, to be read again. */
export function createScanActions(store: AppStore, course: Course) {
  return {
    /** The click that a large scan waits for. */
    start(): void {
      if (store.getState().phase.status === "ready") course.begin();
    },

    pause: (): void => course.scan?.pause(),
    resume: (): void => course.scan?.resume(),

    /** Ends the scan and keeps what it found. */
    cancel(): void {
      const { comparison } = store.getState();
      course.end();
      for (const side of ["a", "b", "adapter"] as const) setOperand(store, side, { opening: false });
      store.setState({ ...ENDED, phase: comparison ? { status: "stopped" } : { status: "empty" } });
    },

    /** What a busy host turned away is sent again at once. */
    hurry: (): void => course.hurry(),

    /** Reads one tensor on its own: an expert's distribution, or ‖A‖ of an identical one. */
    lookClosely(index: number): void {
      if (canLookClosely(store.getState())) course.lookClosely(index);
    },

    /** Shows what the relative change of a row's drawn layers would be against k·A: reads them a second time. */
    takeRescaleOut(row: GridRow): void {
      if (canTakeRescaleOut(store.getState())) course.takeRescaleOut(row);
    },

    /** Ends that, or puts what it found away. */
    leaveRescaleIn: (): void => course.leaveRescaleIn(),

    dismissNotices(): void {
      store.setState({ notices: [] });
    },
  };
}
