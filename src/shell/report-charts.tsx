import { useCallback } from "react";
import { drawHeatmap } from "../charts/heatmap.ts";
import { drawRidgeline } from "../charts/ridgeline.ts";
import type { HeatmapPicture } from "../comparing/heatmap.ts";
import type { ReportModule } from "../comparing/report.ts";
import { Chart } from "../components/chart.tsx";
import { useStore } from "../components/use-app.ts";
import { emptyPairStats } from "../kernels/pair-stats.ts";
import { relativeHistogram } from "../statistics/relative-histogram.ts";
import css from "./report.module.css";

const nothing = () => undefined;

/** The heatmap as a picture on paper: light, and nothing to press. The table beside it says its rows in text. */
export function ReportHeatmap({ picture }: { picture: HeatmapPicture }) {
  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      const { metric, domain, top } = picture;
      drawHeatmap(root, picture, {
        ...{ width, theme: "light", format: metric.format, legend: metric.label, selected: null, emphasised: top },
        scale: { kind: metric.scale, domain, centre: metric.centre },
        ...{ columnTitle: "layer", rowTotalTitle: "mean", columnTotalTitle: "" },
        ...{ onSelect: nothing, onSelectRow: nothing, onHover: nothing },
      });
    },
    [picture],
  );
  return (
    <figure>
      <div inert>
        <Chart draw={draw} />
      </div>
      <figcaption className="sub">{picture.metric.describe}</figcaption>
    </figure>
  );
}

/** Ridges that a sheet has room for, and their pixels and those of the axis. */
const RIDGES = 8;
const RIDGE = 20;
const AXIS = 62;

/** How one module moved, layer by layer, over |a| and over a. */
export function ReportDistributions({ module }: { module: ReportModule }) {
  const every = Math.max(1, Math.ceil(module.row.cells.length / RIDGES));
  const which = every === 1 ? "in every layer" : `in one layer of ${every}`;
  return (
    <figure>
      <div className={css.two}>
        <Ridges module={module} every={every} denominator="abs" />
        <Ridges module={module} every={every} denominator="signed" />
      </div>
      <figcaption className="sub">
        Relative change of {module.label} {which}, as the paper's code has it (Δ / |a|) and as it prints it (Δ / a);
        each layer by its own maximum, unchanged weights taken out.
      </figcaption>
    </figure>
  );
}

interface RidgesProps {
  module: ReportModule;
  every: number;
  denominator: "abs" | "signed";
}

function Ridges({ module: { row }, every, denominator }: RidgesProps) {
  const store = useStore();
  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      const { list } = store.getState().results;
      const cells = [...row.cells].sort((x, y) => x.layer - y.layer).filter((_, i) => i % every === 0);
      const ridges = cells.map((cell) => {
        const stats = list.pooled(cell.pairs)?.stats ?? emptyPairStats();
        const histogram = relativeHistogram(stats, { denominator, beyond: "bars", unchanged: "hide" });
        return { key: cell.key, label: String(cell.layer), ...histogram };
      });
      drawRidgeline(
        root,
        { ridges },
        {
          ...{ width, height: ridges.length * RIDGE + AXIS, log: false, selected: null, showBeyond: true },
          xTitle: denominator === "abs" ? "Δ / |a|" : "Δ / a",
          ...{ normalise: "own", onSelect: nothing },
        },
      );
    },
    [store, row, every, denominator],
  );
  return (
    <div inert>
      <Chart draw={draw} />
    </div>
  );
}
