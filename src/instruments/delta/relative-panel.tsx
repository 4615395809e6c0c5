import { useEffect, useMemo, useRef } from "react";
import { looksOf } from "../../comparing/distributions.ts";
import { strideOf } from "../../comparing/shown-cells.ts";
import { allDrawn } from "../../components/draw-queue.ts";
import panel from "../../components/panel.module.css";
import { useApp } from "../../components/use-app.ts";
import { DistributionControls } from "./distribution-controls.tsx";
import { ordinal } from "./ordinal.ts";
import css from "./relative-panel.module.css";
import { RescaleOutControl } from "./rescale-out-control.tsx";
import { Ridges } from "./ridges.tsx";
import { selectModule } from "./selection.ts";
import { useDelta } from "./use-delta.ts";
import type { ViewState } from "./view-state.ts";

const strideText = (n: number) => (n === 1 ? "every layer" : `every ${ordinal(n)} layer`);

/** How it moved: the distributions of the relative change in every n-th layer of one module. */
export function RelativePanel() {
  const row = useDelta(selectModule);
  const view = useDelta((state) => state.view);
  const two = useApp((state) => state.comparison?.b != null);
  const isOut = useDelta((state) => row !== null && state.rescaleOut?.row === row.key);
  const looks = useMemo(() => looksOf(view), [view]);
  const section = useRef<HTMLElement>(null);
  const isPaper = view.figure === "3";
  const wasPaper = useRef(isPaper);
  useEffect(() => {
    // Chosen, it comes into sight; a link to it begins at the top all the same.
    if (isPaper && !wasPaper.current) void allDrawn().then(() => section.current?.scrollIntoView({ block: "nearest" }));
    wasPaper.current = isPaper;
  }, [isPaper]);
  if (!row || !two) return null;
  const stride = strideOf(view, row.cells.length);
  return (
    <section ref={section} aria-label="Relative change" data-figure={isPaper ? view.figure : undefined}>
      <div className={panel.head}>
        <div>
          <h2>
            {isPaper ? "Figure 3: relative" : "Relative"} change of {row.label}, {strideText(stride)}
          </h2>
          <p className="sub">{isPaper ? AS_IN_THE_PAPER : sentence(view)}</p>
        </div>
        <DistributionControls row={row} />
      </div>
      <RescaleOutControl row={row} />
      <div className={css.columns} data-columns={isOut && !isPaper ? 2 : looks.length}>
        {looks.map((look) => (
          <Ridges key={look.id} row={row} look={look} />
        ))}
        {isOut && looks.map((look) => <Ridges key={look.id} row={row} look={look} rescaled />)}
      </div>
    </section>
  );
}

const AS_IN_THE_PAPER =
  "Figure 3 of arXiv 2505.20993, each layer by its own maximum. The paper's code has bins of 0.01, here 1/128; it drops the ends from 0.99 on, here 253/256; it loads the weights as float16 and adds 1e−8 to |a|.";

function sentence(view: ViewState): string {
  const beyond = {
    bars: "Changes beyond ±1 stand as bars of their own at the ends.",
    drop: "Changes beyond ±1 are left out.",
    pile: "Changes beyond ±1 are piled up in the last bins.",
  }[view.beyond];
  const unchanged = view.unchanged === "hide" ? " Unchanged weights are taken out." : "";
  return `Each layer by its own maximum${view.log ? ", counts on a log scale" : ""}. ${beyond}${unchanged}`;
}
