import { type DeltaSums, deltaCosine, deltaRatio } from "../kernels/low-rank/delta-sums.ts";
import type { Pair, Unpaired } from "../pairing/pair.ts";
import { type DerivedNumbers, derive } from "../statistics/derive.ts";
import { storedType } from "../tensors/view.ts";
import type { Comparison } from "./comparison.ts";
import type { OutcomeList } from "./outcome-list.ts";
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
  /** How to say that it is the same on both sides, where that is known without being read. */
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

/** Which rows a person wants to see, and in which order. */
export interface TableChoice {
  /** Words that are looked for, parted by blanks. */
  find: string;
  /** A column, descending where it starts with a minus; empty for the checkpoint's order. */
  sort: string;
}

const made = new WeakMap<object, Map<number, { revision: number; row: TableRow }>>();

/** One row, by its number: the pairs, then what is in none. The same object until what is known of the tensor changes. */
export function tableRow(comparison: Comparison, results: OutcomeList, index: number): TableRow {
  const rows = made.get(results) ?? new Map<number, { revision: number; row: TableRow }>();
  made.set(results, rows);
  const paired = index < comparison.pairs.length;
  const revision = paired ? results.revision(index) : 0;
  const before = rows.get(index);
  if (before && before.revision === revision) return before.row;
  const row = paired
    ? pairRow(comparison, results, index)
    : unpairedRow(comparison.unpaired[index - comparison.pairs.length]);
  rows.set(index, { revision, row });
  return row;
}

function pairRow({ pairs, b }: Comparison, results: OutcomeList, index: number): TableRow {
  const pair = pairs[index];
  const dtypeA = storedType(pair.a);
  const dtypeB = storedType(pair.b ?? pair.a);
  const numbers = results.numbers(index);
  return {
    name: pair.name,
    layer: pair.place.layer,
    module: pair.place.module,
    group: pair.place.group,
    shape: pair.a.shape.join("×"),
    dtype: dtypeA === dtypeB ? dtypeA : `${dtypeA} → ${dtypeB}`,
    coverage: results.coverage(index),
    identical: pair.identical ? identicalWords(b) : null,
    derived: numbers && derive(numbers),
    adapter: adapterOf(results.deltas(index)),
    reason: null,
  };
}

const adapterOf = (deltas: DeltaSums | null): TableRow["adapter"] =>
  deltas && { cosine: deltaCosine(deltas), ratio: deltaRatio(deltas) };

function unpairedRow({ side, name, reason }: Unpaired): TableRow {
  return {
    name,
    layer: null,
    module: side === "adapter" ? "in the adapter" : `only in ${side.toUpperCase()}`,
    group: "unpaired",
    shape: "",
    dtype: "",
    coverage: 0,
    identical: null,
    derived: null,
    adapter: null,
    reason,
  };
}

/** What words are looked for in. */
function textOf(comparison: Comparison, results: OutcomeList, index: number): string {
  const pair = comparison.pairs[index];
  if (!pair) {
    const { name, module, group, reason } = tableRow(comparison, results, index);
    return `${name} ${module} ${group} ${reason}`.toLowerCase();
  }
  const { name, place, a, b, identical } = pair;
  const same = identical ? identicalWords(comparison.b).word : "";
  return `${name} ${place.module} ${place.group} ${storedType(a)} ${b ? storedType(b) : ""} ${same}`.toLowerCase();
}

/** What a row is sorted by: numbers inside words count as numbers. */
function keyOf(
  comparison: Comparison,
  results: OutcomeList,
  index: number,
  column: SortColumn,
): string | number | null {
  const pair: Pair | undefined = comparison.pairs[index];
  if (column in DERIVED) {
    const numbers = pair && results.numbers(index);
    return numbers ? derive(numbers)[DERIVED[column as keyof typeof DERIVED]] : null;
  }
  if (column === "adapter" || column === "ratio") {
    const adapter = pair ? adapterOf(results.deltas(index)) : null;
    return adapter && (column === "adapter" ? adapter.cosine : adapter.ratio);
  }
  if (column === "layer") return pair?.place.layer ?? null;
  if (column === "shape") return pair?.count ?? 0;
  const row = pair ? { name: pair.name, module: pair.place.module } : tableRow(comparison, results, index);
  return row[column as "name" | "module"].toLowerCase().replace(/\d+/g, (digits) => digits.padStart(12, "0"));
}

/**
 * The numbers of the rows to show, filtered by the words of `find` and sorted; rows without a value come last. Worked out
 * in short tasks, because there may be 45,000; null where `signal` ended it.
 */
export async function orderRows(
  comparison: Comparison,
  results: OutcomeList,
  choice: TableChoice,
  signal?: AbortSignal,
): Promise<Uint32Array | null> {
  const tasks = new ShortTasks();
  const words = choice.find.toLowerCase().split(/\s+/).filter(Boolean);
  const sort = readSort(choice.sort);
  const count = comparison.pairs.length + comparison.unpaired.length;
  const found: number[] = [];
  const keys: (string | number | null)[] = [];
  for (let index = 0; index < count; index++) {
    if (tasks.full) await tasks.next();
    if (signal?.aborted) return null;
    if (words.length > 0) {
      const text = textOf(comparison, results, index);
      if (!words.every((word) => text.includes(word))) continue;
    }
    found.push(index);
    if (sort) keys[index] = keyOf(comparison, results, index, sort.column);
  }
  const rows = Uint32Array.from(found);
  if (!sort) return rows;
  const sign = sort.descending ? -1 : 1;
  return mergeSorted(rows, tasks, signal, (x, y) => {
    const p = keys[x];
    const q = keys[y];
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
