import { max } from "d3-array";
import { select } from "d3-selection";
import "./chart.css";
import "./distribution.css";
import { barPath } from "./beyond-bar.ts";
import { binCount, binWords, drawable, type Histogram, shareWords } from "./bin-axis.ts";
import { beyond, countAt, type DistributionFrame, distributionFrame, type FrameOptions } from "./distribution-frame.ts";
import { drawLegend, legendOf, ROW_HEIGHT } from "./distribution-legend.ts";
import { type DistributionOverlays, drawBand, drawModel, drawModes } from "./distribution-overlays.ts";
import { clearEmptyState, drawEmptyState } from "./empty-state.ts";
import { type Layer, layer } from "./svg-layer.ts";
import { textWidth } from "./text-width.ts";

export type DistributionData = Histogram;

export interface DistributionOptions extends FrameOptions {
  /** What is known of the distribution beside its counts. */
  overlays?: DistributionOverlays;
  xTitle: string;
  /** What is counted, for example `weights per bin`. */
  yTitle: string;
  /** Said instead when there is nothing to draw; the caller may know why. */
  empty?: string;
  /** The bin under the pointer or the keyboard: 0 to 256, −1 for below and 257 for above; null for none. */
  onHover(bin: number | null): void;
}

interface LiveDistribution {
  data: DistributionData;
  options: DistributionOptions;
  frame: DistributionFrame;
  bin: number | null;
}

const drawings = new WeakMap<SVGSVGElement, LiveDistribution>();

/**
 * Draws one large histogram with its axes. Pointer and arrow keys walk through the bins; the readout names the bin, its
 * count and its share of `total`.
 */
