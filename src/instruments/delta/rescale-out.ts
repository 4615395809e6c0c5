import type { FileLocation } from "../../bytes/file-location.ts";
import type { GridCell, GridRow } from "../../comparing/grid.ts";
import { shownCells } from "../../comparing/shown-cells.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../../kernels/pair-stats.ts";
import type { Pair } from "../../pairing/pair.ts";
import { planReads } from "../../reading/read-plan.ts";
import { Scan, type ScanControl } from "../../reading/scan.ts";
import { derive } from "../../statistics/derive.ts";
import type { AppState } from "../../store/app-state.ts";
import type { AppStore } from "../../store/create-store.ts";
import { type Environment, locationsOf, type Opened } from "../../store/opening.ts";
import { multipliedView } from "../../tensors/multiplied-view.ts";
import { closeLookBytes } from "./close-look.ts";

/** What the change of some cells is from k·A to B, where k·A is the multiple of A nearest to B: a rescale taken out. */
export interface RescaleOut {
  /** Key of the row whose cells these are. */
  row: string;
  /** By the key of a cell: its k, and the numbers of B against k·A; null until they are all read. */
  cells: ReadonlyMap<string, { k: number; stats: PairStats | null }>;
  /** Bytes read of them, and all. */
  done: number;
  total: number;
  status: "running" | "finished" | { error: string };
}

interface Task {
  cell: GridCell;
  k: number;
}

type Seen = Pick<AppState, "comparison" | "results" | "view" | "isOpen" | "phase">;

/** The cells of a row, as it is drawn, whose rescale can be taken out, and the bytes that reading them again takes. */
export function rescaleTasks({ comparison, results, view }: Seen, row: GridRow): { tasks: Task[]; bytes: number } {
  const pairs = comparison?.pairs ?? [];
  const tasks = shownCells(view, row).flatMap((cell): Task[] => {
    const isFit = cell.pairs.every((index) => !pairs[index].identical && pairs[index].b && !pairs[index].b?.update);
    const outcome = isFit ? results.list.pooled(cell.pairs) : null;
    const k = outcome?.state === "exact" ? derive(outcome.numbers).k : null;
    return k === null || k === 0 ? [] : [{ cell, k }];
  });
  const all = tasks.flatMap(({ cell }) => cell.pairs);
  return { tasks, bytes: all.reduce((sum, index) => sum + closeLookBytes(pairs[index]), 0) };
}

/** Whether the operands are at hand and the workers have nothing else to do. */
export const canTakeRescaleOut = ({ isOpen, phase, rescaleOut }: Pick<AppState, "isOpen" | "phase" | "rescaleOut">) =>
  isOpen && phase.status === "finished" && rescaleOut?.status !== "running";

/**
 * Reads the drawn cells of a row a second time, A multiplied by each cell's own k: the only thing of the page that needs
 * the data twice, for a relative change is no function of sums. Progress and numbers go into the store.
 */
export function startRescaleOut(
  store: AppStore,
  environment: Environment,
  row: GridRow,
  opened: Opened,
  relocate: (location: FileLocation) => Promise<FileLocation>,
): ScanControl | null {
  const state = store.getState();
  const { tasks, bytes } = rescaleTasks(state, row);
  const { comparison } = state;
  if (!comparison || tasks.length === 0) return null;
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
  const say = (patch: Partial<RescaleOut>) => {
    const { comparison: now, rescaleOut } = store.getState();
    if (now?.id === comparison.id && rescaleOut) store.setState({ rescaleOut: { ...rescaleOut, ...patch } });
  };
  const fail = (error: string) => {
    scan.cancel();
    say({ status: { error } });
  };
  const engine = state.engine.chosen ?? "reference";
  const scan = new Scan({
    pairs,
    plan: planReads(pairs),
    folds: ["stats"],
    locations: locationsOf(opened),
    relocate,
    startWorkers: (onEvent) => environment.pool.scanners(engine, onEvent),
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
      say({ cells: new Map(cells) });
    },
    onBytes: ({ a, b }) => say({ done: a + b }),
    onRunning() {},
    onState(now) {
      if (now.status === "finished") say({ status: "finished", done: bytes });
      else if (now.status === "failed") fail(now.error);
      else if (now.status === "paused" && now.error) fail(now.error);
    },
  });
  store.setState({ rescaleOut: { row: row.key, cells, done: 0, total: bytes, status: "running" } });
  scan.start().catch((error: Error) => fail(error.message));
  return scan;
}
