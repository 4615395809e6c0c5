import type { ViewState } from "../instruments/delta/view-state.ts";
import { type DeltaSums, deltaCosine, deltaRatio } from "../kernels/low-rank/delta-sums.ts";
import { type DerivedNumbers, derive } from "../statistics/derive.ts";
import type { AppState } from "../store/app-state.ts";
import { storedType } from "../tensors/view.ts";
import { ShortTasks } from "./short-tasks.ts";
import { type IdenticalWords, identicalWords } from "./words/identical-words.ts";

/** A row of the table of all tensors: what the pictures say, in text. */
export interface TableRow {
  name: string;
  layer: number | null;
  module: string;
  group: string;
  shape: string;
  dtype: string;
  coverage: number;
  /** Known to be the same on both sides without being read. */
  /** How to say that it is, where it is known without being read. */
  identical: IdenticalWords | null;
  derived: DerivedNumbers | null;
  /** How an adapter's change compares with B's: the cosine, and the ratio of the norms. */
  adapter: { cosine: number | null; ratio: number | null } | null;
  /** Why it is in no pair; null for pairs. */
  reason: string | null;
}

export const SORT_COLUMNS = [
  "name",
  "layer",
  "module",
  "shape",
  "normD",
  "relative",
  "rescale",
  "changed",
  "normA",
  "adapter",
  "ratio",
] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

const DERIVED = {
  normD: "normD",
  relative: "relativeNorm",
  rescale: "rescale",
  changed: "shareChanged",
  normA: "normA",
} as const;

/** Whether the order of this column depends on what was read. */
export const isMeasured = (column: SortColumn | undefined): boolean =>
  column === "adapter" || column === "ratio" || (column !== undefined && column in DERIVED);

/** Column and direction of a `sort` text: a minus in front means descending; null keeps the checkpoint's order. */
export function readSort(sort: string): { column: SortColumn; descending: boolean } | null {
  const column = sort.replace(/^-/, "") as SortColumn;
  return SORT_COLUMNS.includes(column) ? { column, descending: sort.startsWith("-") } : null;
}

type Seen = Pick<AppState, "comparison" | "results">;

/** How many rows there are before any is filtered out: the pairs, then what is in none. */
const rowCount = ({ comparison }: Seen): number =>
  comparison ? comparison.pairs.length + comparison.unpaired.length : 0;

const made = new WeakMap<object, Map<number, { revision: number; row: TableRow }>>();

/** One row, by its number. The same object until what is known of the tensor changes. */
export function tableRow(state: Seen, index: number): TableRow {
  const { comparison, results } = state;
  if (!comparison) throw new RangeError("There are rows only where there is a comparison.");
  const rows = made.get(results.list) ?? new Map<number, { revision: number; row: TableRow }>();
  made.set(results.list, rows);
  const paired = index < comparison.pairs.length;
  const revision = paired ? results.list.revision(index) : 0;
  const before = rows.get(index);
  if (before && before.revision === revision) return before.row;
  const row = paired ? pairRow(state, index) : leftRow(state, index - comparison.pairs.length);
  rows.set(index, { revision, row });
  return row;
}

function pairRow({ comparison, results }: Seen, index: number): TableRow {
  const pair = (comparison as NonNullable<typeof comparison>).pairs[index];
  const [dtypeA, dtypeB] = [storedType(pair.a), storedType(pair.b ?? pair.a)];
  const numbers = results.list.numbers(index);
  return {
    name: pair.name,
    layer: pair.place.layer,
    module: pair.place.module,
    group: pair.place.group,
    shape: pair.a.shape.join("×"),
    dtype: dtypeA === dtypeB ? dtypeA : `${dtypeA} → ${dtypeB}`,
    coverage: results.list.coverage(index),
    identical: pair.identical ? identicalWords(comparison?.b) : null,
    derived: numbers && derive(numbers),
    adapter: adapterOf(results.list.deltas(index)),
    reason: null,
  };
}

const adapterOf = (deltas: DeltaSums | null): TableRow["adapter"] =>
  deltas && { cosine: deltaCosine(deltas), ratio: deltaRatio(deltas) };

