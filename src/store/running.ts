import type { FileLocation } from "../bytes/file-location.ts";
import type { Comparison } from "../comparing/comparison.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import { COMPARISON_FOLDS } from "../reading/folds/fold-list.ts";
import type { ReadPlan } from "../reading/read-plan.ts";
import { Scan, type ScanControl, type ScanState } from "../reading/scan.ts";
import { Speedometer } from "../reading/speedometer.ts";
import { countsOf, type PairNumbers } from "../statistics/pair-numbers.ts";
import { scanWorkerCount } from "../workforce/worker-pool.ts";
import type { Phase, Progress } from "./app-state.ts";
import type { BusyHosts } from "./busy-hosts.ts";
import type { AppStore } from "./create-store.ts";
import { type Environment, locationsOf, type Opened } from "./opening.ts";

/** Milliseconds between two updates of the picture: often enough to watch it grow, and leaves the cores to the scan. */
const REDRAW_EVERY = 500;
/** The same until there is a result to see, while only the progress moves. */
const FIRST_DRAW = 250;

/** Builds the scan of an opened comparison. Its numbers and its progress go into the store, a few times a second. */
export function startScan(
  store: AppStore,
  environment: Environment,
  comparison: Comparison,
  plan: ReadPlan,
  opened: Opened,
  relocate: (location: FileLocation) => Promise<FileLocation>,
  busy: BusyHosts,
): ScanControl {
  const { pairs } = comparison;
  const { cost, engine } = store.getState();
  const { list } = store.getState().results;
  const total = { a: cost?.bytes.a ?? 0, b: (cost?.bytes.b ?? 0) + (cost?.bytes.adapter ?? 0) };
  const speed = new Speedometer();
  const done = { a: 0, b: 0 };
  let reading: readonly number[] = [];
  let tensorsDone = pairs.filter(({ identical }) => identical).length;
  let due: ReturnType<typeof setTimeout> | null = null;
  let [hasResult, hasShown] = [false, false];

  function progress(status: Phase["status"]): Progress {
    const running = status === "running";
    // What is read besides the tensors, as an adapter's matrices, may take fewer bytes than were reckoned with.
    const side = (which: "a" | "b") => ({
      done: status === "finished" ? total[which] : Math.min(done[which], total[which]),
      total: total[which],
    });
    const left = total.a + total.b - done.a - done.b;
    const rate = running ? speed.note(done.a + done.b, performance.now()) : null;
    return {
      a: side("a"),
      b: side("b"),
      tensorsDone,
      tensorsTotal: pairs.length,
      rate,
      secondsLeft: rate ? Math.max(0, left) / rate : null,
      reading: running && reading.length > 0 ? pairs[reading[0]].name : null,
    };
  }

  function publish(phase?: Phase): void {
    if (due) clearTimeout(due);
    due = null;
    const state = store.getState();
    if (state.comparison?.id !== comparison.id) return;
    hasShown = hasResult;
    store.setState({
      results: { version: state.results.version + 1, list },
      progress: progress((phase ?? state.phase).status),
      ...(phase ? { phase } : {}),
    });
  }
  const publishSoon = () => {
    // What still arrives after a pause is shown at once: the page counts as idle then.
    if (store.getState().phase.status !== "running") publish();
    else due ??= setTimeout(publish, hasShown ? REDRAW_EVERY : FIRST_DRAW);
  };
  store.setState({
    progress: progress("running"),
    engine: { ...engine, workers: scanWorkerCount(environment.pool.cores) },
  });

  return new Scan({
    pairs,
    plan,
    folds: COMPARISON_FOLDS,
    locations: locationsOf(opened),
    relocate,
    startWorkers: (onEvent) => environment.pool.scanners(engine.chosen ?? "reference", onEvent),
    onResult(pair, result, by) {
      list.set(pair, { ...result, stats: keptOf(pairs[pair], result.stats), engine: by });
      if (result.coverage === 1) tensorsDone++;
      hasResult = true;
      publishSoon();
    },
    onBytes(bytes) {
      // The page shows an adapter's bytes among B's.
      [done.a, done.b] = [bytes.a, bytes.b + bytes.adapter];
      publishSoon();
    },
    onWait: (run, request, wait) => busy.note(`run ${run} ${request}`, wait),
    onRunning(now) {
      reading = now;
    },
    onState(state: ScanState) {
      if (state.status !== "running") busy.forget("run ");
      publish(state);
    },
  });
}

/** Of an adapter alone only the norm is known: its histograms are empty, and not kept. */
function keptOf({ a }: Pair, stats: PairStats): PairStats | PairNumbers {
  if (!a.update) return stats;
  const { relative, magnitude, ...sums } = stats;
  return { ...sums, counts: countsOf(stats) };
}
