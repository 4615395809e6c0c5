import { useCallback, useState } from "react";
import { drawHeatmap } from "../../charts/heatmap.ts";
import { biasCells, groupsOf } from "../../comparing/grid.ts";
import { type HeatmapPicture, LEAST_DIP_SHOWN } from "../../comparing/heatmap.ts";
import { Chart } from "../../components/chart.tsx";
import panel from "../../components/panel.module.css";
import { unbroken } from "../../components/quantity.ts";
import { Segments } from "../../components/segments.tsx";
import { useApp, useStore } from "../../components/use-app.ts";
import { useTheme } from "../../components/use-theme.ts";
import { isRunning } from "../../store/job.ts";
import { CellReadout } from "./cell-readout.tsx";
import { deltaStateOf } from "./delta-state.ts";
import { expertsAfterChoosing } from "./experts.ts";
import { ExpertsPanel } from "./experts-panel.tsx";
import css from "./heatmap-panel.module.css";
import { MeasureChoice } from "./measure-choice.tsx";
import { ModuleRankingLine } from "./module-ranking-line.tsx";
import { selectedCell, selectHeatmap, selectModule } from "./selection.ts";
import { useDelta, useSetDelta } from "./use-delta.ts";

const GROUPS = { matrix: "matrices", norm: "norms", bias: "biases", other: "other" } as const;

/** What moved: modules × layers. */
export function HeatmapPanel() {
  const picture = useDelta(selectHeatmap);
  const selected = useDelta(selectedCell);
  const emphasised = useDelta((state) => selectModule(state)?.key ?? null);
  const comparison = useApp((state) => state.comparison);
  const view = useDelta((state) => state.view);
  const running = useApp((state) => isRunning(state, "scan"));
  const theme = useTheme();
  const setView = useSetDelta();
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
          setView({
            ...{ cell: key, module: picture.cells.find((c) => c.key === key)?.row ?? null },
            experts: expertsAfterChoosing(deltaStateOf(store.getState()), key),
          }),
        onSelectRow: (module) => setView({ module }),
        onHover: (key, anchor) => setHover(key && anchor ? { key, anchor } : null),
      });
    },
    [picture, theme, selected, emphasised, setView, store],
  );
  if (!picture || !comparison) return null;
  const groups = groupsOf(comparison.pairs);
  const isPaper = view.figure === "2" || view.figure === "2b";
  return (
    <section aria-label="What moved">
      <div className={panel.head}>
        <div>
          <h1 aria-live="polite">{unbroken(picture.headline)}</h1>
          <p className="sub">
            {picture.metric.describe}
            {picture.metric.id === "dip" && ` Colours reach to ${LEAST_DIP_SHOWN} at least: dips below 0.01 are alike.`}
            {picture.cells.some(({ state }) => state === "partial") && " Hatched cells are still being read."}
          </p>
        </div>
        <div className={panel.controls}>
          {!isPaper && groups.length > 1 && (
            <Segments
              label="Parameters"
              value={view.group}
              choices={groups.map((value) => ({ value, label: GROUPS[value] }))}
              onChange={(group) => setView({ group, module: null, cell: null })}
            />
          )}
          {isPaper ? <WithBiases /> : <MeasureChoice />}
        </div>
      </div>
      {picture.rows.length > 0 && <Chart draw={draw} className={running ? css.live : undefined} />}
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
  const figure = useDelta((state) => state.view.figure);
  const setView = useSetDelta();
  if (!has) return null;
  return (
    <label className={panel.check}>
      <input
        type="checkbox"
        checked={figure === "2b"}
        onChange={(event) => setView({ figure: event.target.checked ? "2b" : "2" })}
      />
      with biases: ‖ΔW‖ + ‖Δb‖, as the paper's code
    </label>
  );
}

/** Tensors that stand in no layer, as a line of buttons: same numbers, same colours of meaning, no grid. */
function Outside({ picture, selected }: { picture: HeatmapPicture; selected: string | null }) {
  const setView = useSetDelta();
  if (picture.outside.length === 0) return null;
  return (
    <ul className={css.outside} aria-label="Outside the layers">
      <li className="faint">outside the layers</li>
      {picture.outside.map(({ key, label, value, state }) => (
        <li key={key}>
          <button
            type="button"
            aria-pressed={key === selected}
            data-state={state}
            onClick={() => setView({ cell: key })}
            title={key}
          >
            {label} <b>{value === null ? (state === "waiting" ? "…" : "–") : picture.metric.format(value)}</b>
          </button>
        </li>
      ))}
    </ul>
  );
}
