import { useApp, useStore } from "../../components/use-app.ts";
import { Numbers } from "./numbers.tsx";
import { Readout } from "./readout.tsx";
import { inspectionOf } from "./selection.ts";

/** What a cell of a heatmap says while the pointer or the keyboard is on it; `cell` is its key, `anchor` its box. */
export function CellReadout({ cell, anchor }: { cell: string; anchor: DOMRect }) {
  // Results replace themselves a few times a second; the readout follows them.
  useApp((state) => state.results);
  const store = useStore();
  const inspection = inspectionOf(store.getState(), cell);
  if (!inspection) return null;
  return (
    <Readout anchor={anchor}>
      <b>{inspection.title}</b>
      <span className="mono faint">{inspection.pairs[0].name}</span>
      <Numbers inspection={inspection} short />
    </Readout>
  );
}
