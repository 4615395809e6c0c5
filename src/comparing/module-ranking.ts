import { meanOf, ratioOfMeans } from "../statistics/mean.ts";
import { metricById } from "../statistics/metrics.ts";
import { gridOf } from "./grid.ts";
import { remember } from "./heatmap.ts";

/** The modules of a comparison, the one that moved most first. */
export interface ModuleRanking {
  /** By the mean of ‖Δ‖/‖A‖ over the layers. */
  modules: { label: string; mean: number }[];
  /** Mean ‖Δ‖/‖A‖ of the attention output over that of the query, weights only; null where there is not one of each. */
  outputOverQuery: { ratio: number; output: string; query: string } | null;
}

/** Null until all layers of all matrices are exact, and where there are fewer than two modules. */
export const selectRanking = remember(
  ({ comparison, results }): ModuleRanking | null => {
    const relative = metricById("relative");
    if (!comparison?.b || !relative) return null;
    const rows: { role: string; label: string; values: (number | null)[] }[] = [];
    for (const { place, label, band, cells } of gridOf(comparison.pairs, "matrix").rows) {
      const outcomes = cells.map(({ pairs }) => results.list.pooled(pairs));
      const values = outcomes.map((outcome) =>
        outcome?.state === "exact" ? relative.value(outcome.numbers) : undefined,
      );
      if (values.includes(undefined)) return null;
      rows.push({
        role: place.role,
        label: band === "" ? label : `${band} ${label}`,
        values: values.filter((value) => value !== undefined),
      });
    }
    const modules = rows.flatMap(({ label, values }) => {
      const mean = meanOf(values);
      return mean === null ? [] : [{ label, mean }];
    });
    if (modules.length < 2) return null;
    const [output, query] = ["attn.o", "attn.q"].map((role) => rows.filter((row) => row.role === role));
    // Several stacks have several of each, and no ratio of them all is anyone's.
    const isOne = output.length === 1 && query.length === 1;
    const ratio = isOne ? ratioOfMeans(output[0].values, query[0].values) : null;
    return {
      modules: modules.sort((x, y) => y.mean - x.mean),
      outputOverQuery: ratio === null ? null : { ratio, output: output[0].label, query: query[0].label },
    };
  },
  ({ comparison, results }) => [comparison, results],
);
