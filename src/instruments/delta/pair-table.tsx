import { memo, useDeferredValue, useEffect, useLayoutEffect, useState } from "react";
import { readSort, type SortColumn, type TableRow, tableRow } from "../../comparing/table.ts";
import { identicalWords } from "../../comparing/words/identical-words.ts";
import { holdDrawing } from "../../components/draw-queue.ts";
import panel from "../../components/panel.module.css";
import { countText } from "../../components/quantity.ts";
import { RenameField } from "../../components/rename-field.tsx";
import { useActions, useApp } from "../../components/use-app.ts";
import type { Pair } from "../../pairing/pair.ts";
import { formatNumber, formatPercent } from "../../statistics/format-number.ts";
import css from "./pair-table.module.css";
import { useDelta, useSetDelta } from "./use-delta.ts";
import { useRowOrder } from "./use-row-order.ts";

/** Rows drawn before the person asks for more, and added in one task then. */
const FIRST_ROWS = 60;
/** Rows drawn at once at most: laying out a table of thousands takes longer than anyone should wait for a scroll. */
const PAGE_ROWS = 250;

const COLUMNS: {
  column: SortColumn;
  label: string;
  figure: boolean;
  text: (row: TableRow) => string;
  two?: boolean;
  /** Only where an adapter stands beside A and B. */
  beside?: boolean;
}[] = [
  { column: "name", label: "tensor", figure: false, text: (row) => row.name },
  { column: "layer", label: "layer", figure: true, text: (row) => (row.layer === null ? "" : String(row.layer)) },
  { column: "module", label: "module", figure: false, text: (row) => row.module },
  { column: "shape", label: "shape", figure: true, text: (row) => `${row.shape} ${row.dtype}` },
  {
    column: "normA",
    label: "‖A‖",
    figure: true,
    text: (row) =>
      row.identical && row.derived?.normA == null ? "not read" : formatNumber(row.derived?.normA ?? null),
  },
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
  {
    column: "adapter",
    label: "cos(s·BA, Δ)",
    figure: true,
    text: (row) => (row.adapter ? formatNumber(row.adapter.cosine) : ""),
    ...{ two: true, beside: true },
  },
  {
    column: "ratio",
    label: "‖s·BA‖ / ‖Δ‖",
    figure: true,
    text: (row) => (row.adapter ? formatNumber(row.adapter.ratio) : ""),
    ...{ two: true, beside: true },
  },
];

/** What there is to say of one model alone. */
const LONE_COLUMNS = COLUMNS.filter(({ two }) => !two);
/** And of two. */
const PAIR_COLUMNS = COLUMNS.filter(({ beside }) => !beside);

