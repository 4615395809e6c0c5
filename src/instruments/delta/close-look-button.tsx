import { memo } from "react";
import type { Inspection } from "../../comparing/inspection.ts";
import { bytesText } from "../../components/quantity.ts";
import { useActions, useApp, useStore } from "../../components/use-app.ts";
import type { Pair } from "../../pairing/pair.ts";
import { jobOf } from "../../store/job.ts";
import { canLookClosely, closeLookBytes, lookClosely } from "./close-look.ts";
import css from "./inspector.module.css";
import { CLOSE_LOOK } from "./job-kinds.ts";
import { useDelta, useSetDelta } from "./use-delta.ts";

/** Reads what is not kept of one tensor, when the person asks: an expert's own distribution, or ‖A‖ of an identical one. */
export function CloseLook({ inspection }: { inspection: Inspection }) {
  const look = useDelta((state) => state.closeLook);
  const job = useApp((state) => jobOf(state, CLOSE_LOOK));
  const isOffered = useApp(canLookClosely);
  const store = useStore();
  const { readings } = useActions();
  const { pairs, numbers, stats, identical } = inspection;
  const [pair] = pairs;
  if (pairs.length > 1 || !numbers || stats) return null;
  const mine = look?.pair === pair.index ? job : null;
  const what = identical ? "‖A‖" : "this expert’s own distribution";
  return (
    <div className={css.closeLook}>
      {!identical && (
        <p className="sub">The experts of a layer keep one distribution together; this one has its numbers.</p>
      )}
      {mine?.error && (
        <p className="error" role="alert">
          {mine.error}
        </p>
      )}
      {mine && !mine.error ? (
        <p className="sub" role="status">
          Reading {bytesText(closeLookBytes(pair))}…
        </p>
      ) : (
        isOffered && (
          <button className="button" type="button" onClick={() => lookClosely(store, readings, pair.index)}>
            Read {what} ({bytesText(closeLookBytes(pair))})
          </button>
        )
      )}
    </div>
  );
}

/** Picks one of the tensors that a cell pools. */
export function ExpertChoice({ inspection: { siblings, pairs, cell } }: { inspection: Inspection }) {
  const setView = useSetDelta();
  return (
    <label className="sub">
      Of {siblings.length}:{" "}
      <select
        value={pairs.length === 1 ? pairs[0].name : ""}
        onChange={(event) => setView({ cell: event.target.value || cell })}
      >
        <option value="">all, pooled</option>
        <ExpertOptions experts={siblings} />
      </select>
    </label>
  );
}

/** A few hundred options, drawn again only for another cell. */
const ExpertOptions = memo(
  function ExpertOptions({ experts }: { experts: readonly Pair[] }) {
    return experts.map(({ name, place }) => (
      <option key={name} value={name}>
        {place.expert === undefined ? name : `expert ${place.expert}`}
      </option>
    ));
  },
  (before, after) => before.experts[0] === after.experts[0],
);
