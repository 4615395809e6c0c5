import type { MetricId } from "../../statistics/metric-id.ts";

/** How a comparison is being looked at: everything that a shared link must bring back besides the operands. */
export interface ViewState {
  /** The page that is open: the pictures, how their numbers are computed, or what they say as one sheet to print. */
  page: "main" | "methods" | "report";
  /** What the heatmap draws; `figure` may draw something else instead. */
  metric: MetricId;
  /** Which parameters the heatmap draws; never pooled. */
  group: "matrix" | "norm" | "bias" | "other";
  /**
   * Whose pictures: this page's, or in place of one of them a figure of arXiv 2505.20993. `2`: the heatmap is its Figure 2;
   * `2b`: with the norms of biases added, as the paper's code has it; `3`: the distributions are its Figure 3.
   */
  figure: "ours" | "2" | "2b" | "3";
  /** The module whose layers are drawn as a ridgeline (a row's key), or null for the one that moved most. */
  module: string | null;
  /** The cell looked at closely (its key), or null. */
  cell: string | null;
  /** The layer whose experts are drawn one by one (its number, with the stack before it where a model has several), or null. */
  experts: string | null;
  /** Every n-th layer in the ridgeline; 0 chooses by the number of layers. */
  every: number;
  /** What the change is divided by: |a| as the paper's code, a as the paper prints, or both side by side. */
  denominator: "both" | "abs" | "signed";
  /** Changes beyond ±1: bars of their own, left out, or piled up at the ends. */
  beyond: "bars" | "drop" | "pile";
  /** Whether unchanged weights are in the distributions. */
  unchanged: "show" | "hide";
  /** Logarithmic counts. */
  log: boolean;
  /** The table's search text. */
  find: string;
  /** The table's sorting: a column, descending where it starts with a minus. */
  sort: string;
  /** Large type and no controls, for a stage. */
  present: boolean;
}

export const DEFAULT_VIEW: Readonly<ViewState> = {
  page: "main",
  metric: "relative",
  group: "matrix",
  figure: "ours",
  module: null,
  cell: null,
  experts: null,
  every: 0,
  denominator: "both",
  beyond: "bars",
  unchanged: "show",
  log: false,
  find: "",
  sort: "",
  present: false,
};
