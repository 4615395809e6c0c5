import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { Comparison, Results } from "../../comparing/comparison.ts";
import { isMeasured, orderRows, readSort } from "../../comparing/table.ts";
import { holdDrawing } from "../../components/draw-queue.ts";
import { useApp, useStore } from "../../components/use-app.ts";
import { useDelta } from "./use-delta.ts";

interface Wish {
  comparison: Comparison | null;
  find: string;
  sort: string;
  /** Null where the order does not depend on what was read. */
  results: Results | null;
}

const NO_ROWS = new Uint32Array();

const sameRows = (x: Wish, y: Wish) => x.comparison === y.comparison && x.find === y.find && x.sort === y.sort;

/**
 * The rows of the table in the order asked for, as numbers for `tableRow`. It follows what is typed and read as fast as
 * short tasks allow; until then the rows before stay, of the same comparison.
 */
export function useRowOrder(latest: Results): Uint32Array {
  const comparison = useApp((state) => state.comparison);
  const find = useDelta((state) => state.view.find);
  const sort = useDelta((state) => state.view.sort);
  const results = isMeasured(readSort(sort)?.column) ? latest : null;
  const [order, setOrder] = useState<{ wish: Wish; rows: Uint32Array } | null>(null);
  const store = useStore();
  const wanted = useRef<Wish | null>(null);
  const working = useRef<{ wish: Wish; controller: AbortController } | null>(null);

  useEffect(() => {
    const begin = () => {
      const wish = wanted.current;
      if (!wish) return;
      const mine = { wish, controller: new AbortController() };
      working.current = mine;
      const { list } = store.getState().results;
      const ordered = wish.comparison ? orderRows(wish.comparison, list, wish, mine.controller.signal) : NO_ROWS;
      void Promise.resolve(ordered).then((rows) => {
        if (working.current !== mine || !rows) return;
        working.current = null;
        setOrder({ wish, rows });
        // More was read meanwhile.
        if (wanted.current !== wish) begin();
      });
    };
    wanted.current = { comparison, find, sort, results };
    // New numbers do not take back an order that is nearly there; another wish does.
    if (working.current && sameRows(working.current.wish, wanted.current)) return;
    working.current?.controller.abort();
    begin();
  }, [store, comparison, find, sort, results]);
  useEffect(
    () => () => {
      working.current?.controller.abort();
      working.current = null;
    },
    [],
  );

  const now = { comparison, find, sort, results };
  const behind = !order || !sameRows(order.wish, now) || order.wish.results !== results;
  useLayoutEffect(() => (behind ? holdDrawing() : undefined), [behind]);
  return order?.wish.comparison === comparison ? order.rows : NO_ROWS;
}
