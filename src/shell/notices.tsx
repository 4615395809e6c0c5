import { bytesText, countText, durationText } from "../components/quantity.ts";
import { useActions, useApp } from "../components/use-app.ts";
import { phaseOf } from "../store/phase.ts";
import { transferOf } from "../store/transfer.ts";
import { AccessNote } from "./access-note.tsx";
import css from "./notices.module.css";

/** A line speed to reckon with before one is measured: 100 Mbit/s, in bytes per second. */
const ASSUMED_RATE = 12.5e6;

/** What the page has to say or to ask before it goes on. */
export function Notices() {
  const phase = useApp(phaseOf);
  const notices = useApp((state) => state.notices);
  const cost = useApp((state) => state.cost);
  const transfer = useApp(transferOf);
  const measured = useApp((state) => state.openingRate);
  const comparison = useApp((state) => state.comparison);
  const baseModel = comparison?.b ? undefined : comparison?.a.baseModel;
  const fieldErrors = useApp((state) => Object.values(state.operands).some((field) => field?.error));
  const actions = useActions();
  const notes = comparison ? [comparison.a, comparison.b, comparison.adapter].flatMap((one) => one?.notes ?? []) : [];
  return (
    <div className={css.notices} data-part="notices" aria-live="polite">
      <AccessNote />
      {notices.map((notice) => (
        <p className={css.notice} key={notice}>
          {notice}
          <button className="button quiet" type="button" onClick={() => actions.dismissNotices()}>
            Dismiss
          </button>
        </p>
      ))}
      {notes.map((note) => (
        <p className={`${css.notice} sub`} key={note}>
          {note}
        </p>
      ))}
      {comparison?.a.adapter && (
        <p className={`${css.notice} sub`}>
          {comparison.a.label} is an adapter. What is drawn as ‖A‖ is how much it adds to each weight, ‖ΔW‖ = ‖s·B·A‖.
          How far that moves a model shows when it stands in B, with its base in A.
        </p>
      )}
      {baseModel && phase.status !== "opening" && (
        <p className={`${css.notice} sub`}>
          <span>
            {comparison?.a.label} was made from <b>{baseModel}</b>, says its{" "}
            {comparison?.a.adapter ? "configuration or model card" : "model card"}.
          </span>
          <button className="button" type="button" onClick={() => void actions.compareWithBase()}>
            Compare with its base, {baseModel}
          </button>
        </p>
      )}
      {phase.status === "consent" && (
        <p className={css.notice}>
          This link wants to read from {phase.hosts.join(" and ")}. Nothing has been asked of it yet.
          <button className="button primary" type="button" onClick={() => void actions.agree()}>
            Connect
          </button>
        </p>
      )}
      {phase.status === "ready" && cost && (
        <p className={css.notice}>
          <span>
            <b>{bytesText(transfer)}</b> to read in about {countText(cost.requests)} requests: about{" "}
            {durationText(transfer / (measured ?? ASSUMED_RATE))}{" "}
            {measured ? `at the ${bytesText(measured)}/s measured just now` : "on a 100 Mbit/s line"}. Nothing is
            stored.
          </span>
          <button className="button primary" type="button" onClick={() => actions.start()}>
            Start the scan
          </button>
        </p>
      )}
      {phase.status === "paused" && phase.error && (
        <p className={`${css.notice} error`} role="alert">
          <span>{phase.error} Everything read so far is kept.</span>
          <button className="button" type="button" onClick={() => actions.resume()}>
            Resume
          </button>
        </p>
      )}
      {phase.status === "stopped" && (
        <p className={`${css.notice} sub`}>
          Stopped. What was read stays on screen.
          <button className="button" type="button" onClick={() => void actions.compare()}>
            Compare again
          </button>
        </p>
      )}
      {phase.status === "failed" && !fieldErrors && (
        <p className={`${css.notice} error`} role="alert">
          {phase.error}
        </p>
      )}
    </div>
  );
}
