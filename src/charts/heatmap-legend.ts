import { select } from "d3-selection";
import type { HeatmapOptions } from "./heatmap-data.ts";
import { fontSize } from "./heatmap-layout.ts";
import type { LiveHeatmap } from "./live-heatmap.ts";
import { type Layer, layer } from "./svg-layer.ts";
import { shorten, textWidth } from "./text-width.ts";

/** Below this width the keys go under the ramp. */
const slim = 560;
const barHeight = 7;
const centreHeight = 15;
const keyHeight = 19;

/** Room for the legend under the ticks, px; the same whatever the data, so that nothing jumps. */
export function legendHeight({ scale, width }: HeatmapOptions): number {
  return barHeight + 4 + (scale.kind === "diverging" ? centreHeight : 0) + (width < slim ? keyHeight : 0);
}

/** The ramp with its ends (and its centre), what it means, and the keys to what is not yet exact. */
export function drawHeatmapLegend(margins: Layer, live: LiveHeatmap): void {
  const group = layer(margins.node() as SVGGElement, "legend");
  const keys = keysOf(live);
  drawRamp(group, live, keys[0]?.x);
  drawKeys(group, live, keys);
}

interface Key {
  state: "partial" | "waiting";
  text: string;
  x: number;
  y: number;
}

function keysOf({ data, options, layout }: LiveHeatmap): Key[] {
  const under = options.width < slim;
  const y =
    layout.legendY + barHeight + (under ? keyHeight + (options.scale.kind === "diverging" ? centreHeight : 0) : 0);
  const all = [
    { state: "partial", text: "estimate", y },
    { state: "waiting", text: "not read yet", y },
  ] as const;
  const shown = all.filter(({ state }) => data.cells.some((cell) => cell.state === state));
  const widths = shown.map(({ text }) => 22 + textWidth(text, fontSize) + 16);
  let x = under ? layout.left : Math.max(layout.left, layout.right - widths.reduce((sum, width) => sum + width, -16));
  return shown.map((key, i) => {
    const at = x;
    x += widths[i] ?? 0;
    return { ...key, x: at };
  });
}

function drawRamp(group: Layer, { id, data, options, layout, color }: LiveHeatmap, keysFrom: number | undefined): void {
  const [low, high] = color.domain;
  const values = data.cells.flatMap(({ value }) => (value === null ? [] : [value]));
  const y = layout.legendY + barHeight;
  const width = options.width < slim ? 96 : 150;
  const centre = options.scale.centre ?? 0;
  const share = (centre - low) / (high - low);
  // A mark at the very end would sit on the end's own number.
  const marked = options.scale.kind === "diverging" && share > 0.08 && share < 0.92;

  // What lies beyond the domain has the colour of its end, and the end says so.
  const lowText = `${values.some((value) => value < low) ? "≤ " : ""}${options.format(low)}`;
  const highText = `${values.some((value) => value > high) ? "≥ " : ""}${options.format(high)}`;
  const afterBar = layout.left + width + 8;
  const meaningX = afterBar + textWidth(highText, fontSize) + 14;
  const under = options.width < slim;
  const room = (under || keysFrom === undefined ? options.width : keysFrom - 16) - meaningX;
  const texts = [
    { name: "faint", text: lowText, x: layout.left - 8, y, anchor: "end" },
    { name: "faint", text: highText, x: afterBar, y, anchor: "start" },
    {
      name: "meaning",
      text: room < 24 ? "" : shorten(options.legend, fontSize, room),
      x: meaningX,
      y,
      anchor: "start",
    },
    ...(marked
      ? [{ name: "faint", text: options.format(centre), x: layout.left + width * share, y: y + 15, anchor: "middle" }]
      : []),
  ];
  group
    .selectAll<SVGRectElement, number>("rect.ramp")
    .data([width])
    .join("rect")
    .attr("class", "ramp")
    .attr("x", layout.left)
    .attr("y", layout.legendY)
    .attr("width", width)
    .attr("height", barHeight)
    .attr("rx", 3)
    .attr("fill", `url(#${id}-ramp)`);
  group
    .selectAll<SVGPathElement, number>("path.centre")
    .data(marked ? [share] : [])
    .join("path")
    .attr("class", "centre")
    .attr("d", (at) => `M${layout.left + width * at},${layout.legendY - 2}v${barHeight + 4}`);
  group
    .selectAll<SVGTextElement, (typeof texts)[number]>(":scope > text")
    .data(texts)
    .join("text")
    .attr("class", (item) => item.name)
    .attr("text-anchor", (item) => item.anchor)
    .attr("x", (item) => item.x)
    .attr("y", (item) => item.y)
    .text((item) => item.text);
}

function drawKeys(group: Layer, { id, color }: LiveHeatmap, keys: Key[]): void {
  const sample = color.domain[0] + (color.domain[1] - color.domain[0]) * 0.8;
  group
    .selectAll<SVGGElement, Key>("g.key")
    .data(keys, (key) => key.state)
    .join((enter) => {
      const key = enter.append("g").attr("class", (item) => `key ${item.state}`);
      key.append("rect");
      key.append("text").attr("class", "faint");
      return key;
    })
    .each(function (key) {
      const at = select(this);
      const swatches =
        key.state === "partial"
          ? [color(sample), `url(#${id}-hatch-${color.faint(sample) ? "ink" : "page"})`].map((fill) => ({
              fill,
              height: 10,
            }))
          : [{ fill: "var(--track)", height: 2 }];
      at.selectAll<SVGRectElement, (typeof swatches)[number]>("rect")
        .data(swatches)
        .join("rect")
        .attr("x", key.x)
        .attr("y", ({ height }) => key.y - 4 - height / 2)
        .attr("width", 16)
        .attr("height", ({ height }) => height)
        .attr("rx", ({ height }) => Math.min(2, height / 2))
        .attr("fill", ({ fill }) => fill);
      at.select("text")
        .attr("x", key.x + 22)
        .attr("y", key.y)
        .text(key.text);
    });
}
