import { bytesText, countText, durationText } from "../components/quantity.ts";
import { useActions, useApp } from "../components/use-app.ts";
import type { Amount, JobProgress } from "../store/job.ts";
import { phaseOf, scanProgress } from "../store/phase.ts";
import { BusyNote } from "./busy-note.tsx";
import { EngineNote } from "./engine-note.tsx";
import css from "./progress-bar.module.css";

/** Bytes of each side: `A 1.55 of 3.09 GB · B 1.53 of 3.09 GB`. */
function operandBytes({ a, b }: JobProgress["bytes"]): string {
  const side = (name: string, { done, total }: Amount) => `${name} ${bytesText(done)} of ${bytesText(total)}`;
  return b.total > 0 ? `${side("A", a)} · ${side("B", b)}` : side("A", a);
}

/** How far the scan is, in exact figures, and what can be done about it. */
export function ProgressBar() {
  const phase = useApp(phaseOf);
  const progress = useApp(scanProgress);
  const actions = useActions();
  if (phase.status === "opening")
    return (
      <div className={css.progress}>
        <span role="status">Reading headers…</span>
        <div className={css.track} data-waiting />
        <BusyNote />
        <button className="button quiet" type="button" onClick={() => actions.cancel()}>
          Cancel
        </button>
      </div>
    );
  if (!progress) return null;
  const { bytes, items } = progress;
  const done = bytes.a.done + bytes.b.done;
  const total = bytes.a.total + bytes.b.total;
  const share = total > 0 ? done / total : 1;
  const running = phase.status === "running";
  const figures = [
    progress.rate !== null && running ? `${bytesText(progress.rate)}/s` : null,
    progress.secondsLeft !== null && running ? `${durationText(progress.secondsLeft)} left` : null,
    `${countText(items.done)} of ${countText(items.total)} tensors exact`,
  ].filter(Boolean);
  return (
    <section className={css.progress} aria-label="Progress" data-over={done >= total || undefined}>
      <span>{done < total ? operandBytes(bytes) : `${bytesText(total)} read`}</span>
      <div
        className={css.track}
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.floor(share * 100)}
        aria-label="Bytes read"
      >
        <svg width="100%" height="4" preserveAspectRatio="none" viewBox="0 0 1000 4" aria-hidden="true">
          <rect className={css.done} width={share * 1000} height="4" />
        </svg>
      </div>
      <span>{figures.join(" · ")}</span>
      {running && progress.reading && <span className={`${css.reading} mono`}>{progress.reading}</span>}
      <BusyNote />
      <EngineNote />
      {running && (
        <button className="button quiet" type="button" onClick={() => actions.pause()}>
          Pause
        </button>
      )}
      {phase.status === "paused" && (
        <button className="button quiet" type="button" onClick={() => actions.resume()}>
          Resume
        </button>
      )}
      {(running || phase.status === "paused") && (
        <button className="button quiet" type="button" onClick={() => actions.cancel()}>
          Stop
        </button>
      )}
    </section>
  );
}
