import { scaleLinear } from "d3-scale";
import { select } from "d3-selection";
import "./chart.css";
import "./norm-profile.css";
import { clearEmptyState, drawEmptyState } from "./empty-state.ts";
import { type Layer, layer } from "./svg-layer.ts";
import { textWidth } from "./text-width.ts";

export interface NormProfileData {
  /** One number from 0 up for each row or column, in the order in which they are drawn. */
  values: Float64Array;
  /** What each would be if all were alike, and how far noise alone would spread them: the middle, and the ends of the band. */
  even: { middle: number; low: number; high: number };
  /** Where heads begin: positions among the values, each with its number; none where they are sorted or not known. */
  heads: readonly { at: number; label: string }[];
}

export interface NormProfileOptions {
  /** px */
  width: number;
  height: number;
  /** What is along the axis: `row` or `column`. */
  noun: string;
  /** What the axis is called, e.g. `row of o_proj, in order`. */
  xTitle: string;
  /** The number at the pointer, in words. */
  format(value: number): string;
  /** The name of what is drawn at a position. */
  nameOf(position: number): string;
  /** Said instead where there is nothing. */
  empty?: string;
}

interface Frame {
  left: number;
  right: number;
  top: number;
  bottom: number;
  x(position: number): number;
  y(value: number): number;
  ticks: number[];
}

const TOP = 8;
const BOTTOM = 34;

/**
 * Draws norms along one axis of a matrix: where more of them than pixels stand, each pixel has the range of those in it. The
 * band behind them is what noise of the same size would give. The pointer and the arrow keys read single values.
 */
export function drawNormProfile(root: SVGSVGElement, data: NormProfileData, options: NormProfileOptions): void {
  const { width, height } = options;
  const svg = select(root)
    .classed("chart norm-profile", true)
    .attr("width", width)
    .attr("height", height)
    .attr("viewBox", `0 0 ${width} ${height}`);
  if (data.values.length === 0) {
    svg.selectAll(":scope > g").remove();
    drawEmptyState(root, width, height, options.empty ?? "Nothing is read yet");
    return;
  }
  clearEmptyState(root);
  const frame = frameOf(data, options);
  drawMargins(layer(root, "margins", true), data, frame, options);
  const isThin = data.values.length > 1 && data.values.length * 2 <= frame.right - frame.left;
  layer(root, "curve", true)
    .selectAll<SVGPathElement, string>("path")
    .data([isThin ? polyline(data.values, frame) : envelope(data.values, frame)])
    .join("path")
    .attr("class", isThin ? "thin" : "range")
    .attr("d", String);
  const readout = layer(root, "readout", true);
  listen(root, readout, data, frame, options);
}

function frameOf({ values, even }: NormProfileData, { width, height, format }: NormProfileOptions): Frame {
  const most = values.reduce((max, value) => (value > max ? value : max), even.high);
  const bottom = Math.max(TOP + 1, height - BOTTOM);
  const y = scaleLinear([0, most > 0 ? most : 1], [bottom, TOP]);
  const ticks = y.ticks(height < 140 ? 2 : 4);
  const left = Math.ceil(Math.max(...ticks.map((tick) => textWidth(format(tick), 11)))) + 10;
  const right = Math.max(left + 1, width - 10);
  const x = scaleLinear([0, values.length], [left, right]);
  return { left, right, top: TOP, bottom, x, y, ticks };
}

/** A line through values that stand apart. */
const polyline = (values: Float64Array, { x, y }: Frame): string =>
  `M${Array.from(values, (value, i) => `${x(i + 0.5).toFixed(2)},${y(value).toFixed(2)}`).join("L")}`;

/** A closed outline through the greatest and the least value of every pixel. */
function envelope(values: Float64Array, { left, right, x, y }: Frame): string {
  const columns = Math.max(1, Math.min(values.length, Math.floor(right - left)));
  const upper: string[] = [];
  const lower: string[] = [];
  for (let column = 0; column < columns; column++) {
    const from = Math.floor((column * values.length) / columns);
    const to = Math.max(from + 1, Math.floor(((column + 1) * values.length) / columns));
    let [least, most] = [values[from], values[from]];
    for (let i = from + 1; i < to; i++) {
      if (values[i] < least) least = values[i];
      if (values[i] > most) most = values[i];
    }
    const at = `${x(from).toFixed(2)},`;
    const end = `H${x(to).toFixed(2)}`;
    upper.push(`${at}${y(most).toFixed(2)}${end}`);
    // A line is as thick as a hair where all of a pixel are alike.
    lower.unshift(`${x(to).toFixed(2)},${(y(least) + 1).toFixed(2)}H${x(from).toFixed(2)}`);
  }
  return `M${[...upper, ...lower].join("L")}Z`;
}

