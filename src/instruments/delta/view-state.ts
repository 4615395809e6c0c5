import { choice, flag, sectionOf, text, whole } from "../../permalink/section.ts";
import { METRIC_IDS, type MetricId } from "../../statistics/metric-id.ts";
import { BEYOND, DENOMINATORS, UNCHANGED } from "../../statistics/relative-histogram.ts";
import { PARAMETER_GROUPS, type ParameterGroup } from "../../taxonomy/place.ts";

const FIGURES = ["ours", "2", "2b", "3"] as const;
const SIDES = ["both", ...DENOMINATORS] as const;

/** How a comparison is being looked at: what the link must bring back of this instrument. */
export interface ViewState {
  /** What the heatmap draws; `figure` may draw something else instead. */
  metric: MetricId;
  /** Which parameters the heatmap draws; never pooled. */
  group: ParameterGroup;
  /**
   * Whose pictures: this page's, or in place of one of them a figure of arXiv 2505.20993. `2`: the heatmap is its Figure 2;
   * `2b`: with the norms of biases added, as the paper's code has it; `3`: the distributions are its Figure 3.
   */
  figure: (typeof FIGURES)[number];
  /** The module whose layers are drawn as a ridgeline (a row's key), or null for the one that moved most. */
  module: string | null;
  /** The cell looked at closely (its key), or null. */
  cell: string | null;
  /** The layer whose experts are drawn one by one (its number, with the stack before it where a model has several), or null. */
  experts: string | null;
  /** Every n-th layer in the ridgeline; 0 chooses by the number of layers. */
  every: number;
  /** What the change is divided by: |a| as the paper's code, a as the paper prints, or both side by side. */
  denominator: (typeof SIDES)[number];
  /** Changes beyond ±1: bars of their own, left out, or piled up at the ends. */
  beyond: (typeof BEYOND)[number];
  /** Whether unchanged weights are in the distributions. */
  unchanged: (typeof UNCHANGED)[number];
  /** Logarithmic counts. */
  log: boolean;
  /** The table's search text. */
  find: string;
  /** The table's sorting: a column, descending where it starts with a minus. */
  sort: string;
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