function leftRow({ comparison }: Seen, index: number): TableRow {
  const { side, name, reason } = (comparison as NonNullable<typeof comparison>).unpaired[index];
  return {
    ...{
      name,
      layer: null,
      module: side === "adapter" ? "in the adapter" : `only in ${side.toUpperCase()}`,
      group: "unpaired",
      shape: "",
      dtype: "",
    },
    ...{ coverage: 0, identical: null, derived: null, adapter: null, reason },
  };
}

/** What words are looked for in. */
function textOf(state: Seen, index: number): string {
  const pair = state.comparison?.pairs[index];
  if (!pair) {
    const { name, module, group, reason } = tableRow(state, index);
    return `${name} ${module} ${group} ${reason}`.toLowerCase();
  }
  const { name, place, a, b, identical } = pair;
  return `${name} ${place.module} ${place.group} ${storedType(a)} ${b ? storedType(b) : ""}${identical ? ` ${identicalWords(state.comparison?.b).word}` : ""}`.toLowerCase();
}

/** What a row is sorted by: numbers inside words count as numbers. */
function keyOf(state: Seen, index: number, column: SortColumn): string | number | null {
  const { comparison, results } = state;
  const pair = comparison?.pairs[index];
  if (column in DERIVED) {
    const numbers = pair && results.list.numbers(index);
    return numbers ? derive(numbers)[DERIVED[column as keyof typeof DERIVED]] : null;
  }
  if (column === "adapter" || column === "ratio") {
    const adapter = pair ? adapterOf(results.list.deltas(index)) : null;
    return adapter && (column === "adapter" ? adapter.cosine : adapter.ratio);
  }
  if (column === "layer") return pair?.place.layer ?? null;
  if (column === "shape") return pair?.count ?? 0;
  const row = pair ? { name: pair.name, module: pair.place.module } : tableRow(state, index);
  return row[column as "name" | "module"].toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
}

/**
 * The numbers of the rows to show, filtered by the words of `find` and sorted; rows without a value come last. Worked out
 * in short tasks, because there may be 45,000; null where `signal` ended it.
 */
export async function orderRows(
  state: Seen & { view: Pick<ViewState, "find" | "sort"> },
  signal?: AbortSignal,
): Promise<Uint32Array | null> {
  const tasks = new ShortTasks();
  const words = state.view.find.toLowerCase().split(/\s+/).filter(Boolean);
  const sort = readSort(state.view.sort);
  const found: number[] = [];
  const keys: (string | number | null)[] = [];
  for (let index = 0; index < rowCount(state); index++) {
    if (tasks.full) await tasks.next();
    if (signal?.aborted) return null;
    if (words.length > 0) {
      const text = textOf(state, index);
      if (!words.every((word) => text.includes(word))) continue;
    }
    found.push(index);
    if (sort) keys[index] = keyOf(state, index, sort.column);
  }
  const rows = Uint32Array.from(found);
  if (!sort) return rows;
  const sign = sort.descending ? -1 : 1;
  return mergeSorted(rows, tasks, signal, (x, y) => {
    const [p, q] = [keys[x], keys[y]];
    if (p === null || q === null) return p === q ? 0 : p === null ? 1 : -1;
    return p < q ? -sign : p > q ? sign : 0;
  });
}

/** Sorts from short sorted stretches to long ones, so that it can stop and go on anywhere; equal rows keep their order. */
async function mergeSorted(
  rows: Uint32Array<ArrayBuffer>,
  tasks: ShortTasks,
  signal: AbortSignal | undefined,
  compare: (x: number, y: number) => number,
): Promise<Uint32Array | null> {
  let from = rows;
  let to = new Uint32Array(rows.length);
  for (let width = 1; width < rows.length; width *= 2) {
    for (let start = 0; start < rows.length; start += 2 * width) {
      const middle = Math.min(start + width, rows.length);
      const end = Math.min(start + 2 * width, rows.length);
      for (let left = start, right = middle, out = start; out < end; out++) {
        if ((out & 255) === 0 && tasks.full) await tasks.next();
        if (signal?.aborted) return null;
        const takeLeft = right >= end || (left < middle && compare(from[left], from[right]) <= 0);
        to[out] = from[takeLeft ? left++ : right++];
      }
    }
    [from, to] = [to, from];
  }
  return from;
}
