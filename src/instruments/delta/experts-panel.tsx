import { useCallback, useEffect, useRef, useState } from "react";
import { drawHeatmap } from "../../charts/heatmap.ts";
import { expertLayerAt } from "../../comparing/expert-layers.ts";
import { Chart } from "../../components/chart.tsx";
import { allDrawn } from "../../components/draw-queue.ts";
import panel from "../../components/panel.module.css";
import { unbroken } from "../../components/quantity.ts";
import { useApp } from "../../components/use-app.ts";
import { useTheme } from "../../components/use-theme.ts";
import { isRunning } from "../../store/job.ts";
import { CellReadout } from "./cell-readout.tsx";
import { type ExpertPicture, selectExpertLayers, selectExperts } from "./experts.ts";
import css from "./heatmap-panel.module.css";
import { selectedKey } from "./selection.ts";
import { useDelta, useSetDelta } from "./use-delta.ts";

const listed = (words: readonly string[]): string =>
  words.length > 1 ? `${words.slice(0, -1).join(", ")} and ${words.at(-1)}` : (words[0] ?? "");

/** Says which rows of the heatmap pool experts, and opens a layer of them: modules × experts. Nothing where there are none. */
export function ExpertsPanel() {
  const layers = useDelta(selectExpertLayers);
  const picture = useDelta(selectExperts);
  const key = useDelta(selectedKey);
  // The layer that is looked at is the one to open, else the first that has experts.
  const nearest = useApp(({ comparison }) => key && comparison && expertLayerAt(comparison.pairs, key));
  const setView = useSetDelta();
  const section = useRef<HTMLElement>(null);
  const asked = useRef(false);
  const isOpen = picture !== null;
  useEffect(() => {
    // Opened by hand, it comes into sight; a link that has it open begins at the top all the same.
    if (isOpen && asked.current) void allDrawn().then(() => section.current?.scrollIntoView({ block: "nearest" }));
    asked.current = false;
  }, [isOpen]);
  if (!layers) return null;
  const offered = layers.layers.find((layer) => layer.key === nearest) ?? layers.layers[0];
  return (
    <section ref={section} className={css.experts} data-open={isOpen || undefined} aria-label="Experts">
      <div className={`${panel.head} ${css.expertsHead}`}>
        <div>
          {picture && <h2>{picture.title}</h2>}
          <p className="sub">
            {picture ? (
              <Sentence picture={picture} />
            ) : (
              <>
                A cell of {listed(layers.modules)} pools up to {layers.most} experts: their sums are added up.
              </>
            )}
          </p>
        </div>
        <div className={panel.controls}>
          {picture?.before && <Step layer={picture.before} arrow="‹" />}
          {picture?.after && <Step layer={picture.after} arrow="›" />}
          <button
            type="button"
            className="button"
            aria-expanded={isOpen}
            onClick={() => {
              asked.current = !isOpen;
              setView({ experts: isOpen ? null : offered.key });
            }}
          >
            {isOpen ? "Close the experts" : `Open the experts of ${offered.label}`}
          </button>
        </div>
      </div>
      {picture && <ExpertHeatmap picture={picture} />}
    </section>
  );
}

function Sentence({ picture: { spread, metric, rows, columns } }: { picture: ExpertPicture }) {
  const size = `${metric.label} of ${columns.length} experts in ${rows.length} ${rows.length === 1 ? "module" : "modules"}`;
  return unbroken(spread === "" ? `${size}.` : `${size}. ${spread}.`);
}

function Step({ layer, arrow }: { layer: { key: string; label: string }; arrow: "‹" | "›" }) {
  const setView = useSetDelta();
  return (
    <button
      type="button"
      className="button"
      aria-label={`Experts of ${layer.label}`}
      onClick={() => setView({ experts: layer.key })}
    >
      {arrow === "‹" ? `‹ ${layer.label}` : `${layer.label} ›`}
    </button>
  );
}

function ExpertHeatmap({ picture }: { picture: ExpertPicture }) {
  const selected = useDelta(selectedKey);
  const running = useApp((state) => isRunning(state, "scan"));
  const theme = useTheme();
  const setView = useSetDelta();
  const [hover, setHover] = useState<{ key: string; anchor: DOMRect } | null>(null);
  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      const { metric, domain } = picture;
      drawHeatmap(root, picture, {
        width,
        theme,
        scale: { kind: metric.scale, domain, centre: metric.centre },
        format: metric.format,
        legend: metric.label,
        columnTitle: "expert",
        rowTotalTitle: "mean",
        columnTotalTitle: "mean",
        selected,
        emphasised: null,
        onSelect: (key) => setView({ cell: key, module: picture.cells.find((cell) => cell.key === key)?.row ?? null }),
        onSelectRow: (module) => setView({ module }),
        onHover: (key, anchor) => setHover(key && anchor ? { key, anchor } : null),
      });
    },
    [picture, theme, selected, setView],
  );
  return (
    <>
      <Chart draw={draw} className={running ? css.live : undefined} />
      {hover && <CellReadout cell={hover.key} anchor={hover.anchor} />}
    </>
  );
}
