import type { GridRow } from "../../comparing/grid.ts";
import { bytesText } from "../../components/quantity.ts";
import { useActions, useApp, useStore } from "../../components/use-app.ts";
import { formatNumber } from "../../statistics/format-number.ts";
import { deltaStateOf } from "./delta-state.ts";
import css from "./relative-panel.module.css";
import { canTakeRescaleOut, type RescaleOut, rescaleTasks } from "./rescale-out.ts";
import { useDelta } from "./use-delta.ts";

/** Offers the second pass over a row's drawn layers, shows how far it is, and says what was taken out. */
export function RescaleOutControl({ row }: { row: GridRow }) {
  const store = useStore();
  const actions = useActions();
  const isOffered = useApp(canTakeRescaleOut);
  const mine = useApp(({ rescaleOut }) => (rescaleOut?.row === row.key ? rescaleOut : null));
  useDelta((state) => state.view.every);
  if (mine) return <Pass pass={mine} />;
  if (!isOffered) return null;
  const { tasks, bytes } = rescaleTasks(deltaStateOf(store.getState()), row);
  if (tasks.length === 0) return null;
  const what = tasks.length === 1 ? "this layer" : `these ${tasks.length} layers`;
  return (
    <p className={`sub ${css.rescaleOut}`} data-part="rescale-out">
      <button className="button" type="button" onClick={() => actions.takeRescaleOut(row)}>
        Take the rescale out
      </button>{" "}
      reads {what} once more ({bytesText(bytes)}) and shows the change from k·A to B.
    </p>
  );
}

function Pass({ pass }: { pass: RescaleOut }) {
  const actions = useActions();
  const { status, done, total } = pass;
  const isRunning = status === "running";
  return (
    <p className={`sub ${css.rescaleOut}`} data-part="rescale-out">
      <button className="button" type="button" onClick={actions.leaveRescaleIn}>
        {isRunning ? "Cancel" : "Leave it in"}
      </button>{" "}
      {typeof status === "object" ? (
        <span className="error" role="alert">
          {status.error}
        </span>
      ) : (
        <span role="status">
          {isRunning ? `Reading again: ${bytesText(done)} of ${bytesText(total)}.` : `Taken out: ${factors(pass)}.`}
        </span>
      )}
    </p>
  );
}

/** The multiples of A, from the smallest to the largest. */
function factors({ cells }: RescaleOut): string {
  const found = [...cells.values()].map(({ k }) => k).sort((x, y) => x - y);
  const [least, greatest] = [formatNumber(found[0]), formatNumber(found[found.length - 1])];
  return least === greatest ? `k = ${least}` : `k from ${least} to ${greatest}`;
}
