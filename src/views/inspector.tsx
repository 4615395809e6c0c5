import { useCallback, useState } from "react";
import { drawDistribution } from "../charts/distribution.ts";
import { formatNumber, formatPercent } from "../statistics/format-number.ts";
import { relativeHistogram } from "../statistics/relative-histogram.ts";
import { type Inspection, inspect, selectedKey } from "../store/inspection.ts";
import { Chart } from "./chart.tsx";
import { CloseLook, ExpertChoice } from "./close-look.tsx";
import { Numbers } from "./numbers.tsx";
import { countText, unbroken } from "./quantity.ts";
import { useApp, useStore } from "./use-app.ts";

/** What kind of change is this cell: one large histogram, the numbers, and what they say. */
export function Inspector() {
  const key = useApp(selectedKey);
  useApp((state) => state.results);
  const store = useStore();
  const inspection = key ? inspect(store.getState(), key) : null;
  if (!inspection)
    return (
      <aside aria-label="Selected cell">
        <h2>One cell, closely</h2>
        <p className="sub">
          Choose a cell of the heatmap, by pointer or with the arrow keys and Enter, to see its numbers.
        </p>
      </aside>
    );
  const { pairs, title, words, sentence, stats, numbers } = inspection;
  return (
    <aside aria-label="Selected cell">
      <div className="row">
        <h2>{title}</h2>
        <span className="sub">{words}</span>
      </div>
      <Names inspection={inspection} />
      {inspection.siblings.length > 1 && <ExpertChoice inspection={inspection} />}
      <CloseLook inspection={inspection} />
      {stats && pairs[0].b && <Histogram inspection={inspection} />}
      {sentence && <p className="finding">{unbroken(sentence)}</p>}
      <Numbers inspection={inspection} />
      {numbers && <CopyNumbers inspection={inspection} />}
    </aside>
  );
}

function Names({ inspection: { pairs } }: { inspection: Inspection }) {
  const [{ a, b, name, nameB }] = pairs;
  const dtypes = b && b.dtype !== a.dtype ? `${a.dtype} → ${b.dtype}` : a.dtype;
  return (
    <p className="sub mono tensor-name">
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
  const view = useApp((state) => state.view);
  const [bin, setBin] = useState<number | null>(null);
  const { stats } = inspection;
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
        xTitle: denominator === "abs" ? "Δ / |a|" : "Δ / a",
        yTitle: "weights",
        format: countText,
        empty: unchanged === "hide" ? "All weights are unchanged." : "No relative change: every base weight is 0.",
        onHover: setBin,
      });
    },
    [stats, denominator, beyond, unchanged, log],
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
    <figure className="histogram">
      <Chart draw={draw} />
      <figcaption className="sub">{under}</figcaption>
    </figure>
  );
}

function CopyNumbers({ inspection }: { inspection: Inspection }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    const { title, pairs, derived } = inspection;
    const lines = Object.entries(derived ?? {}).map(([name, value]) => `${name}\t${value ?? ""}`);
    await navigator.clipboard.writeText([`${title}\t${pairs[0].name}`, ...lines].join("\n"));
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <button className="button quiet" type="button" onClick={() => void copy()}>
      <span aria-live="polite">{copied ? "Copied" : "Copy numbers"}</span>
    </button>
  );
}
