import type { LookChoice } from "../../comparing/distributions.ts";
import { FIGURES } from "../../comparing/figure.ts";
import type { HeatmapChoice } from "../../comparing/heatmap.ts";
import type { RidgeChoice } from "../../comparing/shown-cells.ts";
import type { TableChoice } from "../../comparing/table.ts";
import { choice, flag, sectionOf, text, whole } from "../../permalink/section.ts";
import { METRIC_IDS } from "../../statistics/metric-id.ts";
import { BEYOND, DENOMINATORS, UNCHANGED } from "../../statistics/relative-histogram.ts";
import { PARAMETER_GROUPS } from "../../taxonomy/place.ts";

const SIDES = ["both", ...DENOMINATORS] as const;

/** How a comparison is being looked at: what the link must bring back of this instrument. */
export interface ViewState extends HeatmapChoice, RidgeChoice, LookChoice, TableChoice {
  /** The module whose layers are drawn as a ridgeline (a row's key), or null for the one that moved most. */
  module: string | null;
  /** The cell looked at closely (its key), or null. */
  cell: string | null;
  /** The layer whose experts are drawn one by one (its number, with the stack before it where a model has several), or null. */
  experts: string | null;
  /** Logarithmic counts. */
  log: boolean;
}

/** Delta's section of the link. Its keys and their order are those of every link ever written. */
export const DELTA_SECTION = sectionOf<ViewState>(
  "delta",
  {
    metric: choice(METRIC_IDS, "relative"),
    group: choice(PARAMETER_GROUPS, "matrix"),
    figure: choice(FIGURES, "ours"),
    module: text(null),
    cell: text(null),
    experts: text(null),
    every: whole(1000),
    denominator: choice(SIDES, "both"),
    beyond: choice(BEYOND, "bars"),
    unchanged: choice(UNCHANGED, "show"),
    log: flag,
    find: text(""),
    sort: text(""),
  },
  { undone: ["metric", "group", "figure", "module", "cell", "denominator"], typed: ["find", "sort"] },
);

export const DEFAULT_VIEW = DELTA_SECTION.defaults;
