import { useState } from "react";
import { useActions, useApp } from "../components/use-app.ts";
import { phaseOf } from "../store/phase.ts";
import { AdapterField } from "./adapter-field.tsx";
import css from "./header-bar.module.css";
import { MethodsLink } from "./methods-link.tsx";
import { OperandField } from "./operand-field.tsx";
import { Settings } from "./settings.tsx";

/** The mark: a stethoscope's tubes and its bell. */
function Mark() {
  return (
    <svg className={css.sign} width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <path d="M3 3v5a4.5 4.5 0 0 0 9 0V3M7.5 12.5V14a5 5 0 0 0 10 0v-1.5" />
      <circle cx="17.5" cy="10" r="2.2" />
    </svg>
  );
}

/** Name, both operands, and what can be done with them. Always visible, so that every screenshot says what it shows. */
export function HeaderBar() {
  const actions = useActions();
  const hasComparison = useApp((state) => state.comparison !== null);
  const present = useApp((state) => state.present);
  // A scan that ended early has its report too, which says so.
  const hasReport = useApp(
    (state) =>
      state.comparison?.b != null &&
      state.page !== "report" &&
      ["finished", "paused", "stopped"].includes(phaseOf(state).status),
  );
  const [copied, setCopied] = useState(false);
  const share = async () => {
    await actions.copyLink();
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <header className={css.bar}>
      <a className={css.mark} href="./" aria-label="Auscult, start page">
        <Mark />
        <span>auscult</span>
      </a>
      <form
        className={css.operands}
        aria-label="Models to compare"
        onSubmit={(event) => {
          event.preventDefault();
          void actions.compare();
        }}
      >
        <OperandField side="a" />
        <button
          className={css.swap}
          type="button"
          onClick={() => actions.swap()}
          title="Swap A and B"
          aria-label="Swap A and B"
        >
          →
        </button>
        <OperandField side="b" />
        <AdapterField />
        <button className="button primary" type="submit">
          Compare
        </button>
      </form>
      <div className={css.actions}>
        <MethodsLink />
        <Settings />
        {hasReport && (
          <button className="button" type="button" onClick={() => actions.turnTo("report")}>
            Report
          </button>
        )}
        <button className="button" type="button" onClick={() => void share()} disabled={!hasComparison}>
          <span aria-live="polite">{copied ? "Link copied" : "Share"}</span>
        </button>
        <button
          className="button"
          type="button"
          aria-pressed={present}
          disabled={!hasComparison}
          onClick={() => actions.setPresent(!present)}
        >
          {present ? "Leave stage" : "Present"}
        </button>
      </div>
    </header>
  );
}
