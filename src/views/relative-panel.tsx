import { useCallback } from "react";
import { drawRidgeline } from "../charts/ridgeline.ts";
import type { ViewState } from "../permalink/view-state.ts";
import { elementsRead, ridgesOf, strideOf } from "../store/distributions.ts";
import type { GridRow } from "../store/grid.ts";
import { selectModule } from "../store/heatmap.ts";
import { selectedCell } from "../store/inspection.ts";
import { Chart } from "./chart.tsx";
import { DistributionControls } from "./distribution-controls.tsx";
import { ordinal } from "./ordinal.ts";
import { useActions, useApp, useStore } from "./use-app.ts";

const strideText = (n: number) => (n === 1 ? "every layer" : `every ${ordinal(n)} layer`);

/** Pixels of a ridge, and of the axis under them. */
const RIDGE = 24;
const AXIS = 62;

/** How it moved: the distributions of the relative change in every n-th layer of one module. */
export function RelativePanel() {
  const row = useApp(selectModule);
  const view = useApp((state) => state.view);
  const two = useApp((state) => state.comparison?.b != null);
  if (!row || !two) return null;
  const stride = strideOf(view, row.cells.length);
  const shown = view.denominator === "both" ? (["abs", "signed"] as const) : [view.denominator];
  return (
    <section aria-label="Relative change">
      <div className="panel-head">
        <div>
          <h2>
            Relative change of {row.label}, {strideText(stride)}
          </h2>
          <p className="sub">{sentence(view)}</p>
        </div>
        <DistributionControls row={row} />
      </div>
      <div className="two" data-columns={shown.length}>
        {shown.map((denominator) => (
          <Ridges key={denominator} row={row} denominator={denominator} />
        ))}
      </div>
    </section>
  );
}

function sentence(view: ViewState): string {
  const beyond = {
    bars: "Changes beyond ±1 stand as bars of their own at the ends.",
    drop: "Changes beyond ±1 are left out.",
    pile: "Changes beyond ±1 are piled up in the last bins.",
  }[view.beyond];
  const unchanged = view.unchanged === "hide" ? " Unchanged weights are taken out." : "";
  return `Each layer by its own maximum${view.log ? ", counts on a log scale" : ""}. ${beyond}${unchanged}`;
}

function Ridges({ row, denominator }: { row: GridRow; denominator: "abs" | "signed" }) {
  const store = useStore();
  const view = useApp((state) => state.view);
  // The ridges change when something of this row was read, not with every result of the scan.
  const read = useApp((state) => elementsRead(state.results, row));
  const selected = useApp(selectedCell);
  const actions = useActions();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` says when the store's results are worth another look
  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      const ridges = ridgesOf({ results: store.getState().results, view }, row, denominator);
      const expected = Math.ceil(row.cells.length / strideOf(view, row.cells.length));
      drawRidgeline(
        root,
        { ridges },
        {
          width,
          height: expected * RIDGE + AXIS,
          log: view.log,
          selected,
          showBeyond: view.beyond === "bars",
          xTitle: denominator === "abs" ? "Δ / |a|" : "Δ / a",
          normalise: "own",
          empty: view.unchanged === "hide" ? "All weights are unchanged." : "Not read yet.",
          onSelect: (key) => actions.setView({ cell: key, module: row.key }),
        },
      );
    },
    [store, read, view, row, denominator, selected, actions],
  );
  return (
    <figure>
      <figcaption className="sub">
        {denominator === "abs" ? (
          <>
            <b>Δ / |a|</b>, as the paper's code has it
          </>
        ) : (
          <>
            <b>Δ / a</b>, as the paper prints it
          </>
        )}
      </figcaption>
      <Chart draw={draw} />
    </figure>
  );
}
