import { max } from "d3-array";
import { type Selection, select } from "d3-selection";
import { area, line } from "d3-shape";
import "./chart.css";
import "./ridgeline.css";
import { barPath } from "./beyond-bar.ts";
import { type BinAxis, binAxis, binCount, drawable, type Histogram, shareWords, signed } from "./bin-axis.ts";
import { clearEmptyState, drawEmptyState } from "./empty-state.ts";
import { type Layer, layer } from "./svg-layer.ts";
import { textWidth } from "./text-width.ts";

export interface Ridge extends Histogram {
  key: string;
  /** Short: the layer's number. */
  label: string;
}

export interface RidgelineData {
  /** From top to bottom. A layer that is not read yet belongs here too, with no counts: it keeps its place, flat. */
  ridges: readonly Ridge[];
}

export interface RidgelineOptions {
  /** px */
  width: number;
  height: number;
  /** Heights are log(1 + count). */
  log: boolean;
  /** Key of the ridge drawn in the warm colour. */
  selected: string | null;
  /** What lies beyond ±1 gets bars of its own; else it is not drawn. */
  showBeyond: boolean;
  xTitle: string;
  /** `own`: every ridge reaches its full height (as in the paper's figure). `shared`: heights compare between ridges. */
  normalise: "own" | "shared";
  /** Said instead when there are no ridges. */
  empty?: string;
  onSelect(key: string): void;
}

/** A ridge's heights, 0 to 1 of the room for a ridge; bars beyond may exceed 1 and are cut. */
interface Heights {
  ridge: Ridge;
  index: number;
  bins: number[];
  below: number;
  above: number;
}

interface Frame {
  left: number;
  axis: BinAxis;
  /** Baseline of the first ridge, distance to the next, and full height of a ridge. */
  first: number;
  step: number;
  tall: number;
  bottom: number;
}

type Ridges = Selection<SVGGElement, Heights, SVGGElement, unknown>;

const bottomMargin = 36;
/** A ridge may rise over the baseline above it by this much of the distance between baselines. */
const overlap = 1.7;

