import { spanLength } from "../../bytes/span.ts";
import type { Pair } from "../../pairing/pair.ts";
import type { AppState } from "../../store/app-state.ts";
import type { AppStore } from "../../store/create-store.ts";
import { isRunning } from "../../store/job.ts";
import { isFinished } from "../../store/phase.ts";
import type { Readings } from "../../store/scan-job.ts";
import { withKept } from "../../store/slice.ts";
import { PROFILE_KEPT, READ_PROFILE } from "./profile-state.ts";

/** A matrix of no more bytes than this is read without a further click. */
export const READ_AT_ONCE = 64 * 2 ** 20;

/** Bytes of each side that reading a matrix again takes; an update is computed from what little its adapter has. */
export const profileBytes = ({ a, b }: Pair): { a: number; b: number } => ({
  a: spanLength(a.span),
  b: b && !b.update ? spanLength(b.span) : 0,
});

/** Whether the operands are at hand and the scan is over. One matrix at a time. */
export const canReadProfile = (state: Pick<AppState, "isOpen" | "jobs" | "comparison">): boolean =>
  state.isOpen && isFinished(state) && !isRunning(state, READ_PROFILE);

/** Reads a matrix once more and keeps the norms of its rows and columns. Nothing while the scan lasts. */
export function readProfile(store: AppStore, readings: Readings, pair: Pair): void {
  if (!canReadProfile(store.getState())) return;
  const { name } = pair;
  // One that is the same on both sides is read as any other: that it is zero everywhere is then seen.
  const { identical, ...alone } = pair;
  store.setState((state) => withKept(state, PROFILE_KEPT, { found: null }));
  readings.read({
    kind: READ_PROFILE,
    pairs: [{ ...alone, index: 0, adapter: null }],
    folds: ["profile"],
    bytes: profileBytes(pair),
    onResult(_, { profile, coverage }) {
      if (coverage === 1 && profile)
        store.setState((state) => withKept(state, PROFILE_KEPT, { found: { name, profile } }));
    },
  });
}