export function drawDistribution(root: SVGSVGElement, data: DistributionData, options: DistributionOptions): void {
  const { width, height } = options;
  const svg = select(root)
    .classed("chart distribution", true)
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`);
  const most = Math.max(drawable(max(data.bins) ?? 0), ...(options.showBeyond ? beyond(data) : []));
  if (most === 0) {
    svg.selectAll(":scope > g").remove();
    drawings.delete(root);
    drawEmptyState(
      root,
      width,
      height,
      options.empty ?? (data.total > 0 ? "Nothing between −1 and +1" : "No distribution yet"),
    );
    return;
  }
  clearEmptyState(root);
  const { overlays = {} } = options;
  const legend = legendOf(overlays, width);
  const whole = height + legend.rows * ROW_HEIGHT;
  svg.attr("height", whole).attr("viewBox", `0 0 ${width} ${whole}`);
  const frame = distributionFrame(data, options, overlays.modes !== undefined);
  const live = { data, options, frame, bin: drawings.get(root)?.bin ?? null };
  drawings.set(root, live);
  drawAxes(layer(root, "margins", true), live);
  drawBand(layer(root, "band", true), overlays, live.frame);
  drawBars(root, live);
  drawModel(layer(root, "model", true), overlays, data, live.frame);
  drawModes(layer(root, "modes", true), overlays, data, live.frame);
  drawLegend(root, legend, height);
  read(root, live, live.bin);
  listen(root);
}

function drawAxes(group: Layer, { options, frame }: LiveDistribution): void {
  const { axis, left, right, top, bottom, share, ticks } = frame;
  const y = (count: number) => bottom - share(count) * (bottom - top);
  const lines = [
    ...ticks.map((tick) => `M${left},${Math.round(y(tick)) + 0.5}H${right}`),
    ...axis.ticks.filter(({ faint }) => !faint).map(({ x }) => `M${x},${bottom}v5`),
  ];
  group
    .selectAll<SVGPathElement, string>("path.line")
    .data([lines.join("")])
    .join("path")
    .attr("class", "line")
    .attr("d", (d) => d);
  group
    .selectAll<SVGPathElement, string>("path.ground")
    .data([`M${left},${bottom + 0.5}H${right}`])
    .join("path")
    .attr("class", "ground")
    .attr("d", (d) => d);
  const texts = [
    ...ticks.map((tick) => ({ name: "faint", text: options.format(tick), x: left - 6, y: y(tick) + 4, anchor: "end" })),
    ...axis.ticks.map(({ x, text }) => ({ name: "faint", text, x, y: bottom + 18, anchor: "middle" })),
    { name: "axis-title", text: options.xTitle, x: axis.x(0), y: options.height - 3, anchor: "middle" },
    { name: "axis-title y", text: options.yTitle, x: 0, y: 11, anchor: "start" },
  ];
  group
    .selectAll<SVGTextElement, (typeof texts)[number]>("text")
    .data(texts)
    .join("text")
    .attr("class", (item) => item.name)
    .attr("text-anchor", (item) => item.anchor)
    .attr("x", (item) => item.x)
    .attr("y", (item) => item.y)
    .text((item) => item.text);
}

function drawBars(root: SVGSVGElement, { data, options, frame }: LiveDistribution): void {
  const { axis, bottom, top, share, left, right } = frame;
  const tall = bottom - top;
  const gap = axis.binWidth >= 4 ? 1 : 0;
  const bars = layer(root, "bars")
    .attr("role", "slider")
    .attr("tabindex", 0)
    .attr("aria-label", `${options.xTitle}: ${options.yTitle}`)
    .attr("aria-valuemin", axis.below ? -1 : 0)
    .attr("aria-valuemax", axis.above ? binCount : binCount - 1);
  bars
    .selectAll<SVGRectElement, number>("rect.hit")
    .data([0])
    .join("rect")
    .attr("class", "hit")
    .attr("x", left)
    .attr("y", 0)
    .attr("width", Math.max(0, right - left))
    .attr("height", bottom);

  const width = (axis.binWidth - gap).toFixed(3);
  let outline = "";
  for (let bin = 0; bin < binCount; bin++) {
    const count = countAt(data, bin);
    if (count === 0) continue;
    // The least count is still seen: a bin that holds something is at least half a pixel tall.
    const height = Math.max(0.5, share(count) * tall);
    outline += `M${axis.edge(bin).toFixed(2)},${bottom}v${-height.toFixed(2)}h${width}V${bottom}Z`;
  }
  bars
    .selectAll<SVGPathElement, string>("path.bins")
    .data([outline])
    .join("path")
    .attr("class", "bins")
    .attr("d", (d) => d);

  const ends = [
    { place: axis.below, count: drawable(data.below), anchor: "start" },
    { place: axis.above, count: drawable(data.above), anchor: "end" },
  ].flatMap(({ place, ...end }) => (place && end.count > 0 ? [{ ...end, place }] : []));
  bars
    .selectAll<SVGPathElement, (typeof ends)[number]>("path.beyond")
    .data(ends)
    .join("path")
    .attr("class", "beyond")
    .attr("d", ({ place, count }) => barPath(place, bottom, share(count), tall));
  bars
    .selectAll<SVGTextElement, (typeof ends)[number]>("text.beyond")
    .data(ends)
    .join("text")
    .attr("class", "beyond faint")
    .attr("aria-hidden", "true")
    .attr("text-anchor", ({ anchor }) => anchor)
    .attr("x", ({ place, anchor }) => (anchor === "start" ? place.x : place.x + place.width))
    .attr("y", ({ count }) => bottom - Math.min(1, share(count)) * tall - 4)
    .text(({ count }) => shareWords(count, data.total));
}

/** Marks a bin and says what is in it; null takes the mark away and says how many elements there are in all. */
function read(root: SVGSVGElement, live: LiveDistribution, bin: number | null): void {
  live.bin = bin;
  const { data, options, frame } = live;
  const { axis, bottom, top, right } = frame;
  const place =
    bin === null
      ? null
      : bin < 0
        ? axis.below
        : bin >= binCount
          ? axis.above
          : { x: axis.edge(bin), width: axis.binWidth };
  const group = layer(root, "overlay", true);
  group
    .selectAll<SVGRectElement, { x: number; width: number }>("rect.cursor")
    .data(place ? [place] : [])
    .join("rect")
    .attr("class", "cursor")
    .attr("x", (at) => at.x - Math.max(0, 1 - at.width / 2))
    .attr("width", (at) => Math.max(2, at.width))
    .attr("y", top)
    .attr("height", bottom - top);
  const at = bin ?? 128;
  const count = countAt(data, at);
  const words = `${binWords(at)}: ${options.format(count)} · ${shareWords(count, data.total)}`;
  group
    .selectAll<SVGTextElement, string>("text.readout")
    .data([place ? words : `${options.format(data.total)} in all`])
    .join("text")
    .attr("class", place ? "readout" : "readout faint")
    .attr("text-anchor", "end")
    .attr("x", right)
    .attr("y", 11)
    .text((text) => text);
  // In a narrow drawing the readout needs the title's place.
  const crowded = place !== null && textWidth(options.yTitle, 11) + textWidth(words, 11) + 16 > right;
  select(root).classed("crowded", crowded);
  select(root).select("g.bars").attr("aria-valuenow", at).attr("aria-valuetext", words);
}

function listen(root: SVGSVGElement): void {
  const go = (bin: number | null) => {
    const live = drawings.get(root);
    if (!live || live.bin === bin) return;
    read(root, live, bin);
    live.options.onHover(bin);
  };
  select(root)
    .on("pointermove.distribution", (event: PointerEvent) => {
      const live = drawings.get(root);
      if (live) go(live.frame.axis.at(event.clientX - root.getBoundingClientRect().left));
    })
    .on("pointerleave.distribution focusout.distribution", () => go(null))
    .on("focusin.distribution", (event: FocusEvent) => {
      if (event.target instanceof Element && event.target.matches(":focus-visible")) go(drawings.get(root)?.bin ?? 128);
    })
    .on("keydown.distribution", (event: KeyboardEvent) => {
      const live = drawings.get(root);
      if (!live || event.altKey || event.ctrlKey || event.metaKey) return;
      const { axis } = live.frame;
      const [first, last] = axis.below ? [-1, binCount] : [0, binCount - 1];
      const from = live.bin ?? 128;
      const next = {
        ArrowLeft: from - 1,
        ArrowDown: from - 1,
        ArrowRight: from + 1,
        ArrowUp: from + 1,
        PageDown: from - 16,
        PageUp: from + 16,
        Home: first,
        End: last,
      }[event.key];
      if (event.key === "Escape") return go(null);
      if (next === undefined) return;
      event.preventDefault();
      go(Math.min(last, Math.max(first, next)));
    });
}
