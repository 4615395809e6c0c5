import { useCallback, useState } from "react";
import { drawDistribution } from "../../charts/distribution.ts";
import { explanationOf } from "../../comparing/explanation.ts";
import type { Inspection } from "../../comparing/inspection.ts";
import { Chart } from "../../components/chart.tsx";
import { HandOver } from "../../components/hand-over.tsx";
import panel from "../../components/panel.module.css";
import { countText } from "../../components/quantity.ts";
import { useApp, useStore } from "../../components/use-app.ts";
import { formatNumber, formatPercent } from "../../statistics/format-number.ts";
import { relativeHistogram } from "../../statistics/relative-histogram.ts";
import { storedType } from "../../tensors/view.ts";
import { CloseLook, ExpertChoice } from "./close-look-button.tsx";
import { explainedOverlays } from "./explained-overlays.ts";
import { Findings } from "./findings.tsx";
import { FourWays } from "./four-ways.tsx";
import css from "./inspector.module.css";
import { Numbers } from "./numbers.tsx";
import { inspectionOf, selectedKey } from "./selection.ts";
import { ShapeNumbers, shapeRows } from "./shape-numbers.tsx";
import { useDelta } from "./use-delta.ts";

/** What kind of change is this cell: one large histogram, what it says, the same drawn otherwise, and the numbers. */
export function Inspector() {
  const key = useDelta(selectedKey);
  useApp((state) => state.results);
  const store = useStore();
  const inspection = key ? inspectionOf(store.getState(), key) : null;
  if (!inspection)
    return (
      <aside className={css.inspector} aria-label="Selected cell">
        <h2>One cell, closely</h2>
        <p className="sub">
          Choose a cell of the heatmap, by pointer or with the arrow keys and Enter, to see its numbers.
        </p>
      </aside>
    );
  const { pairs, title, words, stats, numbers } = inspection;
  return (
    <aside className={css.inspector} aria-label="Selected cell">
      <div className={panel.ends}>
        <h2>{title}</h2>
        <span className="sub">{words}</span>
      </div>
      <Names inspection={inspection} />
      {inspection.siblings.length > 1 && <ExpertChoice inspection={inspection} />}
      <CloseLook inspection={inspection} />
      {pairs.length === 1 && (
        <p className={css.handOver}>
          <HandOver pair={pairs[0]} />
        </p>
      )}
      {stats && pairs[0].b && <Histogram inspection={inspection} />}
      <Findings inspection={inspection} />
      <FourWays inspection={inspection} />
      <Numbers inspection={inspection} />
      <ShapeNumbers inspection={inspection} />
      {numbers && <CopyNumbers inspection={inspection} />}
    </aside>
  );
}

function Names({ inspection: { pairs } }: { inspection: Inspection }) {
  const [{ a, b, name, nameB }] = pairs;
  const [typeA, typeB] = [storedType(a), storedType(b ?? a)];
  const dtypes = typeA === typeB ? typeA : `${typeA} → ${typeB}`;
  return (
    <p className={`sub mono ${css.tensorName}`}>
      {name}
      {b && nameB !== name && (
        <>
          <br />→ {nameB}
        </>
      )}
      {pairs.length > 1 && ` and ${pairs.length - 1} more, pooled`}
      <br />[{a.shape.join(", ")}] {dtypes}
    </p>
  );
}

function Histogram({ inspection }: { inspection: Inspection }) {
  const view = useDelta((state) => state.view);
  const [bin, setBin] = useState<number | null>(null);
  const { stats } = inspection;
  const relativeNorm = inspection.derived?.relativeNorm ?? null;
  const explanation = explanationOf(inspection);
  // Side by side is for many layers; the one large histogram is drawn over |a| unless a alone is asked for.
  const denominator = view.denominator === "signed" ? "signed" : "abs";
  const { beyond, unchanged, log } = view;
  const histogram = stats ? relativeHistogram(stats, { denominator, beyond, unchanged }) : null;
  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      if (!stats) return;
      drawDistribution(root, relativeHistogram(stats, { denominator, beyond, unchanged }), {
        width,
        height: 190,
        log,
        showBeyond: beyond === "bars",
        overlays: explanation
          ? explainedOverlays(stats, relativeNorm, explanation, denominator, { beyond, unchanged })
          : {},
        xTitle: denominator === "abs" ? "Δ / |a|" : "Δ / a",
        yTitle: "weights",
        format: countText,
        empty: unchanged === "hide" ? "All weights are unchanged." : "No relative change: every base weight is 0.",
        onHover: setBin,
      });
    },
    [stats, relativeNorm, explanation, denominator, beyond, unchanged, log],
  );
  if (!histogram) return null;
  const outside = [
    histogram.dropped > 0 && `${countText(histogram.dropped)} beyond ±1 left out`,
    histogram.piled > 0 && `${countText(histogram.piled)} from beyond ±1 piled up at the ends`,
    histogram.hidden > 0 && `${countText(histogram.hidden)} unchanged taken out`,
  ].filter(Boolean);
  const under =
    bin === null || !(bin in histogram.bins)
      ? outside.join(", ") || " "
      : `${formatNumber((bin - 128) / 128)}: ${countText(histogram.bins[bin])} weights, ${formatPercent(histogram.bins[bin] / Math.max(1, histogram.total))}`;
  return (
    <figure className={css.histogram}>
      <Chart draw={draw} />
      <figcaption className="sub">{under}</figcaption>
    </figure>
  );
}

/** Lines of a name, a tab and a value: the numbers with all their digits, the shape, and the kinds with their sentences. */
function copyText(inspection: Inspection): string {
  const { title, pairs, derived, sentence } = inspection;
  const explanation = explanationOf(inspection);
  const lines: (readonly [string, string | number | null])[] = [
    [title, pairs[0].name],
    ...Object.entries(derived ?? {}),
    ...(explanation ? shapeRows(explanation).map(([name, value]) => [name, value] as const) : []),
    ...(explanation?.findings.map(({ label, sentence }) => [`finding: ${label}`, sentence] as const) ?? []),
  ];
  const remark = explanation ? explanation.remark : sentence;
  if (remark) lines.push(["finding", remark]);
  return lines.map(([name, value]) => `${name}\t${value ?? ""}`).join("\n");
}

function CopyNumbers({ inspection }: { inspection: Inspection }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(copyText(inspection));
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button className="button quiet" type="button" onClick={() => void copy()}>
      <span aria-live="polite">{copied ? "Copied" : "Copy numbers"}</span>
    </button>
  );
}
