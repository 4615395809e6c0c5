import type { ViewState } from "../permalink/view-state.ts";
import { type DerivedNumbers, derive } from "../statistics/derive.ts";
import type { AppState } from "./app-state.ts";

/** A row of the table of all tensors: what the pictures say, in text. */
export interface TableRow {
  name: string;
  layer: number | null;
  module: string;
  group: string;
  shape: string;
  dtype: string;
  coverage: number;
  derived: DerivedNumbers | null;
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
] as const;
export type SortColumn = (typeof SORT_COLUMNS)[number];

const elements = (shape: string) => shape.split("×").reduce((product, n) => product * (Number(n) || 1), 1);

const SORT_VALUE: Record<SortColumn, (row: TableRow) => string | number | null> = {
  name: (row) => row.name,
  layer: (row) => row.layer,
  module: (row) => row.module,
  shape: (row) => elements(row.shape),
  normD: (row) => row.derived?.normD ?? null,
  relative: (row) => row.derived?.relativeNorm ?? null,
  rescale: (row) => (row.derived?.k == null ? null : row.derived.k - 1),
  changed: (row) => row.derived?.shareChanged ?? null,
  normA: (row) => row.derived?.normA ?? null,
};

/** Column and direction of a `sort` text: a minus in front means descending; null keeps the checkpoint's order. */
export function readSort(sort: string): { column: SortColumn; descending: boolean } | null {
  const column = sort.replace(/^-/, "") as SortColumn;
  return SORT_COLUMNS.includes(column) ? { column, descending: sort.startsWith("-") } : null;
}

/** All tensors, the unpaired ones at the end, filtered by the words of `find` and sorted; rows without a value come last. */
export function tableRows(
  state: Pick<AppState, "comparison" | "results"> & { view: Pick<ViewState, "find" | "sort"> },
): TableRow[] {
  const { comparison, results, view } = state;
  if (!comparison) return [];
  const paired = comparison.pairs.map((pair): TableRow => {
    const outcome = results.list[pair.index];
    const dtypeB = pair.b?.dtype ?? pair.a.dtype;
    return {
      name: pair.name,
      layer: pair.place.layer,
      module: pair.place.module,
      group: pair.place.group,
      shape: pair.a.shape.join("×"),
      dtype: pair.a.dtype === dtypeB ? pair.a.dtype : `${pair.a.dtype} → ${dtypeB}`,
      coverage: outcome?.coverage ?? 0,
      derived: outcome ? derive(outcome.stats) : null,
      reason: null,
    };
  });
  const left = comparison.unpaired.map(
    ({ side, name, reason }): TableRow => ({
      ...{ name, layer: null, module: `only in ${side.toUpperCase()}`, group: "unpaired", shape: "", dtype: "" },
      ...{ coverage: 0, derived: null, reason },
    }),
  );
  const words = view.find.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = [...paired, ...left].filter((row) => {
    const text = `${row.name} ${row.module} ${row.group} ${row.dtype} ${row.reason ?? ""}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const sort = readSort(view.sort);
  if (!sort) return rows;
  const value = SORT_VALUE[sort.column];
  const sign = sort.descending ? -1 : 1;
  return rows.sort((x, y) => {
    const [p, q] = [value(x), value(y)];
    if (p === null || q === null) return p === q ? 0 : p === null ? 1 : -1;
    const order = typeof p === "string" ? p.localeCompare(String(q), "en", { numeric: true }) : p - Number(q);
    return sign * order;
  });
}
