import { type DistributionOverlays, markPath } from "./distribution-overlays.ts";
import { layer } from "./svg-layer.ts";
import { textWidth } from "./text-width.ts";

type Kind = "model" | "modes" | "band";

interface Entry {
  kind: Kind;
  name: string;
  x: number;
  row: number;
}

/** What is laid over a distribution, in lines of entries. */
export interface DistributionLegend {
  entries: readonly Entry[];
  rows: number;
}

export const ROW_HEIGHT = 17;
const SWATCH = 20;
const GAP = 16;

/** Pure: as many entries to a line as have room in `width` px. */
export function legendOf(overlays: DistributionOverlays, width: number): DistributionLegend {
  const entries: Entry[] = [];
  let [x, row] = [0, 0];
  for (const kind of ["model", "modes", "band"] as const) {
    const name = overlays[kind]?.name;
    if (name === undefined) continue;
    const room = SWATCH + textWidth(name, 11);
    if (x > 0 && x + room > width) [x, row] = [0, row + 1];
    entries.push({ kind, name, x, row });
    x += room + GAP;
  }
  return { entries, rows: entries.length > 0 ? row + 1 : 0 };
}

const SWATCHES: Record<Kind, (x: number, y: number) => string> = {
  model: (x, y) => `M${x},${y - 4}h14`,
  modes: (x, y) => markPath(x + 7, y - 7),
  band: (x, y) => `M${x + 3},${y - 9}h8v10h-8Z`,
};
const CLASSES: Record<Kind, string> = { model: "curve", modes: "mark", band: "band" };
const SPOKEN: Record<Kind, string> = { model: "Line", modes: "Marks", band: "Band" };

/** Draws it from `top` on. Read aloud it is one sentence. */
export function drawLegend(root: SVGSVGElement, { entries, rows }: DistributionLegend, top: number): void {
  if (rows === 0) {
    root.querySelector(":scope > g.legend")?.remove();
    return;
  }
  const group = layer(root, "legend")
    .attr("role", "img")
    .attr("aria-label", `${entries.map(({ kind, name }) => `${SPOKEN[kind]}: ${name}`).join(". ")}.`);
  const y = ({ row }: Entry) => top + row * ROW_HEIGHT + 14;
  group
    .selectAll<SVGPathElement, Entry>("path")
    .data(entries)
    .join("path")
    .attr("class", ({ kind }) => CLASSES[kind])
    .attr("d", (entry) => SWATCHES[entry.kind](entry.x, y(entry)));
  group
    .selectAll<SVGTextElement, Entry>("text")
    .data(entries)
    .join("text")
    .attr("x", ({ x }) => x + SWATCH)
    .attr("y", y)
    .text(({ name }) => name);
}
