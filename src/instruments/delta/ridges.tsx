import { type ReactNode, useCallback } from "react";
import { drawRidgeline } from "../../charts/ridgeline.ts";
import { beyondEnds, elementsRead, type Look, rescaledRidges, ridgesOf } from "../../comparing/distributions.ts";
import type { GridRow } from "../../comparing/grid.ts";
import { shownCells } from "../../comparing/shown-cells.ts";
import { Chart } from "../../components/chart.tsx";
import { unbroken } from "../../components/quantity.ts";
import { useStore } from "../../components/use-app.ts";
import { formatPercent } from "../../statistics/format-number.ts";
import { deltaStateOf } from "./delta-state.ts";
import { selectedCell } from "./selection.ts";
import { useDelta, useSetDelta } from "./use-delta.ts";

/** Pixels of a ridge, and of the axis under them. */
const RIDGE = 24;
const AXIS = 62;
/** Figure 3 has few of them: they may be taller, as far as all of them fill no more than this. */
const TALLEST = 44;
const FILLED = 320;

interface RidgesProps {
  row: GridRow;
  look: Look;
  /** Draws the change from k·A to B. */
  rescaled?: boolean;
}

/** The distributions of a module's drawn layers in one look, and what that look is. */
export function Ridges({ row, look, rescaled = false }: RidgesProps) {
  const store = useStore();
  const view = useDelta((state) => state.view);
  // The ridges change when something of this row was read, not with every result of the scan.
  const read = useDelta((state) => (rescaled ? state.rescaleOut?.cells : elementsRead(state.results.list, row)));
  const selected = useDelta(selectedCell);
  const setView = useSetDelta();
  const isPaper = view.figure === "3";
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` says when the store's results are worth another look
  const ridges = useCallback(() => {
    const { results, rescaleOut } = deltaStateOf(store.getState());
    return rescaled ? rescaledRidges(rescaleOut, row, view, look) : ridgesOf(results.list, row, view, look);
  }, [store, read, view, row, look, rescaled]);
  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      const count = shownCells(view, row).length;
      const ridge = isPaper ? Math.max(RIDGE, Math.min(TALLEST, FILLED / count)) : RIDGE;
      drawRidgeline(
        root,
        { ridges: ridges() },
        {
          width,
          height: Math.round(count * ridge) + AXIS,
          log: view.log && !isPaper,
          selected,
          showBeyond: look.beyond === "bars",
          xTitle: titleOf(look, rescaled),
          normalise: "own",
          empty: look.unchanged === "hide" ? "All weights are unchanged." : "Not read yet.",
          onSelect: (key) => setView({ cell: key, module: row.key }),
        },
      );
    },
    [ridges, view, row, look, isPaper, rescaled, selected, setView],
  );
  return (
    <figure>
      <figcaption className="sub">
        <b>{titleOf(look, rescaled)}</b>
        {rescaled && ", the rescale taken out: from k·A to B"}
        {isPaper ? (
          <EndsSaid look={look} of={beyondEnds(ridges())} rescaled={rescaled} />
        ) : (
          !rescaled && (look.denominator === "abs" ? AS_CODE : AS_PRINTED)
        )}
      </figcaption>
      <Chart draw={draw} />
    </figure>
  );
}

const AS_CODE = ", as the paper's code has it";
const AS_PRINTED = ", as the paper prints it";

const titleOf = ({ denominator }: Look, rescaled: boolean): string => {
  const base = rescaled ? "k·a" : "a";
  return `${rescaled ? "(b − k·a)" : "Δ"} / ${denominator === "abs" ? `|${base}|` : base}`;
};

interface EndsProps {
  look: Look;
  of: { count: number; all: number };
  rescaled: boolean;
}

/** Which of Figure 3's three looks this is, and how much lies beyond the ends and what becomes of it. */
function EndsSaid({ look, of: { count, all }, rescaled }: EndsProps): ReactNode {
  const said = (name: string) => (rescaled ? "" : name);
  const share = all > 0 ? formatPercent(count / all) : "–";
  if (look.id === "code") return unbroken(`${said(AS_CODE)}: ends dropped from ±253/256 on, ${share} of the weights`);
  if (look.id === "printed")
    return unbroken(`${said(AS_PRINTED)}: clipped to ±1, ${share} of the weights piled up there`);
  return unbroken(`${said(", as it is")}: beyond ±1 in bars of their own, ${share}, and without the unchanged`);
}
