import type { GridRow } from "../../comparing/grid.ts";
import { Segments } from "../../components/segments.tsx";
import { useActions, useApp } from "../../components/use-app.ts";
import { ordinal } from "./ordinal.ts";
import { selectRows } from "./selection.ts";

const STRIDES = [1, 2, 3, 4, 5, 8, 10];

/** Which module's distributions are drawn, and how; the reader always sees which choices are in force. Figure 3 has its own. */
export function DistributionControls({ row }: { row: GridRow }) {
  const rows = useApp(selectRows);
  const isPaper = useApp((state) => state.view.figure === "3");
  const actions = useActions();
  return (
    <div className="controls">
      <label className="check">
        <span className="visually-hidden">Module</span>
        <select value={row.key} onChange={(event) => actions.setView({ module: event.target.value })}>
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
  const view = useApp((state) => state.view);
  const actions = useActions();
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
        onChange={(denominator) => actions.setView({ denominator })}
      />
      <Segments
        label="Beyond ±1"
        value={view.beyond}
        choices={[
          { value: "bars", label: "beyond: bars", title: "Changes beyond ±1 as bars of their own" },
          { value: "drop", label: "dropped", title: "Changes beyond ±1 left out" },
          { value: "pile", label: "piled up", title: "Changes beyond ±1 added to the last bins" },
        ]}
        onChange={(beyond) => actions.setView({ beyond })}
      />
      <label className="check">
        <input
          type="checkbox"
          checked={view.unchanged === "hide"}
          onChange={(event) => actions.setView({ unchanged: event.target.checked ? "hide" : "show" })}
        />
        without unchanged
      </label>
      <label className="check">
        <input
          type="checkbox"
          checked={view.log}
          onChange={(event) => actions.setView({ log: event.target.checked })}
        />
        log
      </label>
      <label className="check">
        <span className="visually-hidden">Layers drawn</span>
        <select value={view.every} onChange={(event) => actions.setView({ every: Number(event.target.value) })}>
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
