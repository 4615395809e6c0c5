import { useId } from "react";
import { type Explanation, explanationOf } from "../../comparing/explanation.ts";
import type { Inspection } from "../../comparing/inspection.ts";
import { modePlaces } from "../../comparing/words/shape-verdict.ts";
import { formatNumber, formatPercent } from "../../statistics/format-number.ts";
import css from "./inspector.module.css";
import { NumberList, type NumberRow } from "./number-list.tsx";

/** The numbers of a distribution's shape by name, with notes: of changed weights within ±1. Empty where it has none. */
export function shapeRows({ ways, spread }: Explanation): NumberRow[] {
  const shapeOver = (denominator: "abs" | "signed") =>
    ways.find((way) => way.denominator === denominator && way.beyond === "drop")?.shape ?? null;
  const rows: NumberRow[] = [];
  for (const [denominator, over] of [
    ["abs", "|a|"],
    ["signed", "a"],
  ] as const) {
    const shape = shapeOver(denominator);
    if (!shape) continue;
    rows.push(
      [`modes over ${over}`, modePlaces(shape) || "none"],
      [
        `valley over ${over}`,
        shape.valley ? formatPercent(shape.valley.depth) : "none",
        shape.valley ? "deep" : undefined,
      ],
      [`dip over ${over}`, formatNumber(shape.dip)],
    );
  }
  if (spread)
    rows.push([
      "spread of |Δ / a|",
      `${spread.octaves.toFixed(1)} octaves`,
      `about ${formatNumber(2 ** spread.median)}`,
    ]);
  return rows;
}

/** What a distribution looks like in numbers, and what they cannot say. */
export function ShapeNumbers({ inspection }: { inspection: Inspection }) {
  const title = useId();
  const explanation = explanationOf(inspection);
  const rows = explanation ? shapeRows(explanation) : [];
  if (rows.length === 0) return null;
  return (
    <section aria-labelledby={title}>
      <p className={css.part} id={title}>
        Shape of the distribution
      </p>
      <NumberList rows={rows} state={inspection.state} />
      {rows.some(([name]) => name.startsWith("dip")) && (
        <p className={`sub ${css.note}`}>
          The dip is an effect size: 0 for one mode, 0.25 at most. Among millions of weights the least unevenness is
          significant, so a p-value would say nothing and none is given.
        </p>
      )}
    </section>
  );
}
