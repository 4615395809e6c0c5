import { useCallback, useState } from "react";
import { drawHeatmap } from "../charts/heatmap.ts";
import type { ViewState } from "../permalink/view-state.ts";
import { METRICS } from "../statistics/metrics.ts";
import { groupsOf } from "../store/grid.ts";
import { type HeatmapPicture, selectHeatmap, selectModule } from "../store/heatmap.ts";
import { inspect, selectedCell } from "../store/inspection.ts";
import { Chart } from "./chart.tsx";
import { Numbers } from "./numbers.tsx";
import { unbroken } from "./quantity.ts";
import { Readout } from "./readout.tsx";
import { Segments } from "./segments.tsx";
import { useActions, useApp, useStore } from "./use-app.ts";
import { useTheme } from "./use-theme.ts";

const GROUPS = { matrix: "matrices", norm: "norms", bias: "biases", other: "other" } as const;

/** What moved: modules × layers. */
export function HeatmapPanel() {
  const picture = useApp(selectHeatmap);
  const selected = useApp(selectedCell);
  const emphasised = useApp((state) => selectModule(state)?.key ?? null);
  const comparison = useApp((state) => state.comparison);
  const view = useApp((state) => state.view);
  const running = useApp((state) => state.phase.status === "running");
  const theme = useTheme();
  const actions = useActions();
  const [hover, setHover] = useState<{ key: string; anchor: DOMRect } | null>(null);

  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      if (!picture) return;
      const { metric, domain } = picture;
      drawHeatmap(root, picture, {
        width,
        theme,
        scale: { kind: metric.scale, domain, centre: metric.centre },
        format: metric.format,
        legend: metric.label,
        columnTitle: "layer",
        rowTotalTitle: "mean",
        columnTotalTitle: "mean",
        selected,
        emphasised,
        onSelect: (key) =>
          actions.setView({ cell: key, module: picture.cells.find((c) => c.key === key)?.row ?? null }),
        onSelectRow: (module) => actions.setView({ module }),
        onHover: (key, anchor) => setHover(key && anchor ? { key, anchor } : null),
      });
    },
    [picture, theme, selected, emphasised, actions],
  );
  if (!picture || !comparison) return null;
  const groups = groupsOf(comparison.pairs);
  const metrics = METRICS.filter(({ id }) => (comparison.b ? id !== "normA" : id === "normA"));
  return (
    <section aria-label="What moved">
      <div className="panel-head">
        <div>
          <h1 aria-live="polite">{unbroken(picture.headline)}</h1>
          <p className="sub">
            {picture.metric.describe}
            {picture.cells.some(({ state }) => state === "partial") && " Hatched cells are still being read."}
          </p>
        </div>
        <div className="controls">
          {groups.length > 1 && (
            <Segments
              label="Parameters"
              value={view.group}
              choices={groups.map((value) => ({ value, label: GROUPS[value] }))}
              onChange={(group) => actions.setView({ group, module: null, cell: null })}
            />
          )}
          {metrics.length > 1 && (
            <Segments
              label="Measure"
              value={view.metric}
              choices={metrics.map(({ id, label, name }) => ({ value: id as ViewState["metric"], label, title: name }))}
              onChange={(metric) => actions.setView({ metric })}
            />
          )}
        </div>
      </div>
      {picture.rows.length > 0 && <Chart draw={draw} className={running ? "heatmap-box live" : "heatmap-box"} />}
      <Outside picture={picture} selected={selected} />
      {hover && <HoverReadout cell={hover.key} anchor={hover.anchor} />}
    </section>
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

function HoverReadout({ cell, anchor }: { cell: string; anchor: DOMRect }) {
  // Results replace themselves a few times a second; the readout follows them.
  useApp((state) => state.results);
  const store = useStore();
  const inspection = inspect(store.getState(), cell);
  if (!inspection) return null;
  return (
    <Readout anchor={anchor}>
      <b>{inspection.title}</b>
      <span className="mono faint">{inspection.pairs[0].name}</span>
      <Numbers inspection={inspection} short />
    </Readout>
  );
}
