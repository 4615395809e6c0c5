import { useLayoutEffect, useState } from "react";
import { type Report, writeReport } from "../comparing/report.ts";
import { holdDrawing } from "../components/draw-queue.ts";
import { useActions, useApp, useStore } from "../components/use-app.ts";
import { phaseOf } from "../store/phase.ts";
import notices from "./notices.module.css";
import css from "./report.module.css";
import { ReportSheet } from "./report-sheet.tsx";

/** What a comparison says, as one sheet to print. While numbers still arrive it waits: a report is of what stands. */
export default function ReportPage() {
  const actions = useActions();
  const isArriving = useApp((state) => ["running", "opening"].includes(phaseOf(state).status));
  const { report, error } = useReport(!isArriving);
  return (
    <div className={css.page}>
      <div className={css.actions}>
        <button className="button" type="button" onClick={() => actions.turnTo("main")}>
          Back to the comparison
        </button>
        <button className="button primary" type="button" disabled={!report} onClick={() => print()}>
          Print
        </button>
      </div>
      {isArriving && <p role="status">The report is written when the scan has ended.</p>}
      {error !== null && (
        <p className={`${notices.notice} error`} role="alert">
          The report could not be written: {error}
        </p>
      )}
      {report && !isArriving && <ReportSheet report={report} />}
    </div>
  );
}

/** The report of the numbers as they are; null until it is written. The page counts as busy until then. */
function useReport(isWanted: boolean): { report: Report | null; error: string | null } {
  const store = useStore();
  const results = useApp((state) => state.results);
  const status = useApp((state) => phaseOf(state).status);
  const [done, setDone] = useState<{ of: readonly unknown[]; report: Report | null; error: string | null } | null>(
    null,
  );
  const isBehind = isWanted && !(done?.of[0] === results && done.of[1] === status);
  useLayoutEffect(() => (isBehind ? holdDrawing() : undefined), [isBehind]);
  useLayoutEffect(() => {
    if (!isWanted) return undefined;
    let isCurrent = true;
    const finish = (report: Report | null, error: string | null) => {
      if (isCurrent) setDone({ of: [results, status], report, error });
    };
    const { comparison, results: latest } = store.getState();
    const written = comparison && writeReport(comparison, latest.list, status === "finished");
    Promise.resolve(written).then(
      (report) => finish(report, null),
      (error: Error) => finish(null, error.message),
    );
    return () => {
      isCurrent = false;
    };
  }, [store, results, status, isWanted]);
  return { report: done?.report ?? null, error: done?.error ?? null };
}
