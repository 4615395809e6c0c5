/** How a comparison is being looked at: everything that a shared link must bring back besides the operands. */
export interface ViewState {
  /** What the heatmap draws. */
  metric: "norm" | "relative" | "rescale" | "changed" | "normA";
  /** Which parameters the heatmap draws; never pooled. */
  group: "matrix" | "norm" | "bias" | "other";
  /** The module whose layers are drawn as a ridgeline (a row's key), or null for the one that moved most. */
  module: string | null;
  /** The cell looked at closely (its key), or null. */
  cell: string | null;
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
  metric: "relative",
  group: "matrix",
  module: null,
  cell: null,
  every: 0,
  denominator: "both",
  beyond: "bars",
  unchanged: "show",
  log: false,
  find: "",
  sort: "",
  present: false,
};