function drawMargins(
  group: Layer,
  { values, even, heads }: NormProfileData,
  frame: Frame,
  options: NormProfileOptions,
): void {
  const { left, right, top, bottom, x, y, ticks } = frame;
  const band = `M${left},${y(even.high)}H${right}V${y(even.low)}H${left}Z`;
  group.selectAll("path.band").data([band]).join("path").attr("class", "band").attr("d", String);
  group
    .selectAll("path.even")
    .data([`M${left},${y(even.middle)}H${right}`])
    .join("path")
    .attr("class", "even")
    .attr("d", String);
  group
    .selectAll("path.line")
    .data([`M${left},${bottom + 0.5}H${right}`, ...heads.map(({ at }) => `M${x(at).toFixed(2)},${top}V${bottom + 5}`)])
    .join("path")
    .attr("class", "line")
    .attr("d", String);
  // As many labels as have room.
  const widest = Math.max(0, ...heads.map(({ label }) => textWidth(label, 11) + 10));
  const room = heads.length > 1 ? x(heads[1].at) - x(heads[0].at) : right - left;
  const every = Math.max(1, Math.ceil(widest / room));
  const places = heads.flatMap(({ at, label }, i) => (i % every === 0 ? [{ label, x: x(at) + room / 2 }] : []));
  const ends = heads.length > 0 ? [] : endsOf(values.length, frame, options);
  group
    .selectAll("text.along")
    .data([...places, ...ends])
    .join("text")
    .attr("class", "along faint")
    .attr("text-anchor", "middle")
    .attr("x", (place) => place.x)
    .attr("y", bottom + 17)
    .text(({ label }) => label);
  group
    .selectAll("text.tick")
    .data(ticks)
    .join("text")
    .attr("class", "tick faint")
    .attr("text-anchor", "end")
    .attr("x", left - 6)
    .attr("y", (tick) => y(tick) + 4)
    .text((tick) => options.format(tick));
  group
    .selectAll("text.axis-title")
    .data([options.xTitle])
    .join("text")
    .attr("class", "axis-title")
    .attr("text-anchor", "middle")
    .attr("x", (left + right) / 2)
    .attr("y", options.height - 3)
    .text(String);
}

/** The first and the last, where no heads are named. */
function endsOf(count: number, { left, right }: Frame, { nameOf }: NormProfileOptions): { label: string; x: number }[] {
  const [first, last] = [nameOf(0), nameOf(count - 1)];
  const [half, other] = [textWidth(first, 11) / 2, textWidth(last, 11) / 2];
  const ends = [{ label: first, x: left + half }];
  // The axis' title stands between them.
  if (count > 1 && (half + other) * 4 < right - left) ends.push({ label: last, x: right - other });
  return ends;
}

/** The pointer and the arrow keys say the name and the number of what they are at. */
function listen(
  root: SVGSVGElement,
  readout: Layer,
  { values }: NormProfileData,
  { left, right, top, bottom, x, y }: Frame,
  { nameOf, format, noun }: NormProfileOptions,
): void {
  let at: number | null = null;
  const last = values.length - 1;
  const show = (position: number | null) => {
    at = position;
    const word = position === null ? "" : `${nameOf(position)}: ${format(values[position])}`;
    const centre = position === null ? 0 : x(position + 0.5);
    readout
      .selectAll("path")
      .data(position === null ? [] : [`M${centre.toFixed(2)},${top}V${bottom}`])
      .join("path")
      .attr("d", String);
    readout
      .selectAll("circle")
      .data(position === null ? [] : [values[position]])
      .join("circle")
      .attr("r", 3)
      .attr("cx", centre)
      .attr("cy", (value) => y(value));
    const half = textWidth(word, 11) / 2 + 4;
    readout
      .selectAll("text")
      .data(word === "" ? [] : [word])
      .join("text")
      .attr("text-anchor", "middle")
      .attr("x", Math.min(Math.max(centre, left + half), Math.max(right - half, left + half)))
      .attr("y", top + 8)
      .text(String);
    root.setAttribute("aria-valuenow", String((position ?? 0) + 1));
    root.setAttribute("aria-valuetext", word);
  };
  select(root)
    .attr("role", "slider")
    .attr("tabindex", 0)
    .attr("aria-label", `Norms by ${noun}, ${values.length}`)
    .attr("aria-valuemin", 1)
    .attr("aria-valuemax", values.length)
    .on("pointermove.profile", (event: PointerEvent) => {
      const place = (event.clientX - root.getBoundingClientRect().left) / scaleOf(root);
      const position = Math.floor(((place - left) / (right - left)) * values.length);
      show(position >= 0 && position <= last ? position : null);
    })
    .on("pointerleave.profile blur.profile", () => show(null))
    .on("focus.profile", () => show(at ?? 0))
    .on("keydown.profile", (event: KeyboardEvent) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const page = Math.max(1, Math.round(values.length / 20));
      const now = at ?? 0;
      const next = {
        ArrowLeft: now - 1,
        ArrowRight: now + 1,
        ArrowDown: now - 1,
        ArrowUp: now + 1,
        PageDown: now - page,
        PageUp: now + page,
        Home: 0,
        End: last,
      }[event.key];
      if (next === undefined) return;
      show(Math.min(last, Math.max(0, next)));
      event.preventDefault();
    });
  if (root.ownerDocument.activeElement !== root) show(null);
}

/** How much larger the drawing is shown than it is drawn. */
function scaleOf(root: SVGSVGElement): number {
  const drawn = Number(root.getAttribute("width"));
  const shown = root.getBoundingClientRect().width;
  return drawn > 0 && shown > 0 ? shown / drawn : 1;
}
