import type { OperandRecord } from "../comparing/operand-record.ts";
import type { Report, ReportModule } from "../comparing/report.ts";
import { bytesText, countText, unbroken } from "../components/quantity.ts";
import { useApp } from "../components/use-app.ts";
import { formatNumber } from "../statistics/format-number.ts";
import css from "./report.module.css";
import { ReportDistributions, ReportHeatmap } from "./report-charts.tsx";
import { ReportMethod } from "./report-method.tsx";
import { coverageSentence, GROUP_WORDS, reportedFindings } from "./report-words.ts";

/** The sheet itself: what was compared, what was found, the numbers behind it, and how they were computed. */
export function ReportSheet({ report }: { report: Report }) {
  const comparison = useApp((state) => state.comparison);
  if (!comparison?.b) return null;
  const { a, b, adapter } = comparison;
  const { picture, modules, group, telling } = report;
  const findings = reportedFindings(report);
  return (
    <article className={css.report} aria-labelledby="report-title">
      <header>
        <p className={css.kind}>Auscult · comparison report</p>
        <h1 id="report-title">
          {a.label} → {b.label}
        </h1>
        <p className={css.lead} data-part="lead">
          {unbroken(picture.headline)}.
        </p>
      </header>
      <dl className={css.operands}>
        <Operand letter="A" of={a} />
        <Operand letter="B" of={b} />
        {adapter && <Operand letter="Adapter" of={adapter} />}
        <div>
          <dt>Read</dt>
          <dd>{unbroken(coverageSentence(report.coverage))}</dd>
        </div>
      </dl>
      {picture.rows.length > 0 && (
        <section aria-labelledby="report-moved">
          <h2 id="report-moved">What moved</h2>
          <ReportHeatmap picture={picture} />
          <Ranking modules={modules} group={group} outputOverQuery={report.outputOverQuery} />
        </section>
      )}
      {modules.length > 0 && (
        <section aria-labelledby="report-found">
          <h2 id="report-found">What kind of change it is</h2>
          {findings.length === 0 ? (
            <p>No layer was read in full, so nothing is said of kinds of change.</p>
          ) : (
            <ul>
              {findings.map((sentence) => (
                <li key={sentence}>{unbroken(sentence)}</li>
              ))}
            </ul>
          )}
          {telling && telling.exact > 0 && <ReportDistributions module={telling} />}
        </section>
      )}
      <Besides report={report} />
      <Unpaired report={report} />
      <ReportMethod report={report} />
    </article>
  );
}

function Operand({ letter, of }: { letter: string; of: OperandRecord }) {
  const bytes = of.files.reduce((sum, { size }) => sum + size, 0);
  const files = of.files.length === 1 ? "1 file" : `${countText(of.files.length)} files`;
  return (
    <div>
      <dt>{letter}</dt>
      <dd>
        <b>{of.label}</b>
        {of.revision && (
          <>
            {" "}
            at <span className="mono">{of.revision}</span>
          </>
        )}
        {!of.revision && of.ref !== of.label && (
          <>
            {" "}
            (<span className="mono">{of.ref}</span>)
          </>
        )}
        {bytes > 0 && `, ${bytesText(bytes)} in ${files}`}
      </dd>
    </div>
  );
}

interface RankingProps {
  modules: readonly ReportModule[];
  group: Report["group"];
  outputOverQuery: Report["outputOverQuery"];
}

function Ranking({ modules, group, outputOverQuery }: RankingProps) {
  return (
    <table className={css.ranking}>
      <caption>
        {GROUP_WORDS[group].many} by their mean ‖Δ‖ / ‖A‖ over the layers read in full.
        {outputOverQuery &&
          ` O/Q, ${outputOverQuery.output} over ${outputOverQuery.query} (Yudin 2026): ${formatNumber(outputOverQuery.ratio)}.`}
      </caption>
      <thead>
        <tr>
          <th scope="col">module</th>
          <th scope="col">mean</th>
          <th scope="col">least</th>
          <th scope="col">greatest</th>
          <th scope="col">layers</th>
        </tr>
      </thead>
      <tbody>
        {modules.map(({ key, label, mean, least, most, exact, layers }) => (
          <tr key={key}>
            <th scope="row">{label}</th>
            <td>{formatNumber(mean)}</td>
            <td>{formatNumber(least)}</td>
            <td>{formatNumber(most)}</td>
            <td>{exact === layers ? layers : `${exact} of ${layers}`}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Parameters of the other groups and tensors outside the layers, a sentence each: they are never pooled with the rest. */
function Besides({ report: { besides, picture } }: { report: Report }) {
  const groups = besides.flatMap(({ group, modules }) => {
    const [first] = modules.filter(({ mean }) => mean !== null);
    if (!first) return [];
    const how = modules.length === 1 ? "by" : `most of ${modules.length}, by`;
    return [
      `${GROUP_WORDS[group].many}: ${first.label} moved ${how} ${formatNumber(first.mean)} of its norm on average.`,
    ];
  });
  const outside = picture.outside.flatMap(({ label, value, state }) =>
    value === null || state !== "exact" ? [] : [`${label} ${picture.metric.format(value)}`],
  );
  if (groups.length + outside.length === 0) return null;
  return (
    <section aria-labelledby="report-besides">
      <h2 id="report-besides">Besides</h2>
      <p>
        {groups.join(" ")}
        {outside.length > 0 && ` Outside the layers, ‖Δ‖ / ‖A‖: ${outside.join(", ")}.`}
      </p>
    </section>
  );
}

/** Reasons that are told; what is left of them is counted. */
const REASONS = 5;

function Unpaired({ report: { unpaired } }: { report: Report }) {
  if (unpaired.length === 0) return null;
  const sideOf = { a: "A", b: "B", adapter: "the adapter" } as const;
  return (
    <section aria-labelledby="report-unpaired">
      <h2 id="report-unpaired">What was not compared</h2>
      {unpaired.map(({ side, count, reasons }) => (
        <div key={side}>
          <p>
            {countText(count)} {count === 1 ? "tensor" : "tensors"} of {sideOf[side]}:
          </p>
          <ul>
            {reasons.slice(0, REASONS).map(({ reason, count }) => (
              <li key={reason}>
                {countText(count)}: {reason}
              </li>
            ))}
            {reasons.length > REASONS && (
              <li>
                {countText(reasons.slice(REASONS).reduce((sum, { count }) => sum + count, 0))}: for{" "}
                {countText(reasons.length - REASONS)} other reasons, which the table of all tensors tells.
              </li>
            )}
          </ul>
        </div>
      ))}
    </section>
  );
}
