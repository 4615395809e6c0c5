import { useCallback, useState } from "react";
import { drawHeatmap } from "../../charts/heatmap.ts";
import { biasCells, groupsOf } from "../../comparing/grid.ts";
import { type HeatmapPicture, LEAST_DIP_SHOWN } from "../../comparing/heatmap.ts";
import { Chart } from "../../components/chart.tsx";
import { unbroken } from "../../components/quantity.ts";
import { Segments } from "../../components/segments.tsx";
import { useActions, useApp, useStore } from "../../components/use-app.ts";
import { useTheme } from "../../components/use-theme.ts";
import { isRunning } from "../../store/job.ts";
import { CellReadout } from "./cell-readout.tsx";
import { expertsAfterChoosing } from "./experts.ts";
import { ExpertsPanel } from "./experts-panel.tsx";
import { MeasureChoice } from "./measure-choice.tsx";
import { ModuleRankingLine } from "./module-ranking-line.tsx";
import { selectedCell, selectHeatmap, selectModule } from "./selection.ts";

const GROUPS = { matrix: "matrices", norm: "norms", bias: "biases", other: "other" } as const;

/** What moved: modules × layers. */
export function HeatmapPanel() {
  const picture = useApp(selectHeatmap);
  const selected = useApp(selectedCell);
  const emphasised = useApp((state) => selectModule(state)?.key ?? null);
  const comparison = useApp((state) => state.comparison);
  const view = useApp((state) => state.view);
  const running = useApp((state) => isRunning(state, "scan"));
  const theme = useTheme();
  const actions = useActions();
  const store = useStore();
  const [hover, setHover] = useState<{ key: string; anchor: DOMRect } | null>(null);

  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      if (!picture) return;
      const { metric, domain, ramp } = picture;
      drawHeatmap(root, picture, {
        width,
        theme,
        scale: { kind: metric.scale, domain, centre: metric.centre, ramp },
        format: metric.format,
        legend: metric.label,
        columnTitle: "layer",
        rowTotalTitle: "mean",
        // Layers of several stacks stand one under the other: their mean would be of nothing.
        columnTotalTitle: picture.rows.some(({ heading }) => heading !== undefined) ? "" : "mean",
        selected,
        emphasised,
        onSelect: (key) =>
          actions.setView({
            ...{ cell: key, module: picture.cells.find((c) => c.key === key)?.row ?? null },
            experts: expertsAfterChoosing(store.getState(), key),
          }),
        onSelectRow: (module) => actions.setView({ module }),
        onHover: (key, anchor) => setHover(key && anchor ? { key, anchor } : null),
      });
    },
    [picture, theme, selected, emphasised, actions, store],
  );
  if (!picture || !comparison) return null;
  const groups = groupsOf(comparison.pairs);
  const isPaper = view.figure === "2" || view.figure === "2b";
  return (
    <section aria-label="What moved">
      <div className="panel-head">
        <div>
          <h1 aria-live="polite">{unbroken(picture.headline)}</h1>
          <p className="sub">
            {picture.metric.describe}
            {picture.metric.id === "dip" && ` Colours reach to ${LEAST_DIP_SHOWN} at least: dips below 0.01 are alike.`}
            {picture.cells.some(({ state }) => state === "partial") && " Hatched cells are still being read."}
          </p>
        </div>
        <div className="controls">
          {!isPaper && groups.length > 1 && (
            <Segments
              label="Parameters"
              value={view.group}
              choices={groups.map((value) => ({ value, label: GROUPS[value] }))}
              onChange={(group) => actions.setView({ group, module: null, cell: null })}
            />
          )}
          {isPaper ? <WithBiases /> : <MeasureChoice />}
        </div>
      </div>
      {picture.rows.length > 0 && <Chart draw={draw} className={running ? "heatmap-box live" : "heatmap-box"} />}
      {view.group === "matrix" && <ModuleRankingLine />}
      <ExpertsPanel />
      <Outside picture={picture} selected={selected} />
      {hover && <CellReadout cell={hover.key} anchor={hover.anchor} />}
    </section>
  );
}

/** Figure 2 with the norms of biases added, where there are any. */
function WithBiases() {
  const has = useApp(({ comparison }) => comparison !== null && biasCells(comparison.pairs).size > 0);
  const figure = useApp((state) => state.view.figure);
  const actions = useActions();
  if (!has) return null;
  return (
    <label className="check">
      <input
        type="checkbox"
        checked={figure === "2b"}
        onChange={(event) => actions.setView({ figure: event.target.checked ? "2b" : "2" })}
      />
      with biases: ‖ΔW‖ + ‖Δb‖, as the paper's code
    </label>
  );
}

/** Tensors that stand in no layer, as a line of buttons: same numbers, same colours of meaning, no grid. */
function Outside({ picture, selected }: { picture: HeatmapPicture; selected: string | null }) {
  const actions = useActions();
  if (picture.outside.length === 0) return null;
  return (
    <ul className="outside" aria-label="Outside the layers">
      <li className="faint">outside the layers</li>
      {picture.outside.map(({ key, label, value, state }) => (
        <li key={key}>
          <button
            type="button"
            className="outside-tensor"
            aria-pressed={key === selected}
            data-state={state}
            onClick={() => actions.setView({ cell: key })}
            title={key}
          >
            {label} <b>{value === null ? (state === "waiting" ? "…" : "–") : picture.metric.format(value)}</b>
          </button>
        </li>
      ))}
    </ul>
  );
}
