import { formatNumber } from "../../statistics/format-number.ts";
import css from "./heatmap-panel.module.css";
import { selectRanking } from "./selection.ts";
import { useDelta } from "./use-delta.ts";

/** Modules that fit a line; of more, the first of them are named and the last. */
const NAMED = 8;

/** The modules in the order in which they moved, and the ratio that others report, once all of it is exact. */
export function ModuleRankingLine() {
  const ranking = useDelta(selectRanking);
  if (!ranking) return null;
  const { modules, outputOverQuery } = ranking;
  const short = modules.length > NAMED;
  const named = short ? [...modules.slice(0, NAMED - 2), modules[modules.length - 1]] : modules;
  return (
    <p className={`sub ${css.ranking}`} data-part="ranking">
      By mean ‖Δ‖ / ‖A‖:{" "}
      {named.map(({ label, mean }, i) => (
        <span key={label}>
          {i > 0 && (short && i === named.length - 1 ? ` … ${modules.length - named.length} more … ` : " · ")}
          <span className={css.ranked}>
            {label} {formatNumber(mean)}
          </span>
        </span>
      ))}
      .
      {outputOverQuery !== null && (
        <>
          {" "}
          <b className={css.ranked} title={YUDIN}>
            O/Q {formatNumber(outputOverQuery.ratio)}
          </b>
          : {outputOverQuery.output} over {outputOverQuery.query} (Yudin 2026).
        </>
      )}
    </p>
  );
}

const YUDIN =
  "The weight-space O/Q ratio of Yudin (2026): the mean of ‖Δ‖/‖A‖ of the attention output over that of the query, weights without biases.";
