import { binCount, type Histogram } from "./bin-axis.ts";
import { countAt, type DistributionFrame } from "./distribution-frame.ts";
import type { Layer } from "./svg-layer.ts";
import { textWidth } from "./text-width.ts";

/** What is laid over the bars; each has a name for the legend. */
export interface DistributionOverlays {
  /** The counts that a model expects, in fractions too: a thin line, cut off where it leaves the drawing. */
  model?: { name: string; bins: Float64Array; below: number; above: number };
  /** Places that stand out, each with its own words; at least one. */
  modes?: { name: string; marks: readonly { at: number; text: string }[] };
  /** Changes smaller than `to` that cannot be. */
  band?: { name: string; to: number };
}

const TEXT_AT = 25;
const MARK_AT = 28;

/** A band narrower than this would not be seen, px. */
const LEAST_BAND = 3;

export function drawBand(group: Layer, { band }: DistributionOverlays, { axis, top, bottom }: DistributionFrame): void {
  const places = (band ? [band.to] : []).map((to) => {
    const width = Math.max(LEAST_BAND, axis.x(to) - axis.x(-to));
    return { x: axis.x(0) - width / 2, width };
  });
  group
    .selectAll<SVGRectElement, (typeof places)[number]>("rect.band")
    .data(places)
    .join("rect")
    .attr("class", "band")
    .attr("x", ({ x }) => x)
    .attr("width", ({ width }) => width)
    .attr("y", top)
    .attr("height", Math.max(0, bottom - top));
}

type Point = readonly [x: number, share: number];

/** The outline of a curve where it is within the drawing; a segment that leaves it is cut where it does. */
function outlineWithin(points: readonly Point[], y: (share: number) => number): string {
  let outline = "";
  let before: Point | null = null;
  const spot = (x: number, share: number) => `${x.toFixed(2)},${y(share).toFixed(2)}`;
  for (const [x, share] of points) {
    const isIn = share <= 1;
    const wasIn = before !== null && before[1] <= 1;
    if (before !== null && isIn !== wasIn) {
      const edge = before[0] + ((x - before[0]) * (1 - before[1])) / (share - before[1]);
      outline += `${wasIn ? "L" : "M"}${spot(edge, 1)}`;
    }
    if (isIn) outline += `${before === null ? "M" : "L"}${spot(x, share)}`;
    before = [x, share];
  }
  return outline;
}

/** Room that the share over an end bar takes, px. */
const SHARE_HEIGHT = 18;

export function drawModel(
  group: Layer,
  { model }: DistributionOverlays,
  data: Histogram,
  { axis, top, bottom, share }: DistributionFrame,
): void {
  const y = (height: number) => bottom - height * (bottom - top);
  // A line through the words over the bar would leave neither to be read.
  const isFree = (expected: number, counted: number) => {
    const above = y(Math.min(1, share(counted))) - y(share(expected));
    return share(expected) <= 1 && !(above > 0 && above < SHARE_HEIGHT);
  };
  let outline = "";
  if (model) {
    const points = Array.from({ length: binCount }, (_, bin): Point => [axis.edge(bin + 0.5), share(model.bins[bin])]);
    outline = outlineWithin(points, y);
    for (const [place, count, counted] of [
      [axis.below, model.below, data.below],
      [axis.above, model.above, data.above],
    ] as const)
      if (place && isFree(count, counted))
        outline += `M${place.x - 2},${y(share(count)).toFixed(2)}h${(place.width + 4).toFixed(2)}`;
  }
  const drawn = outline === "" ? [] : [outline];
  // Under the line the same in the ground's colour, so that it stands off from the bars.
  for (const name of ["halo", "curve"])
    group
      .selectAll<SVGPathElement, string>(`path.${name}`)
      .data(drawn)
      .join("path")
      .attr("class", name)
      .attr("d", (d) => d);
}

/** A small triangle that points down at x. */
export const markPath = (x: number, y: number): string => `M${(x - 3.5).toFixed(2)},${y}h7l-3.5,5Z`;

export function drawModes(
  group: Layer,
  { modes }: DistributionOverlays,
  data: Histogram,
  { axis, bottom, top, share, left, right }: DistributionFrame,
): void {
  let until = Number.NEGATIVE_INFINITY;
  const marks = (modes?.marks ?? []).map(({ at, text }) => {
    const x = axis.x(at);
    const bin = axis.at(x);
    const count = Math.max(countAt(data, bin - 1), countAt(data, bin), countAt(data, bin + 1));
    const half = textWidth(text, 11) / 2;
    const middle = Math.min(right - half, Math.max(left + half, x));
    // A place that would run into the one before it is in the legend only.
    const said = middle - half > until;
    if (said) until = middle + half + 4;
    return { x, middle, text: said ? text : "", end: bottom - Math.min(1, share(count)) * (bottom - top) - 2 };
  });
  group
    .selectAll<SVGPathElement, (typeof marks)[number]>("path.mark")
    .data(marks)
    .join("path")
    .attr("class", "mark")
    .attr("d", ({ x }) => markPath(x, MARK_AT));
  group
    .selectAll<SVGPathElement, (typeof marks)[number]>("path.leader")
    .data(marks.filter(({ end }) => end > MARK_AT + 8))
    .join("path")
    .attr("class", "leader")
    .attr("d", ({ x, end }) => `M${x.toFixed(2)},${MARK_AT + 6}V${end.toFixed(2)}`);
  group
    .selectAll<SVGTextElement, (typeof marks)[number]>("text")
    .data(marks.filter(({ text }) => text !== ""))
    .join("text")
    .attr("text-anchor", "middle")
    .attr("x", ({ middle }) => middle)
    .attr("y", TEXT_AT)
    .text(({ text }) => text);
}
