import { cellValue } from "../src/comparing/cell-value.ts";
import type { Comparison } from "../src/comparing/comparison.ts";
import { gridOf, groupsOf } from "../src/comparing/grid.ts";
import type { OutcomeList } from "../src/comparing/outcome-list.ts";
import { headline } from "../src/comparing/words/headline.ts";
import { meanOf } from "../src/statistics/mean.ts";
import type { MetricId } from "../src/statistics/metric-id.ts";
import { metricById } from "../src/statistics/metrics.ts";
import { type Column, textTable } from "./text-table.ts";

/** What a module's line says of the mean over its layers, after the measure that the table is about. */
const BESIDES: readonly MetricId[] = ["norm", "rescale", "changed"];

/** A line a module: the measure's mean, least and greatest over its layers, as the page's heatmap has them. */
export function* moduleTable(comparison: Comparison, outcomes: OutcomeList): Generator<string> {
  const { pairs } = comparison;
  const [metric] = [metricById(comparison.b ? "relative" : "normA")].filter((one) => one !== undefined);
  const besides = (comparison.b ? BESIDES : []).flatMap((id) => metricById(id) ?? []);
  const numbers = [metric.label, "least", "most", ...besides.map(({ label }) => label)];
  const columns: Column[] = [
    { heading: "module" },
    ...["layers", ...numbers].map((heading): Column => ({ heading, isNumber: true })),
  ];
  for (const [i, group] of groupsOf(pairs).entries()) {
    const { rows, outside } = gridOf(pairs, group);
    const lineOf = (name: string, layers: string, cells: readonly (readonly number[])[]) => {
      const valuesOf = (one: typeof metric) =>
        cells.flatMap((indices) => {
          const outcome = outcomes.pooled(indices);
          return (outcome && cellValue(one, outcome, pairs[indices[0]])) ?? [];
        });
      const values = valuesOf(metric);
      const [least, most] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [null, null];
      const shown = [meanOf(values), least, most].map((value) => metric.format(value));
      return [name, layers, ...shown, ...besides.map((one) => one.format(meanOf(valuesOf(one))))];
    };
    const named = rows.map(({ label, band, cells }) => ({ module: band === "" ? label : `${band} ${label}`, cells }));
    const found = named.map(({ module, cells }) => {
      const values = cells.map((cell) => {
        const outcome = outcomes.pooled(cell.pairs);
        return outcome && cellValue(metric, outcome, pairs[cell.pairs[0]]);
      });
      return { module, value: meanOf(values.filter((value) => value !== null)), complete: true };
    });
    if (i > 0) yield "\n";
    if (found.length > 0) yield `${headline(found, metric)}.\n\n`;
    yield* textTable(columns, [
      ...named.map(({ module, cells }) =>
        lineOf(
          module,
          `${cells.length}`,
          cells.map((cell) => cell.pairs),
        ),
      ),
      ...outside.map(({ label, pair }) => lineOf(label, "–", [[pair]])),
    ]);
  }
}
