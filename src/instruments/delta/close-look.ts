import type { Span } from "../../bytes/span.ts";
import type { Pair } from "../../pairing/pair.ts";
import type { AppState } from "../../store/app-state.ts";
import type { AppStore } from "../../store/create-store.ts";
import { isRunning } from "../../store/job.ts";
import { isFinished } from "../../store/phase.ts";
import type { Readings } from "../../store/scan-job.ts";
import { withKept } from "../../store/slice.ts";
import { DELTA_KEPT } from "./delta-state.ts";
import { CLOSE_LOOK } from "./job-kinds.ts";

/** Single tensors are read when the scan is over: it needs the workers while it lasts. One at a time. */
export const canLookClosely = (state: Pick<AppState, "isOpen" | "jobs" | "comparison">): boolean =>
  state.isOpen && isFinished(state) && !isRunning(state, CLOSE_LOOK);

const length = ({ begin, end }: Span): number => end - begin;

/** Bytes of each side that reading this one takes: of an identical pair A is enough. */
export const bytesAgain = ({ a, b, identical }: Pair): { a: number; b: number } => ({
  a: length(a.span),
  b: b && !identical ? length(b.span) : 0,
});

/** The same, both sides together. */
export function closeLookBytes(pair: Pair): number {
  const { a, b } = bytesAgain(pair);
  return a + b;
}

/**
 * Reads one pair alone. An expert's numbers are held with its histograms for a while; those of an identical pair, of
 * which only A is read, stay.
 */
export function lookClosely(store: AppStore, readings: Readings, index: number): void {
  const state = store.getState();
  const { comparison, results } = state;
  if (!comparison || !canLookClosely(state)) return;
  const { list } = results;
  // An adapter beside it was compared when the scan was.
  const { identical, ...rest } = comparison.pairs[index];
  const alone: Pair = { ...rest, index: 0, adapter: null, b: identical ? null : rest.b };
  store.setState(withKept(state, DELTA_KEPT, { closeLook: { pair: index } }));
  readings.read({
    kind: CLOSE_LOOK,
    pairs: [alone],
    folds: ["stats"],
    bytes: bytesAgain(alone),
    onResult(_, { stats, coverage }, by) {
      if (coverage < 1) return;
      if (identical) list.set(index, { stats, coverage: 1, engine: by });
      else list.keepCloseLook(index, stats);
    },
    onFinished() {
      const now = store.getState();
      const told = { results: { version: now.results.version + 1, list } };
      readings.stopReading(CLOSE_LOOK, { ...withKept(now, DELTA_KEPT, { closeLook: null }), ...told });
    },
  });
}
