import type { RampName, Theme } from "./color-scale.ts";
import type { HeatmapColumn, HeatmapRow } from "./heatmap-layout.ts";

export interface HeatmapCell {
  /** Unique over the whole chart and the same from draw to draw. */
  key: string;
  row: string;
  column: string;
  /** Null where there is no number (yet, or in this metric). Not finite counts as null. */
  value: number | null;
  /** `partial` is an estimate and is hatched; `none` stays empty: no such pair. */
  state: "waiting" | "partial" | "exact" | "none";
  /** A full sentence, the same for pointer, keyboard and screen reader. Empty: the cell cannot be reached. */
  label: string;
}

export interface HeatmapData {
  rows: readonly HeatmapRow[];
  columns: readonly HeatmapColumn[];
  /** In any order; a row and column without a cell is left empty. */
  cells: readonly HeatmapCell[];
}

export interface HeatmapOptions {
  /** px; 320 to 1900. */
  width: number;
  theme: Theme;
  scale: { kind: "sequential" | "diverging"; domain: readonly [number, number]; centre?: number; ramp?: RampName };
  format(value: number): string;
  /** What the colour means, for example `‖Δ‖ / ‖A‖`. */
  legend: string;
  /** What the columns are: `layer`. */
  columnTitle: string;
  /** What is printed at the right of a row: `mean`. */
  rowTotalTitle: string;
  /** What the bars beneath the columns show; empty for none. */
  columnTotalTitle: string;
  /** Key of the selected cell. */
  selected: string | null;
  /** Key of the row drawn bold. */
  emphasised: string | null;
  onSelect(key: string): void;
  onSelectRow(rowKey: string): void;
  /** `anchor` is the cell's box in the window; both null when nothing is under the pointer or focused. */
  onHover(key: string | null, anchor: DOMRect | null): void;
}
