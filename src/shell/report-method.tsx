import { version } from "../../package.json";
import { CONTRACT } from "../comparing/file/comparison-file.ts";
import type { Report } from "../comparing/report.ts";
import { countText } from "../components/quantity.ts";
import { useActions, useApp } from "../components/use-app.ts";
import { isLocal } from "../store/local-drops.ts";
import css from "./report.module.css";

const ENGINES = { wgsl: "WebGPU", wasm: "WebAssembly", reference: "the plain reference" } as const;

/** How the numbers were computed, and where they can be had again. */
export function ReportMethod({ report: { coverage } }: { report: Report }) {
  const actions = useActions();
  const comparison = useApp((state) => state.comparison);
  if (!comparison) return null;
  const { engines } = coverage;
  const by = engines.map(({ engine, pairs }) =>
    engines.length === 1 ? ENGINES[engine] : `${ENGINES[engine]} (${countText(pairs)} pairs)`,
  );
  const operands = [comparison.a, comparison.b, comparison.adapter].filter((one) => one != null);
  const local = operands.filter(({ ref }) => isLocal(ref)).map(({ label }) => label);
  const address = actions.addressOfComparison();
  return (
    <section aria-labelledby="report-method">
      <h2 id="report-method">How it was computed</h2>
      <p>
        By Auscult {version} in a browser
        {by.length > 0 && `, on ${by.join(" and ")}`}, by the definitions of {CONTRACT}: counts are exact whatever the
        engine, sums within 1e−6 of themselves. The Methods page derives every number and threshold.
        {comparison.rename !== "" && ` Names of B were rewritten by the rule “${comparison.rename}”.`}
      </p>
      <p className={css.address}>
        {local.length > 0 && `Local files cannot be in a link: open ${local.join(" and ")} there by hand. `}
        <a href={address}>{address}</a>
      </p>
    </section>
  );
}
