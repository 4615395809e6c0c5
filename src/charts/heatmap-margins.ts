import { max } from "d3-array";
import { select } from "d3-selection";
import type { HeatmapData, HeatmapOptions } from "./heatmap-data.ts";
import { fontSize, type HeatmapColumn } from "./heatmap-layout.ts";
import { drawHeatmapLegend } from "./heatmap-legend.ts";
import type { LiveHeatmap } from "./live-heatmap.ts";
import { type Layer, layer } from "./svg-layer.ts";
import { textWidth } from "./text-width.ts";

/** How far the longest bar of the column totals reaches from its base, and that as text; null without totals. */
export function stripReach(data: HeatmapData, options: HeatmapOptions): { reach: number; label: string } | null {
  if (options.columnTotalTitle === "") return null;
  const base = baseOf(options);
  const reach = max(data.columns, ({ total }) => (total === null ? Number.NaN : Math.abs(total - base)));
  if (reach === undefined || !Number.isFinite(reach)) return null;
  const sign = options.scale.kind === "diverging" ? "±" : "≤";
  return { reach, label: `${sign} ${options.format(reach).replace(/^\+/, "")}` };
}

/** Lengths start at the colour's centre; of a one-sided metric, at zero. */
function baseOf({ scale }: HeatmapOptions): number {
  return scale.kind === "diverging" ? (scale.centre ?? 0) : 0;
}

/** All around the cells: captions of groups, bars beneath the columns, ticks, legend. None of it is read aloud. */
export function drawHeatmapMargins(root: SVGSVGElement, live: LiveHeatmap): void {
  drawDefinitions(root, live);
  const margins = layer(root, "margins", true);
  drawCaptions(margins, live);
  drawStrip(margins, live);
  drawTicks(margins, live);
  drawHeatmapLegend(margins, live);
}

/** Hatching in the page's colour and in ink, and the legend's gradient. */
function drawDefinitions(root: SVGSVGElement, { id, color }: LiveHeatmap): void {
  const definitions = layer(root, "definitions", true);
  definitions
    .selectAll<SVGPatternElement, string>("pattern")
    .data(["page", "ink"])
    .join((enter) => {
      const pattern = enter.append("pattern");
      pattern
        .attr("width", 4.5)
        .attr("height", 4.5)
        .attr("patternUnits", "userSpaceOnUse")
        .attr("patternTransform", "rotate(45)")
        .append("rect")
        .attr("class", (tone) => `hatch-line ${tone}`)
        .attr("width", 1.3)
        .attr("height", 4.5);
      return pattern;
    })
    .attr("id", (tone) => `${id}-hatch-${tone}`);
  definitions
    .selectAll<SVGLinearGradientElement, string>("linearGradient")
    .data([`${id}-ramp`])
    .join("linearGradient")
    .attr("id", (key) => key)
    .selectAll<SVGStopElement, { offset: number; color: string }>("stop")
    .data(color.stops(33))
    .join("stop")
    .attr("offset", (stop) => stop.offset)
    .attr("stop-color", (stop) => stop.color);
}

function drawCaptions(margins: Layer, { layout }: LiveHeatmap): void {
  const rows = layout.rows.filter((row) => row.headingY !== undefined);
  margins
    .selectAll<SVGGElement, (typeof rows)[number]>("g.caption")
    .data(rows, (row) => row.key)
    .join((enter) => {
      const group = enter.append("g").attr("class", "caption");
      group.append("text").attr("class", "faint");
      group.append("path").attr("class", "line");
      return group;
    })
    .each(function (row) {
      const heading = row.heading ?? "";
      const y = row.headingY ?? 0;
      select(this).select("text").attr("x", layout.left).attr("y", y).text(heading);
      const from = layout.left + textWidth(heading, fontSize) + 10;
      select(this)
        .select("path")
        .attr("d", from < layout.right ? `M${from},${y - 3.5}H${layout.right}` : null);
    });
}

function drawStrip(margins: Layer, { data, options, layout }: LiveHeatmap): void {
  const { strip } = layout;
  const reach = stripReach(data, options);
  const strips = margins
    .selectAll<SVGGElement, number>("g.strip")
    .data(strip ? [0] : [])
    .join((enter) => {
      const group = enter.append("g").attr("class", "strip");
      group.append("path").attr("class", "line");
      group.append("text").attr("class", "faint title").attr("text-anchor", "end");
      group.append("text").attr("class", "faint reach");
      return group;
    });
  if (!strip) return;

  const twoSided = options.scale.kind === "diverging";
  const room = (strip.bottom - strip.top) / (twoSided ? 2 : 1);
  const ground = strip.top + room;
  const middle = (strip.top + strip.bottom) / 2 + 4;
  strips.select("path.line").attr("d", `M${layout.left},${ground + 0.5}H${layout.right}`);
  strips
    .select("text.title")
    .attr("x", layout.left - 8)
    .attr("y", middle)
    .text(options.columnTotalTitle);
  strips
    .select("text.reach")
    .attr("x", layout.right + 10)
    .attr("y", middle)
    .text(reach?.label ?? "");

  const bars = data.columns.flatMap((column, index) => {
    const away = column.total === null ? Number.NaN : column.total - baseOf(options);
    if (!reach || !Number.isFinite(away)) return [];
    const length = reach.reach > 0 ? (Math.abs(away) / reach.reach) * room : 0;
    // A one-sided metric cannot lie below its base; if it does, the bar stays on the ground.
    const height = twoSided || away > 0 ? length : 0;
    return [{ key: column.key, index, y: away < 0 ? ground : ground - height, height }];
  });
  strips
    .selectAll<SVGRectElement, (typeof bars)[number]>("rect.bar")
    .data(bars, (bar) => bar.key)
    .join("rect")
    .attr("class", "bar")
    .attr("x", (bar) => layout.x(bar.index))
    .attr("width", (bar) => layout.cellWidth(bar.index))
    .attr("y", (bar) => bar.y)
    .attr("height", (bar) => bar.height);
}

function drawTicks(margins: Layer, { data, options, layout }: LiveHeatmap): void {
  margins
    .selectAll<SVGTextElement, { key: string; label: string; x: number }>("text.tick")
    .data(
      layout.ticks.map((tick) => ({ ...tick, key: (data.columns[tick.index] as HeatmapColumn).key })),
      (tick) => tick.key,
    )
    .join("text")
    .attr("class", "tick faint")
    .attr("text-anchor", "middle")
    .attr("x", (tick) => tick.x)
    .attr("y", layout.tickY)
    .text((tick) => tick.label);
  const titles = [
    { text: options.columnTitle, x: layout.left - 8, anchor: "end" },
    { text: options.rowTotalTitle, x: layout.right + 10, anchor: "start" },
  ];
  margins
    .selectAll<SVGTextElement, (typeof titles)[number]>("text.axis-title")
    .data(titles)
    .join("text")
    .attr("class", "axis-title faint")
    .attr("text-anchor", (title) => title.anchor)
    .attr("x", (title) => title.x)
    .attr("y", layout.tickY)
    .text((title) => title.text);
}