/** Draws the distributions of several layers above one axis. Ridges keep their element by key. */
export function drawRidgeline(root: SVGSVGElement, data: RidgelineData, options: RidgelineOptions): void {
  const { width, height } = options;
  const svg = select(root)
    .classed("chart ridgeline", true)
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`);
  if (data.ridges.length === 0) {
    svg.selectAll(":scope > g").remove();
    drawEmptyState(root, width, height, options.empty ?? "No distribution yet");
    return;
  }
  clearEmptyState(root);
  const frame = frameOf(data, options);
  drawGrid(layer(root, "margins", true), frame, options);
  drawRidges(root, heightsOf(data, options), frame, options);
  listen(root, options);
}

function frameOf({ ridges }: RidgelineData, { width, height, showBeyond }: RidgelineOptions): Frame {
  const labels = max(ridges, ({ label }) => textWidth(label, 11)) ?? 0;
  const left = Math.ceil(Math.min(labels, width * 0.25)) + 12;
  const top = 4;
  const bottom = Math.max(top + 1, height - bottomMargin);
  const step = (bottom - top) / (ridges.length - 1 + overlap);
  const tall = step * overlap;
  return { left, axis: binAxis(left, width - 14, showBeyond), first: top + tall, step, tall, bottom };
}

function heightsOf({ ridges }: RidgelineData, { log, normalise }: RidgelineOptions): Heights[] {
  // Layers differ in size, and a sampled layer has fewer elements yet: counts are brought to one total first.
  const common = max(ridges, ({ total }) => drawable(total)) ?? 0;
  const raw = ridges.map((ridge, index): Heights => {
    const scale = ridge.total > 0 && normalise === "shared" ? common / ridge.total : 1;
    const tall = (count: number) => (log ? Math.log1p(drawable(count) * scale) : drawable(count) * scale);
    return {
      ridge,
      index,
      bins: Array.from({ length: binCount }, (_, bin) => tall(ridge.bins[bin] ?? 0)),
      below: tall(ridge.below),
      above: tall(ridge.above),
    };
  });
  const peaks = raw.map(({ bins }) => max(bins) ?? 0);
  const highest = max(peaks) ?? 0;
  return raw.map((heights, i) => {
    const peak = normalise === "shared" ? highest : (peaks[i] ?? 0);
    // Nothing inside ±1: whatever is beyond is all there is, and stands full.
    const unit = peak > 0 ? peak : Math.max(heights.below, heights.above);
    const share = (value: number) => (unit > 0 ? value / unit : 0);
    return { ...heights, bins: heights.bins.map(share), below: share(heights.below), above: share(heights.above) };
  });
}

function drawGrid(group: Layer, { axis, bottom }: Frame, { width, height, xTitle }: RidgelineOptions): void {
  group
    .selectAll<SVGPathElement, string>("path.line")
    .data(axis.ticks.filter(({ faint }) => !faint))
    .join("path")
    .attr("class", "line")
    .attr("d", ({ x }) => `M${x},2V${bottom + 5}`);
  group
    .selectAll<SVGTextElement, (typeof axis.ticks)[number]>("text.tick")
    .data(axis.ticks, ({ text }) => text)
    .join("text")
    .attr("class", "tick faint")
    .attr("text-anchor", "middle")
    .attr("x", ({ x }) => x)
    .attr("y", bottom + 18)
    .text(({ text }) => text);
  group
    .selectAll<SVGTextElement, string>("text.axis-title")
    .data([xTitle])
    .join("text")
    .attr("class", "axis-title")
    .attr("text-anchor", "middle")
    .attr("x", Math.min(axis.x(0), width))
    .attr("y", height - 3)
    .text((text) => text);
}

function drawRidges(root: SVGSVGElement, all: Heights[], frame: Frame, options: RidgelineOptions): void {
  const { left, axis, first, step, tall } = frame;
  const focused = root.querySelector("g.ridge[tabindex='0']")?.getAttribute("data-key");
  const has = (key: string | null | undefined) => all.find(({ ridge }) => ridge.key === key);
  const entry = has(focused) ?? has(options.selected) ?? all[0];
  const base = (heights: Heights) => first + heights.index * step;
  const ridges = layer(root, "ridges")
    .attr("role", "listbox")
    .attr("aria-label", `${options.xTitle}, ${all.length} distributions`)
    .selectAll<SVGGElement, Heights>("g.ridge")
    .data(all, ({ ridge }) => ridge.key)
    .join((enter) => {
      const made = enter.append("g").attr("class", "ridge").attr("role", "option");
      made.append("rect").attr("class", "hit");
      made.append("path").attr("class", "halo");
      made.append("path").attr("class", "area");
      made.append("path").attr("class", "top");
      made.append("text").attr("text-anchor", "end");
      return made;
    })
    .attr("data-key", ({ ridge }) => ridge.key)
    .attr("tabindex", (heights) => (heights === entry ? 0 : -1))
    .attr("aria-selected", ({ ridge }) => ridge.key === options.selected)
    .attr("aria-label", ({ ridge }) => words(ridge))
    .classed("selected", ({ ridge }) => ridge.key === options.selected)
    .classed("flat", ({ bins, below, above }) => (max(bins) ?? 0) + below + above === 0);

  ridges
    .select("rect.hit")
    .attr("x", 0)
    .attr("width", options.width)
    .attr("y", (heights) => base(heights) - (heights.index === 0 ? tall : step))
    .attr("height", (heights) => (heights.index === 0 ? tall : step));
  ridges.each(function ({ bins, index }) {
    const y = first + index * step;
    const x = (_: number, bin: number) => axis.edge(bin + 0.5);
    const height = (share: number) => y - share * tall;
    const outline = line<number>(x, height).digits(2)(bins);
    const ridge = select(this);
    ridge.select("path.area").attr("d", area<number>(x, y, height).digits(2)(bins));
    ridge.select("path.halo").attr("d", outline);
    ridge.select("path.top").attr("d", outline);
  });
  root.classList.toggle("dense", step < 9);
  const every = [1, 2, 4, 5, 10, 20, 25, 50, 100].find((n) => n * step >= 13) ?? all.length;
  const chosen = all.find(({ ridge }) => ridge.key === options.selected)?.index;
  ridges
    .select("text")
    .attr("x", left - 8)
    .attr("y", base)
    .text(({ ridge, index }) => {
      if (index === chosen) return ridge.label;
      return index % every === 0 && !(chosen !== undefined && Math.abs(index - chosen) < every) ? ridge.label : "";
    });
  drawBeyond(ridges, frame);
}

function drawBeyond(ridges: Ridges, { axis, first, step, tall }: Frame): void {
  // Bars keep to their own band, to the scale of their ridge until they would leave it.
  const room = Math.min(tall, step * 0.84);
  ridges
    .selectAll<SVGPathElement, string>("path.beyond")
    .data(({ index, below, above }) => {
      const y = first + index * step;
      const bar = (place: { x: number; width: number } | null, share: number) => {
        const height = (share * tall) / room;
        return place && height > 0 ? [barPath(place, y, height, room)] : [];
      };
      return [...bar(axis.below, below), ...bar(axis.above, above)];
    })
    .join("path")
    .attr("class", "beyond")
    .attr("d", (d) => d);
}

function words(ridge: Ridge): string {
  const { bins, total } = ridge;
  let peak = 0;
  for (let bin = 1; bin < bins.length; bin++) if ((bins[bin] ?? 0) > (bins[peak] ?? 0)) peak = bin;
  if (!((bins[peak] ?? 0) > 0)) return `${ridge.label}: nothing between −1 and +1`;
  const ends = `${shareWords(ridge.below, total)} below −1, ${shareWords(ridge.above, total)} above +1`;
  return `${ridge.label}: highest at ${signed((peak - 128) / 128)}; ${ends}`;
}

/** Click, Enter and Space select; the up and down arrows, Home and End move the focus. */
function listen(root: SVGSVGElement, options: RidgelineOptions): void {
  const find = (event: Event) =>
    event.target instanceof Element ? event.target.closest<SVGGElement>("g.ridge") : null;
  const choose = (ridge: SVGGElement) => options.onSelect(ridge.getAttribute("data-key") ?? "");
  select(root)
    .on("click.ridgeline", (event: MouseEvent) => {
      const ridge = find(event);
      if (ridge) choose(ridge);
    })
    .on("keydown.ridgeline", (event: KeyboardEvent) => {
      const ridge = find(event);
      if (!ridge || event.altKey || event.ctrlKey || event.metaKey) return;
      const all = [...root.querySelectorAll<SVGGElement>("g.ridge")];
      const at = all.indexOf(ridge);
      const next = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
      if (event.key === "Enter" || event.key === " ") choose(ridge);
      else if (next === undefined) return;
      else {
        const to = all[Math.min(all.length - 1, Math.max(0, next))];
        ridge.setAttribute("tabindex", "-1");
        to?.setAttribute("tabindex", "0");
        to?.focus();
      }
      event.preventDefault();
    });
}
