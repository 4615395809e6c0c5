// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { describeDrawing } from "./describe-drawing.ts";
import { heatmapCases } from "./heatmap-cases.ts";
import { histogramCases } from "./histogram-cases.ts";
import { profileCases } from "./profile-cases.ts";

const cases = [...heatmapCases, ...histogramCases, ...profileCases];

function canvas(): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  document.body.replaceChildren(svg);
  return svg;
}

test.each(cases)("$name: what is drawn, and that drawing again changes nothing", ({ draw }) => {
  const root = canvas();
  draw(root, 852, "light");
  expect(describeDrawing(root)).toMatchSnapshot();
  const once = root.outerHTML;
  draw(root, 852, "light");
  expect(root.outerHTML === once).toBe(true);
});

test.each(cases)("$name: no number that is none, at the narrowest and the widest", ({ draw }) => {
  for (const [width, theme] of [
    [320, "light"],
    [1900, "dark"],
  ] as const) {
    const root = canvas();
    draw(root, width, theme);
    const drawn = root.outerHTML;
    expect(drawn).not.toMatch(/NaN|Infinity|undefined|null/);
    // Negative sizes are errors in SVG; marks with them silently vanish.
    expect(drawn).not.toMatch(/ (width|height|r|rx)="-/);
  }
});

test("all cases have names of their own", () => {
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
});
