import type { GridCell, GridRow } from "../../comparing/grid.ts";
import { shownCells } from "../../comparing/shown-cells.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../../kernels/pair-stats.ts";
import type { Pair } from "../../pairing/pair.ts";
import { derive } from "../../statistics/derive.ts";
import type { AppState } from "../../store/app-state.ts";
import type { AppStore } from "../../store/create-store.ts";
import { isRunning } from "../../store/job.ts";
import { isFinished } from "../../store/phase.ts";
import type { Readings } from "../../store/scan-job.ts";
import { withKept } from "../../store/slice.ts";
import { multipliedView } from "../../tensors/multiplied-view.ts";
import { bytesAgain } from "./close-look.ts";
import { DELTA_KEPT, type DeltaState, deltaStateOf, type RescaleOut } from "./delta-state.ts";
import { RESCALE_OUT } from "./job-kinds.ts";

interface Task {
  cell: GridCell;
  k: number;
}

type Seen = Pick<DeltaState, "comparison" | "results" | "view">;

/** The cells of a row, as it is drawn, whose rescale can be taken out, and the bytes of each side that reading them again takes. */
export function rescaleTasks(
  { comparison, results, view }: Seen,
  row: GridRow,
): { tasks: Task[]; bytes: { a: number; b: number } } {
  const pairs = comparison?.pairs ?? [];
  const tasks = shownCells(view, row).flatMap((cell): Task[] => {
    const isFit = cell.pairs.every((index) => !pairs[index].identical && pairs[index].b && !pairs[index].b?.update);
    const outcome = isFit ? results.list.pooled(cell.pairs) : null;
    const k = outcome?.state === "exact" ? derive(outcome.numbers).k : null;
    return k === null || k === 0 ? [] : [{ cell, k }];
  });
  const bytes = { a: 0, b: 0 };
  for (const { cell } of tasks)
    for (const index of cell.pairs) {
      const { a, b } = bytesAgain(pairs[index]);
      bytes.a += a;
      bytes.b += b;
    }
  return { tasks, bytes };
}

/** Whether the operands are at hand and the scan is over. One row at a time. */
export const canTakeRescaleOut = (state: Pick<AppState, "isOpen" | "jobs" | "comparison">): boolean =>
  state.isOpen && isFinished(state) && !isRunning(state, RESCALE_OUT);

/**
 * Reads the drawn cells of a row a second time, A multiplied by each cell's own k: the only thing of the page that needs
 * the data twice, for a relative change is no function of sums. What it finds goes into the store. Nothing while the scan lasts.
 */
export function takeRescaleOut(store: AppStore, readings: Readings, row: GridRow): void {
  if (!canTakeRescaleOut(store.getState())) return;
  const state = deltaStateOf(store.getState());
  const { tasks, bytes } = rescaleTasks(state, row);
  const { comparison } = state;
  if (!comparison || tasks.length === 0) return;
  const owners = tasks.flatMap((task) => task.cell.pairs.map((index) => ({ ...task, index })));
  const pairs = owners.map(({ index, k }, at): Pair => {
    const pair = comparison.pairs[index];
    // An adapter beside it was compared when the scan was.
    return { ...pair, adapter: null, index: at, a: multipliedView(pair.a, k) };
  });
  const left = new Map(tasks.map(({ cell }) => [cell.key, cell.pairs.length]));
  const found = new Map<string, (PairStats | null)[]>();
  const cells = new Map<string, { k: number; stats: PairStats | null }>(
    tasks.map(({ cell, k }) => [cell.key, { k, stats: null }]),
  );
  const keep = (rescaleOut: RescaleOut) => store.setState((now) => withKept(now, DELTA_KEPT, { rescaleOut }));
  keep({ row: row.key, cells });
  readings.read({
    kind: RESCALE_OUT,
    pairs,
    folds: ["stats"],
    bytes,
    onResult(at, { stats, coverage }) {
      if (coverage < 1) return;
      const { cell, k } = owners[at];
      const parts = found.get(cell.key) ?? new Array<PairStats | null>(cell.pairs.length).fill(null);
      parts[cell.pairs.indexOf(owners[at].index)] = stats;
      found.set(cell.key, parts);
      const missing = (left.get(cell.key) ?? 0) - 1;
      left.set(cell.key, missing);
      if (missing > 0) return;
      // Added up by index, so that the bits do not depend on who came first.
      const sum = emptyPairStats();
      for (const part of parts) if (part) mergePairStats(sum, part);
      cells.set(cell.key, { k, stats: sum });
      keep({ row: row.key, cells: new Map(cells) });
    },
  });
}

/** Ends that, or puts what it found away. */
export function leaveRescaleIn(store: AppStore, readings: Readings): void {
  readings.stopReading(RESCALE_OUT, withKept(store.getState(), DELTA_KEPT, { rescaleOut: null }));
}
