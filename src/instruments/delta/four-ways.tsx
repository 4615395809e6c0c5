import { useCallback, useId } from "react";
import { drawThumbnail } from "../../charts/distribution-thumbnail.ts";
import { explanationOf, type Way } from "../../comparing/explanation.ts";
import type { Inspection } from "../../comparing/inspection.ts";
import { Chart } from "../../components/chart.tsx";
import type { PairStats } from "../../kernels/pair-stats.ts";
import { relativeHistogram } from "../../statistics/relative-histogram.ts";
import css from "./inspector.module.css";
import { useDelta, useSetDelta } from "./use-delta.ts";
import { DEFAULT_VIEW } from "./view-state.ts";

/** px */
const HEIGHT = 70;

/** The same changes over |a| and over a, with the ends dropped and piled up: one sees a hump appear or vanish. */
export function FourWays({ inspection }: { inspection: Inspection }) {
  const title = useId();
  const { stats } = inspection;
  const ways = explanationOf(inspection)?.ways ?? [];
  if (!stats || ways.length === 0) return null;
  if (ways.every(({ shape }) => shape === null))
    return <p className={`sub ${css.fourWays}`}>{ways[0].verdict}: there are no modes to look for.</p>;
  return (
    <section className={css.fourWays} aria-labelledby={title}>
      <p className={css.part} id={title}>
        The same changes, drawn four ways
      </p>
      <p className="sub">
        Changed weights only; those that changed by more than their size are dropped, or piled up at the ends. Choose
        one to draw it so above.
      </p>
      <div className={css.ways}>
        {ways.map((way) => (
          <OneWay key={`${way.denominator} ${way.beyond}`} stats={stats} way={way} />
        ))}
      </div>
    </section>
  );
}

function OneWay({ stats, way }: { stats: PairStats; way: Way }) {
  const setView = useSetDelta();
  const { denominator, beyond, shape, verdict } = way;
  const isChosen = useDelta(({ view }) => view.denominator === denominator && view.beyond === beyond);
  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      const { bins } = relativeHistogram(stats, { denominator, beyond, unchanged: "hide" });
      drawThumbnail(root, { bins, smoothed: shape?.smoothed ?? null }, { width, height: HEIGHT });
    },
    [stats, denominator, beyond, shape],
  );
  // Chosen once more, it gives the view back as it was at first.
  const next = isChosen ? DEFAULT_VIEW : way;
  return (
    <button
      type="button"
      aria-pressed={isChosen}
      onClick={() => setView({ denominator: next.denominator, beyond: next.beyond })}
    >
      <span className="sub">
        <b>{denominator === "abs" ? "Δ / |a|" : "Δ / a"}</b>, {beyond === "drop" ? "dropped" : "piled up"}
      </span>
      <Chart draw={draw} className={css.thumbnail} />
      <span className={css.verdict}>{verdict}</span>
    </button>
  );
}
