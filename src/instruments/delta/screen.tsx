import { useEffect, useLayoutEffect, useState } from "react";
import { holdDrawing } from "../../components/draw-queue.ts";
import { HeatmapPanel } from "./heatmap-panel.tsx";
import { Inspector } from "./inspector.tsx";
import { PairTable } from "./pair-table.tsx";
import { Presets } from "./presets.tsx";
import { RelativePanel } from "./relative-panel.tsx";
import css from "./screen.module.css";

const PANELS = 4;

/** A comparison: pictures left, one cell closely right, all tensors beneath. Loaded when there is one. */
export default function Screen() {
  // One panel more in each task: all four at once would hold up the first key press.
  const [panels, setPanels] = useState(1);
  useEffect(() => {
    if (panels === PANELS) return;
    const timer = setTimeout(() => setPanels(panels + 1));
    return () => clearTimeout(timer);
  }, [panels]);
  const isWhole = panels === PANELS;
  useLayoutEffect(() => (isWhole ? undefined : holdDrawing()), [isWhole]);
  return (
    <div className={css.screen}>
      <div className={css.pictures}>
        <Presets />
        <HeatmapPanel />
        {panels > 1 && <RelativePanel />}
      </div>
      {panels > 2 && <Inspector />}
      {panels > 3 && <PairTable />}
    </div>
  );
}
