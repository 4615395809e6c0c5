import type { GridRow } from "../../comparing/grid.ts";
import panel from "../../components/panel.module.css";
import { Segments } from "../../components/segments.tsx";
import { ordinal } from "./ordinal.ts";
import { selectRows } from "./selection.ts";
import { useDelta, useSetDelta } from "./use-delta.ts";

const STRIDES = [1, 2, 3, 4, 5, 8, 10];

/** Which module's distributions are drawn, and how; the reader always sees which choices are in force. Figure 3 has its own. */
export function DistributionControls({ row }: { row: GridRow }) {
  const rows = useDelta(selectRows);
  const isPaper = useDelta((state) => state.view.figure === "3");
  const setView = useSetDelta();
  return (
    <div className={panel.controls}>
      <label className={panel.check}>
        <span className="visually-hidden">Module</span>
        <select value={row.key} onChange={(event) => setView({ module: event.target.value })}>
          {rows.map(({ key }) => (
            <option key={key} value={key}>
              {key}
            </option>
          ))}
        </select>
      </label>
      {!isPaper && <OwnChoices layers={row.cells.length} />}
    </div>
  );
}

/** What is for the reader to choose outside the paper's figure. */
function OwnChoices({ layers }: { layers: number }) {
  const view = useDelta((state) => state.view);
  const setView = useSetDelta();
  return (
    <>
      <Segments
        label="Denominator"
        value={view.denominator}
        choices={[
          { value: "both", label: "both" },
          { value: "abs", label: "Δ / |a|" },
          { value: "signed", label: "Δ / a" },
        ]}
        onChange={(denominator) => setView({ denominator })}
      />
      <Segments
        label="Beyond ±1"
        value={view.beyond}
        choices={[
          { value: "bars", label: "beyond: bars", title: "Changes beyond ±1 as bars of their own" },
          { value: "drop", label: "dropped", title: "Changes beyond ±1 left out" },
          { value: "pile", label: "piled up", title: "Changes beyond ±1 added to the last bins" },
        ]}
        onChange={(beyond) => setView({ beyond })}
      />
      <label className={panel.check}>
        <input
          type="checkbox"
          checked={view.unchanged === "hide"}
          onChange={(event) => setView({ unchanged: event.target.checked ? "hide" : "show" })}
        />
        without unchanged
      </label>
      <label className={panel.check}>
        <input type="checkbox" checked={view.log} onChange={(event) => setView({ log: event.target.checked })} />
        log
      </label>
      <label className={panel.check}>
        <span className="visually-hidden">Layers drawn</span>
        <select value={view.every} onChange={(event) => setView({ every: Number(event.target.value) })}>
          <option value={0}>layers: auto</option>
          {STRIDES.filter((n) => n < layers || n === 1).map((n) => (
            <option key={n} value={n}>
              {n === 1 ? "every layer" : `every ${ordinal(n)}`}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
