import { cellValue } from "../src/comparing/cell-value.ts";
import type { Comparison } from "../src/comparing/comparison.ts";
import { gridOf, groupsOf } from "../src/comparing/grid.ts";
import type { OutcomeList } from "../src/comparing/outcome-list.ts";
import { METRICS, type Metric, metricById } from "../src/statistics/metrics.ts";
import { BadInput } from "./bad-input.ts";

const COMPARISONS = {
  ">": (x: number, y: number) => x > y,
  ">=": (x: number, y: number) => x >= y,
  "<": (x: number, y: number) => x < y,
  "<=": (x: number, y: number) => x <= y,
} as const;

/** Something that is not to be: `[module:]metric>number`. */
export interface Bar {
  text: string;
  /** A module's name or role; null for all. */
  module: string | null;
  metric: Metric;
  exceeds: (value: number) => boolean;
}

/** Reads a `--fail-if`. Throws `BadInput`. */
export function parseBar(text: string): Bar {
  const [, module, id = "", sign = "", limit = "", percent] =
    /^\s*(?:([^<>=]+):)?\s*(\w+)\s*(>=|<=|>|<)\s*([-+]?[\d.]+(?:e[-+]?\d+)?)\s*(%)?\s*$/i.exec(text) ?? [];
  const number = Number(limit) / (percent ? 100 : 1);
  if (id === "" || Number.isNaN(number))
    throw new BadInput(
      `"${text}" is no bar: write a measure, >, >=, < or <=, and a number, such as relative>0.05 or o_proj:norm>=1.`,
    );
  const metric = metricById(id);
  if (!metric) throw new BadInput(`"${text}" names no measure: they are ${METRICS.map((one) => one.id).join(", ")}.`);
  const compare = COMPARISONS[sign as keyof typeof COMPARISONS];
  return { text, module: module?.trim() || null, metric, exceeds: (value) => compare(value, number) };
}

/** A module in a layer, or a tensor that stands in none, for which a bar holds. */
export interface Breach {
  bar: Bar;
  where: string;
  value: number;
}

/**
 * Where bars hold: module by module in each layer, experts of a layer taken together, as the page's heatmap has them, and
 * tensors that stand in no layer. Throws `BadInput` where a bar names a module that there is not.
 */
export function breachesOf({ pairs }: Comparison, outcomes: OutcomeList, bars: readonly Bar[]): Breach[] {
  const cells = groupsOf(pairs).flatMap((group) => {
    const { rows, outside } = gridOf(pairs, group);
    const inside = rows.flatMap(({ label, band, place, cells }) =>
      cells.map(({ layer, pairs }) => ({
        where: `${band === "" ? "" : `${band} `}layer ${layer} ${label}`,
        modules: [label, place.role],
        pairs,
      })),
    );
    return [
      ...inside,
      ...outside.map(({ key, label, pair }) => ({
        where: key,
        modules: [label, pairs[pair].place.role, key],
        pairs: [pair],
      })),
    ];
  });
  return bars.flatMap((bar) => {
    const { module, metric, exceeds } = bar;
    const wanted = module === null ? cells : cells.filter(({ modules }) => modules.includes(module));
    if (wanted.length === 0)
      throw new BadInput(
        `--fail-if ${bar.text} names no module of this comparison. Its modules: ${[...new Set(cells.map(({ modules }) => modules[0]))].join(", ")}.`,
      );
    return wanted.flatMap(({ where, pairs: indices }): Breach[] => {
      const outcome = outcomes.pooled(indices);
      const value = outcome && cellValue(metric, outcome, pairs[indices[0]]);
      return value !== null && exceeds(value) ? [{ bar, where, value }] : [];
    });
  });
}
