import { max } from "d3-array";
import { select } from "d3-selection";
import "./chart.css";
import "./distribution.css";
import { binAxis, binCount, drawable } from "./bin-axis.ts";
import { layer } from "./svg-layer.ts";

export interface ThumbnailData {
  /** 257 counts, as those of `Histogram`. */
  bins: Float64Array;
  /** The same bins smoothed, in which modes are looked for; null for none. */
  smoothed: Float64Array | null;
}

const LABELS = 14;
/** Keeps the labels at −1 and +1 within the drawing. */
const MARGIN = 9;

/** How much taller than all others the outermost bins are drawn at most; they are cut off there. */
const TALLEST = 1.5;

/** Draws a histogram small, by its own maximum, with the smoothed curve over it. It has no words: who shows it says what is seen. */
export function drawThumbnail(
  root: SVGSVGElement,
  data: ThumbnailData,
  { width, height }: { width: number; height: number },
): void {
  select(root)
    .classed("chart distribution thumbnail", true)
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`)
    .attr("aria-hidden", "true");
  const axis = binAxis(MARGIN, width - MARGIN, false);
  const bottom = height - LABELS;
  const inside = drawable(max(data.bins.subarray(1, binCount - 1)) ?? 0);
  const all = drawable(max(data.bins) ?? 0);
  // What is piled up at an end must not flatten the rest.
  const most = inside > 0 ? Math.min(all, TALLEST * inside) : all;
  const y = (count: number) => bottom - (most > 0 ? Math.min(1, drawable(count) / most) : 0) * (bottom - 2);

  let bars = "";
  for (let bin = 0; bin < binCount; bin++)
    if (drawable(data.bins[bin]) > 0)
      bars += `M${axis.edge(bin).toFixed(2)},${bottom}V${y(data.bins[bin]).toFixed(2)}h${axis.binWidth.toFixed(2)}V${bottom}Z`;
  const { smoothed } = data;
  const curve = smoothed
    ? `M${Array.from(smoothed, (count, bin) => `${axis.edge(bin + 0.5).toFixed(2)},${y(count).toFixed(2)}`).join("L")}`
    : "";
  const ground = `M${axis.edge(0).toFixed(2)},${bottom + 0.5}H${axis.edge(binCount).toFixed(2)}M${axis.x(0).toFixed(2)},${bottom}v3`;
  layer(root, "bars")
    .selectAll<SVGPathElement, [string, string]>("path")
    .data(
      [
        ["bins", bars],
        ["ground", ground],
        ["halo", curve],
        ["curve", curve],
      ].filter(([, d]) => d !== ""),
    )
    .join("path")
    .attr("class", ([name]) => name)
    .attr("d", ([, d]) => d);
  layer(root, "labels")
    .selectAll<SVGTextElement, (typeof axis.ticks)[number]>("text")
    .data(axis.ticks.filter(({ text }) => !text.includes("0.5")))
    .join("text")
    .attr("class", "faint")
    .attr("text-anchor", "middle")
    .attr("x", ({ x }) => x)
    .attr("y", height - 2)
    .text(({ text }) => text);
}
