import { useEffect, useState } from "react";
import { durationText } from "../components/quantity.ts";
import { useActions, useApp } from "../components/use-app.ts";
import css from "./progress-bar.module.css";

/** Who is busy, and the seconds until they are asked again. */
export function BusyNote() {
  const busy = useApp((state) => state.busy);
  const actions = useActions();
  const now = useSeconds(busy !== null);
  if (!busy) return null;
  return (
    <>
      {/* Said once: seconds that are counted down aloud would drown everything else. */}
      <span className="visually-hidden" role="status">
        {busy.host} is busy. It is asked again in a moment.
      </span>
      <span className={css.busy} aria-hidden="true">
        {busy.host} is busy; trying again in {durationText((busy.until - now) / 1000)}
      </span>
      <button className="button quiet" type="button" onClick={() => actions.hurry()}>
        Try now
      </button>
    </>
  );
}

/** The time, in milliseconds since 1970; new every second while it `runs`. */
function useSeconds(runs: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!runs) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [runs]);
  return now;
}
