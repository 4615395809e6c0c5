import { groupsOf } from "../../comparing/grid.ts";
import panel from "../../components/panel.module.css";
import { Segments } from "../../components/segments.tsx";
import { useApp } from "../../components/use-app.ts";
import css from "./screen.module.css";
import { useDelta, useSetDelta } from "./use-delta.ts";

const FIGURES = [
  { value: "ours", label: "ours", title: "This page's own pictures" },
  { value: "2", label: "Figure 2", title: "The heatmap as in Figure 2 of arXiv 2505.20993" },
  { value: "3", label: "Figure 3", title: "The distributions as in Figure 3 of arXiv 2505.20993" },
] as const;

/** The paper's figures in one click, and the way back. Nothing where there is nothing that they could be of. */
export function Presets() {
  const comparison = useApp((state) => state.comparison);
  const { figure, group } = useDelta((state) => state.view);
  const setView = useSetDelta();
  if (!comparison?.b || !groupsOf(comparison.pairs).includes("matrix")) return null;
  const choose = (chosen: "ours" | "2" | "3") => {
    // Its heatmap is of matrices; a bias that was looked at has no place in it.
    const elsewhere = chosen === "2" && group !== "matrix";
    setView({ figure: chosen, ...(elsewhere ? { group: "matrix", module: null, cell: null } : {}) });
  };
  return (
    <div className={`${panel.controls} ${css.presets}`}>
      <span className="sub">Pictures</span>
      <Segments label="Pictures" value={figure === "2b" ? "2" : figure} choices={FIGURES} onChange={choose} />
    </div>
  );
}
