import { memo, useDeferredValue, useLayoutEffect, useMemo, useState } from "react";
import { formatNumber, formatPercent } from "../statistics/format-number.ts";
import { readSort, type SortColumn, type TableRow, tableRows } from "../store/table.ts";
import { holdDrawing } from "./draw-queue.ts";
import { countText } from "./quantity.ts";
import { useActions, useApp } from "./use-app.ts";

/** Rows drawn before the person asks for all of them. */
const FIRST_ROWS = 60;

const COLUMNS: {
  column: SortColumn;
  label: string;
  figure: boolean;
  text: (row: TableRow) => string;
  two?: boolean;
}[] = [
  { column: "name", label: "tensor", figure: false, text: (row) => row.name },
  { column: "layer", label: "layer", figure: true, text: (row) => (row.layer === null ? "" : String(row.layer)) },
  { column: "module", label: "module", figure: false, text: (row) => row.module },
  { column: "shape", label: "shape", figure: true, text: (row) => `${row.shape} ${row.dtype}` },
  { column: "normA", label: "‖A‖", figure: true, text: (row) => formatNumber(row.derived?.normA ?? null) },
  { column: "normD", label: "‖Δ‖", figure: true, text: (row) => formatNumber(row.derived?.normD ?? null), two: true },
  {
    column: "relative",
    label: "‖Δ‖ / ‖A‖",
    figure: true,
    text: (row) => formatNumber(row.derived?.relativeNorm ?? null),
    two: true,
  },
  {
    column: "rescale",
    label: "k − 1",
    figure: true,
    text: (row) => formatNumber(row.derived?.k == null ? null : row.derived.k - 1),
    two: true,
  },
  {
    column: "changed",
    label: "changed",
    figure: true,
    text: (row) => (row.derived?.shareChanged == null ? "–" : formatPercent(row.derived.shareChanged)),
    two: true,
  },
];

/** What there is to say of one model alone. */
const LONE_COLUMNS = COLUMNS.filter(({ two }) => !two);

/** Every tensor in text, the unpaired ones with their reason; sortable and searchable. */
export function PairTable() {
  const comparison = useApp((state) => state.comparison);
  const view = useApp((state) => state.view);
  const actions = useActions();
  const [all, setAll] = useState(false);
  // Typing and pictures go first; the table follows when there is time.
  const latest = useApp((state) => state.results);
  const results = useDeferredValue(latest);
  const seen = useDeferredValue(view);
  const { find, sort: order } = seen;
  const behind = latest !== results || view !== seen;
  useLayoutEffect(() => (behind ? holdDrawing() : undefined), [behind]);
  const rows = useMemo(
    () => tableRows({ comparison, results, view: { find, sort: order } }),
    [comparison, results, find, order],
  );
  const sort = readSort(view.sort);
  const columns = comparison?.b ? COLUMNS : LONE_COLUMNS;
  const left = comparison?.unpaired.length ?? 0;
  if (!comparison) return null;
  return (
    <section aria-label="All tensors" className="tensors">
      <div className="panel-head">
        <div>
          <h2>All tensors</h2>
          <p className="sub">
            {countText(comparison.pairs.length)} {comparison.b ? "pairs" : "tensors"}
            {left > 0 && `, ${countText(left)} without a partner (listed with the reason)`}.
          </p>
        </div>
        <div className="controls">
          <input
            className="field find"
            type="search"
            aria-label="Find tensors"
            placeholder="find: o_proj, norm, BF16…"
            value={view.find}
            onChange={(event) => actions.setView({ find: event.target.value })}
          />
          <button className="button" type="button" onClick={() => actions.save()}>
            Save as JSON
          </button>
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className="table-scroll" tabIndex={0} aria-label="Table of all tensors">
        <table>
          <thead>
            <tr>
              {columns.map(({ column, label, figure }) => {
                const mine = sort?.column === column;
                const next = mine ? (sort.descending ? column : "") : figure ? `-${column}` : column;
                return (
                  <th
                    key={column}
                    className={figure ? "figure" : undefined}
                    aria-sort={mine ? (sort.descending ? "descending" : "ascending") : "none"}
                  >
                    <button type="button" onClick={() => actions.setView({ sort: next })}>
                      {label}
                      <span aria-hidden="true">{mine ? (sort.descending ? " ↓" : " ↑") : ""}</span>
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, all ? undefined : FIRST_ROWS).map((row) => (
              <Row key={`${row.group} ${row.name} ${row.module}`} row={row} columns={columns} />
            ))}
          </tbody>
        </table>
      </section>
      {rows.length === 0 && <p className="sub">No tensor matches “{view.find}”.</p>}
      {!all && rows.length > FIRST_ROWS && (
        <button className="button quiet" type="button" onClick={() => setAll(true)}>
          Show all {countText(rows.length)}
        </button>
      )}
    </section>
  );
}

const Row = memo(function Row({ row, columns }: { row: TableRow; columns: typeof COLUMNS }) {
  if (row.reason)
    return (
      <tr className="unpaired">
        <td className="mono">{row.name}</td>
        <td colSpan={columns.length - 1}>
          {row.module}: {row.reason}
        </td>
      </tr>
    );
  return (
    <tr data-partial={row.coverage > 0 && row.coverage < 1 ? true : undefined}>
      {columns.map(({ column, figure, text }) => (
        <td key={column} className={figure ? "figure" : column === "name" ? "mono" : undefined}>
          {text(row)}
        </td>
      ))}
    </tr>
  );
});
