import { meanOf, ratioOfMeans } from "../statistics/mean.ts";
import { metricById } from "../statistics/metrics.ts";
import type { Comparison } from "./comparison.ts";
import { gridOf, rowTitle } from "./grid.ts";
import type { OutcomeList } from "./outcome-list.ts";

/** The modules of a comparison, the one that moved most first. */
export interface ModuleRanking {
  /** By the mean of ‖Δ‖/‖A‖ over the layers. */
  modules: { label: string; mean: number }[];
  /** Mean ‖Δ‖/‖A‖ of the attention output over that of the query, weights only; null where there is not one of each. */
  outputOverQuery: { ratio: number; output: string; query: string } | null;
}

const RELATIVE = metricById("relative");

interface MeasuredRow {
  role: string;
  label: string;
  values: (number | null)[];
}

/** ‖Δ‖/‖A‖ of all layers of all matrices; null while one is not exact. */
function measuredRows({ pairs }: Comparison, results: OutcomeList): MeasuredRow[] | null {
  const rows: MeasuredRow[] = [];
  for (const row of gridOf(pairs, "matrix").rows) {
    const values: (number | null)[] = [];
    for (const cell of row.cells) {
      const outcome = results.pooled(cell.pairs);
      if (outcome?.state !== "exact") return null;
      values.push(RELATIVE.value(outcome.numbers));
    }
    rows.push({ role: row.place.role, label: rowTitle(row), values });
  }
  return rows;
}

function outputOverQuery(rows: readonly MeasuredRow[]): ModuleRanking["outputOverQuery"] {
  const outputs = rows.filter(({ role }) => role === "attn.o");
  const queries = rows.filter(({ role }) => role === "attn.q");
  // Several stacks have several of each, and no ratio of them all is anyone's.
  if (outputs.length !== 1 || queries.length !== 1) return null;
  const ratio = ratioOfMeans(outputs[0].values, queries[0].values);
  return ratio === null ? null : { ratio, output: outputs[0].label, query: queries[0].label };
}

/** Null until all layers of all matrices are exact, without B, and where there are fewer than two modules. */
export function moduleRanking(comparison: Comparison, results: OutcomeList): ModuleRanking | null {
  const rows = comparison.b && measuredRows(comparison, results);
  if (!rows) return null;
  const modules: ModuleRanking["modules"] = [];
  for (const { label, values } of rows) {
    const mean = meanOf(values);
    if (mean !== null) modules.push({ label, mean });
  }
  if (modules.length < 2) return null;
  return { modules: modules.sort((x, y) => y.mean - x.mean), outputOverQuery: outputOverQuery(rows) };
}
