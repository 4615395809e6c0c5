import type { EngineName } from "../kernels/engine.ts";
import type { Pair, Unpaired } from "../pairing/pair.ts";
import { derive } from "../statistics/derive.ts";
import { explain } from "../statistics/explain.ts";
import { latticeOfPairs } from "../statistics/lattice.ts";
import { meanOf } from "../statistics/mean.ts";
import { metricById } from "../statistics/metrics.ts";
import type { ParameterGroup } from "../taxonomy/place.ts";
import type { Comparison } from "./comparison.ts";
import { type GridRow, gridOf, groupsOf, rowTitle } from "./grid.ts";
import { drawGrid, type HeatmapPicture } from "./heatmap.ts";
import { type ModuleRanking, moduleRanking } from "./module-ranking.ts";
import type { OutcomeList } from "./outcome-list.ts";
import { ShortTasks } from "./short-tasks.ts";
import { findingsOfModule, type LayerFindings, type ModuleFinding, mostTelling } from "./words/findings-of-modules.ts";

/** One module over its layers; only layers read in full count. */
export interface ReportModule {
  key: string;
  label: string;
  row: GridRow;
  /** Layers read in full, and all. */
  exact: number;
  layers: number;
  /** ‖Δ‖/‖A‖: mean, least and greatest over the layers; null where none has one. */
  mean: number | null;
  least: number | null;
  most: number | null;
  findings: ModuleFinding[];
}

/** How much of the comparison its numbers rest on. */
export interface ReportCoverage {
  pairs: number;
  /** Pairs all of whose elements were seen, or that are known to be the same; pairs seen in part; and the latter of the former. */
  exact: number;
  partial: number;
  identical: number;
  /** Elements seen, and of all pairs that had to be read. */
  seen: number;
  elements: number;
  /** Pairs by the engine that computed them. */
  engines: { engine: EngineName; pairs: number }[];
}

/** Tensors of one side in no pair. */
export interface ReportUnpaired {
  side: Unpaired["side"];
  count: number;
  /** The commonest first. */
  reasons: { reason: string; count: number }[];
}

/** What a comparison says, on one sheet. Modules are those of one group; the others are never pooled with them. */
export interface Report {
  picture: HeatmapPicture;
  group: ParameterGroup;
  /** The one that moved most first. */
  modules: ReportModule[];
  outputOverQuery: ModuleRanking["outputOverQuery"];
  /** The module whose distributions say most. */
  telling: ReportModule | null;
  /** Of the groups that are not in `modules`. */
  besides: { group: ParameterGroup; modules: ReportModule[] }[];
  coverage: ReportCoverage;
  unpaired: ReportUnpaired[];
}

const RELATIVE = metricById("relative");

async function moduleOf(row: GridRow, pairs: readonly Pair[], list: OutcomeList, tasks: ShortTasks) {
  const layers: LayerFindings[] = [];
  const norms: number[] = [];
  for (const cell of row.cells) {
    const outcome = list.pooled(cell.pairs);
    const isExact = outcome?.state === "exact";
    const lattice = isExact ? latticeOfPairs(cell.pairs.map((index) => pairs[index])) : null;
    const numbers = outcome?.identical ? null : (outcome?.stats ?? outcome?.numbers ?? null);
    layers.push({ layer: cell.layer, findings: isExact ? explain(numbers, lattice) : null });
    const norm = isExact ? derive(outcome.numbers).relativeNorm : null;
    if (norm !== null) norms.push(norm);
    if (tasks.full) await tasks.next();
  }
  const label = rowTitle(row);
  const found: ReportModule = {
    key: row.key,
    label,
    row,
    exact: layers.filter(({ findings }) => findings !== null).length,
    layers: layers.length,
    mean: meanOf(norms),
    least: norms.length > 0 ? Math.min(...norms) : null,
    most: norms.length > 0 ? Math.max(...norms) : null,
    findings: findingsOfModule(label, layers),
  };
  return found;
}

async function modulesOf(rows: readonly GridRow[], pairs: readonly Pair[], list: OutcomeList, tasks: ShortTasks) {
  const modules: ReportModule[] = [];
  for (const row of rows) modules.push(await moduleOf(row, pairs, list, tasks));
  return modules.sort((x, y) => (y.mean ?? -1) - (x.mean ?? -1));
}

async function coverageOf({ pairs }: Comparison, list: OutcomeList, tasks: ShortTasks): Promise<ReportCoverage> {
  const found = { pairs: pairs.length, exact: 0, partial: 0, identical: 0, seen: 0, elements: 0 };
  const engines = new Map<EngineName, number>();
  for (const { index, count } of pairs) {
    const coverage = list.coverage(index);
    if (coverage === 1) found.exact++;
    else if (coverage > 0) found.partial++;
    if (list.isUnread(index)) found.identical++;
    else {
      found.seen += list.elements(index);
      found.elements += count;
    }
    const engine = list.at(index)?.engine;
    if (engine) engines.set(engine, (engines.get(engine) ?? 0) + 1);
    if (tasks.full) await tasks.next();
  }
  const byEngine = [...engines].map(([engine, pairs]) => ({ engine, pairs })).sort((x, y) => y.pairs - x.pairs);
  return { ...found, engines: byEngine };
}

async function unpairedOf({ unpaired }: Comparison, tasks: ShortTasks): Promise<ReportUnpaired[]> {
  const sides = new Map<Unpaired["side"], Map<string, number>>();
  for (const { side, reason } of unpaired) {
    const reasons = sides.get(side) ?? new Map<string, number>();
    sides.set(side, reasons);
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (tasks.full) await tasks.next();
  }
  return [...sides].map(([side, counts]) => {
    const reasons = [...counts].map(([reason, count]) => ({ reason, count })).sort((x, y) => y.count - x.count);
    return { side, count: reasons.reduce((sum, { count }) => sum + count, 0), reasons };
  });
}

/**
 * Works out what a comparison says, in short tasks of the main thread: each layer's kinds of change take about half a
 * millisecond. Null without two operands. Nothing is read again; `finished`: no more is to come.
 */
export async function writeReport(
  comparison: Comparison,
  results: OutcomeList,
  finished: boolean,
): Promise<Report | null> {
  if (!comparison.b) return null;
  const { pairs } = comparison;
  const tasks = new ShortTasks();
  const [group, ...others] = groupsOf(pairs);
  const grid = gridOf(pairs, group);
  const modules = await modulesOf(grid.rows, pairs, results, tasks);
  const besides: Report["besides"] = [];
  for (const other of others)
    besides.push({ group: other, modules: await modulesOf(gridOf(pairs, other).rows, pairs, results, tasks) });
  const coverage = await coverageOf(comparison, results, tasks);
  const unpaired = await unpairedOf(comparison, tasks);
  await tasks.next();
  const picture = drawGrid(comparison, results, grid, RELATIVE, { finished });
  await tasks.next();
  return {
    picture,
    group,
    modules,
    outputOverQuery: moduleRanking(comparison, results)?.outputOverQuery ?? null,
    telling: modules.find(({ key }) => key === mostTelling(modules)) ?? null,
    besides,
    coverage,
    unpaired,
  };
}
