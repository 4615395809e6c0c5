import { explanationOf } from "../../comparing/explanation.ts";
import type { Inspection } from "../../comparing/inspection.ts";
import { unbroken } from "../../components/quantity.ts";
import css from "./inspector.module.css";

/** The kinds of change that a cell's numbers show, each in a sentence to be quoted. */
export function Findings({ inspection }: { inspection: Inspection }) {
  const explanation = explanationOf(inspection);
  if (!explanation) return inspection.sentence && <p className={css.findings}>{unbroken(inspection.sentence)}</p>;
  const { findings, remark } = explanation;
  return (
    <section className={css.findings} aria-label="What kind of change it is">
      {inspection.state === "partial" && <p className="sub">So far, from the part that has been read:</p>}
      {remark && <p>{unbroken(remark)}</p>}
      {findings.length > 0 && (
        <ul>
          {findings.map(({ kind, label, sentence }) => (
            <li key={kind} data-kind={kind}>
              <b>{label}</b>
              <p>{unbroken(sentence)}</p>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