/** Every tensor in text, the unpaired ones with their reason; sortable and searchable. */
export function PairTable() {
  const comparison = useApp((state) => state.comparison);
  const view = useDelta((state) => state.view);
  const isOpen = useApp((state) => state.isOpen);
  const actions = useActions();
  const setView = useSetDelta();
  // Typing and pictures go first; the table follows when there is time.
  const latest = useApp((state) => state.results);
  const late = useDeferredValue(latest);
  // Numbers of the comparison before belong to other tensors.
  const results = late.list === latest.list ? late : latest;
  const behind = latest !== results;
  useLayoutEffect(() => (behind ? holdDrawing() : undefined), [behind]);
  const order = useRowOrder(latest);
  const page = usePage(order);
  const sort = readSort(view.sort);
  const columns = comparison?.adapter ? COLUMNS : comparison?.b ? PAIR_COLUMNS : LONE_COLUMNS;
  if (!comparison) return null;
  const left = comparison.unpaired.length;
  const identical = countIdentical(comparison.pairs);
  const words = identicalWords(comparison.b);
  return (
    <section aria-label="All tensors" className={css.tensors}>
      <div className={panel.head}>
        <div>
          <h2>All tensors</h2>
          <p className="sub">
            {countText(comparison.pairs.length)} {comparison.b ? "pairs" : "tensors"}
            {left > 0 && `, ${countText(left)} without a partner (listed with the reason)`}
            {identical > 0 && `, ${countText(identical)} ${words.word} (${words.reason})`}.
          </p>
        </div>
        <div className={panel.controls}>
          <input
            className={`field ${css.find}`}
            type="search"
            aria-label="Find tensors"
            placeholder="find: o_proj, norm, BF16…"
            value={view.find}
            onChange={(event) => setView({ find: event.target.value })}
          />
          <button className="button" type="button" onClick={() => void actions.save()}>
            Save as JSON
          </button>
        </div>
      </div>
      {comparison.b && isOpen && (left > 0 || comparison.rename !== "") && <RenameField />}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={css.scroll} tabIndex={0} aria-label="Table of all tensors">
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
                    <button type="button" onClick={() => setView({ sort: next })}>
                      {label}
                      <span aria-hidden="true">{mine ? (sort.descending ? " ↓" : " ↑") : ""}</span>
                    </button>
                  </th>
                );
              })}
            </tr>
          </thead>
          <tbody>
            {[...order.subarray(page.from, page.to)].map((index) => (
              <Row key={index} row={tableRow(comparison, results.list, index)} columns={columns} />
            ))}
          </tbody>
        </table>
      </section>
      {order.length === 0 && view.find !== "" && <p className="sub">No tensor matches “{view.find}”.</p>}
      {page.more && (
        <button className="button quiet" type="button" onClick={page.more}>
          {order.length > PAGE_ROWS
            ? `Show ${PAGE_ROWS} of ${countText(order.length)}`
            : `Show all ${countText(order.length)}`}
        </button>
      )}
      {page.turn && (
        <div className={panel.ends}>
          <button className="button quiet" type="button" disabled={page.from === 0} onClick={() => page.turn?.(-1)}>
            Earlier
          </button>
          <span className="sub" aria-live="polite">
            {countText(page.from + 1)} to {countText(page.to)} of {countText(order.length)}
          </span>
          <button
            className="button quiet"
            type="button"
            disabled={page.to >= order.length}
            onClick={() => page.turn?.(1)}
          >
            Later
          </button>
        </div>
      )}
    </section>
  );
}

const identicals = new WeakMap<readonly Pair[], number>();

function countIdentical(pairs: readonly Pair[]): number {
  const count = identicals.get(pairs) ?? pairs.reduce((sum, pair) => sum + (pair.identical ? 1 : 0), 0);
  identicals.set(pairs, count);
  return count;
}

/**
 * Which of the rows are drawn. The first few; when the person asks, a whole page, a few more in each task until it is
 * full, and then `turn` to go to another one.
 */
function usePage(order: Uint32Array) {
  const [isOpen, setOpen] = useState(false);
  const [of, setOf] = useState(order);
  const [page, setPage] = useState(0);
  const [shown, setShown] = useState(FIRST_ROWS);
  // Another filter or order begins at its first page.
  if (of.length !== order.length) {
    setOf(order);
    setPage(0);
  }
  const from = Math.min(page * PAGE_ROWS, Math.floor(Math.max(0, order.length - 1) / PAGE_ROWS) * PAGE_ROWS);
  const full = isOpen ? Math.min(PAGE_ROWS, order.length - from) : FIRST_ROWS;
  const growing = shown < full;
  useEffect(() => {
    if (!growing) return;
    const timer = setTimeout(() => setShown((rows) => rows + FIRST_ROWS));
    return () => clearTimeout(timer);
  });
  useLayoutEffect(() => (growing ? holdDrawing() : undefined), [growing]);
  return {
    from,
    to: Math.min(order.length, from + Math.min(shown, Math.max(full, FIRST_ROWS))),
    more: !isOpen && order.length > FIRST_ROWS ? () => setOpen(true) : null,
    turn:
      isOpen && order.length > PAGE_ROWS
        ? (by: 1 | -1) => {
            setPage(from / PAGE_ROWS + by);
            setShown(FIRST_ROWS);
          }
        : null,
  };
}

const Row = memo(function Row({ row, columns }: { row: TableRow; columns: typeof COLUMNS }) {
  if (row.reason)
    return (
      <tr className={css.unpaired}>
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
          {column === "name" && row.identical && (
            <small className="sub" title={row.identical.reason}>
              {" "}
              {row.identical.word}
            </small>
          )}
        </td>
      ))}
    </tr>
  );
});
