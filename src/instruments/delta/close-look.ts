import type { FileLocation } from "../../bytes/file-location.ts";
import type { Span } from "../../bytes/span.ts";
import type { PairStats } from "../../kernels/pair-stats.ts";
import type { Pair } from "../../pairing/pair.ts";
import { planReads } from "../../reading/read-plan.ts";
import { Scan, type ScanControl } from "../../reading/scan.ts";
import type { AppState } from "../../store/app-state.ts";
import type { AppStore } from "../../store/create-store.ts";
import { type Environment, locationsOf, type Opened } from "../../store/opening.ts";

type Seen = Pick<AppState, "isOpen" | "phase" | "closeLook">;

/** Single tensors are read when the scan is over: it needs the workers while it lasts. */
export const canLookClosely = ({ isOpen, phase, closeLook }: Seen): boolean =>
  isOpen && phase.status === "finished" && (closeLook === null || closeLook.error !== null);

const length = ({ begin, end }: Span): number => end - begin;

/** Bytes that reading this one takes: of an identical pair A is enough. */
export const closeLookBytes = ({ a, b, identical }: Pair): number =>
  length(a.span) + (b && !identical ? length(b.span) : 0);

/**
 * Reads one pair alone. An expert's numbers are held with its histograms for a while; those of an identical pair, of
 * which only A is read, stay.
 */
export function startCloseLook(
  store: AppStore,
  environment: Environment,
  pair: Pair,
  opened: Opened,
  relocate: (location: FileLocation) => Promise<FileLocation>,
): ScanControl {
  const { index } = pair;
  // An adapter beside it was compared when the scan was.
  const { identical, ...rest } = pair;
  const alone: Pair = { ...rest, index: 0, adapter: null, b: identical ? null : pair.b };
  const engine = store.getState().engine.chosen ?? "reference";
  const { list } = store.getState().results;
  const say = (closeLook: AppState["closeLook"]) => {
    const { results } = store.getState();
    if (results.list === list) store.setState({ closeLook, results: { version: results.version + 1, list } });
  };
  const keep = (stats: PairStats, by: typeof engine) => {
    if (identical) list.set(index, { stats, coverage: 1, engine: by });
    else list.keepCloseLook(index, stats);
  };
  const fail = (error: string) => {
    scan.cancel();
    say({ pair: index, error });
  };
  const scan = new Scan({
    pairs: [alone],
    plan: planReads([alone]),
    folds: ["stats"],
    locations: locationsOf(opened),
    relocate,
    startWorkers: (onEvent) => environment.pool.scanners(engine, onEvent),
    onResult(_, { stats, coverage }, by) {
      if (coverage === 1) keep(stats, by);
    },
    onBytes() {},
    onRunning() {},
    onState(state) {
      if (state.status === "finished") say(null);
      else if (state.status === "failed") fail(state.error);
      else if (state.status === "paused" && state.error) fail(state.error);
    },
  });
  store.setState({ closeLook: { pair: index, error: null } });
  scan.start().catch((error: Error) => fail(error.message));
  return scan;
}
