import { HeatmapPanel } from "./heatmap-panel.tsx";
import { Inspector } from "./inspector.tsx";
import { PairTable } from "./pair-table.tsx";
import { RelativePanel } from "./relative-panel.tsx";
import "./screen.css";

/** A comparison: pictures left, one cell closely right, all tensors beneath. Loaded when there is one. */
export default function Screen() {
  return (
    <div className="screen">
      <div className="pictures">
        <HeatmapPanel />
        <RelativePanel />
      </div>
      <Inspector />
      <PairTable />
    </div>
  );
}
