import type { GridRow } from "../../comparing/grid.ts";
import { bytesText } from "../../components/quantity.ts";
import { useActions, useApp, useStore } from "../../components/use-app.ts";
import { formatNumber } from "../../statistics/format-number.ts";
import { jobOf } from "../../store/job.ts";
import { deltaStateOf, type RescaleOut } from "./delta-state.ts";
import { RESCALE_OUT } from "./job-kinds.ts";
import css from "./relative-panel.module.css";
import { canTakeRescaleOut, leaveRescaleIn, rescaleTasks, takeRescaleOut } from "./rescale-out.ts";
import { useDelta } from "./use-delta.ts";

/** Offers the second pass over a row's drawn layers, shows how far it is, and says what was taken out. */
export function RescaleOutControl({ row }: { row: GridRow }) {
  const store = useStore();
  const { readings } = useActions();
  const isOffered = useApp(canTakeRescaleOut);
  const mine = useDelta(({ rescaleOut }) => (rescaleOut?.row === row.key ? rescaleOut : null));
  useDelta((state) => state.view.every);
  if (mine) return <Pass pass={mine} />;
  if (!isOffered) return null;
  const { tasks, bytes } = rescaleTasks(deltaStateOf(store.getState()), row);
  if (tasks.length === 0) return null;
  const what = tasks.length === 1 ? "this layer" : `these ${tasks.length} layers`;
  return (
    <p className={`sub ${css.rescaleOut}`} data-part="rescale-out">
      <button className="button" type="button" onClick={() => takeRescaleOut(store, readings, row)}>
        Take the rescale out
      </button>{" "}
      reads {what} once more ({bytesText(bytes.a + bytes.b)}) and shows the change from k·A to B.
    </p>
  );
}

function Pass({ pass }: { pass: RescaleOut }) {
  const store = useStore();
  const { readings } = useActions();
  const job = useApp((state) => jobOf(state, RESCALE_OUT));
  const isRunning = job?.status === "running";
  const { a, b } = job?.progress?.bytes ?? NOTHING_READ;
  return (
    <p className={`sub ${css.rescaleOut}`} data-part="rescale-out">
      <button className="button" type="button" onClick={() => leaveRescaleIn(store, readings)}>
        {isRunning ? "Cancel" : "Leave it in"}
      </button>{" "}
      {job?.error ? (
        <span className="error" role="alert">
          {job.error}
        </span>
      ) : (
        <span role="status">
          {isRunning
            ? `Reading again: ${bytesText(a.done + b.done)} of ${bytesText(a.total + b.total)}.`
            : `Taken out: ${factors(pass)}.`}
        </span>
      )}
    </p>
  );
}

const NOTHING_READ = { a: { done: 0, total: 0 }, b: { done: 0, total: 0 } };

/** The multiples of A, from the smallest to the largest. */
function factors({ cells }: RescaleOut): string {
  const found = [...cells.values()].map(({ k }) => k).sort((x, y) => x - y);
  const [least, greatest] = [formatNumber(found[0]), formatNumber(found[found.length - 1])];
  return least === greatest ? `k = ${least}` : `k from ${least} to ${greatest}`;
}
