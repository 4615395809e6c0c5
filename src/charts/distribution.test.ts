// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { binAxis, binCount, type Histogram } from "./bin-axis.ts";
import { type DistributionOptions, drawDistribution } from "./distribution.ts";

let root: SVGSVGElement;
let hovered: (number | null)[];
let options: DistributionOptions;

beforeEach(() => {
  root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  document.body.replaceChildren(root);
  hovered = [];
  options = {
    width: 400,
    height: 200,
    log: false,
    showBeyond: true,
    xTitle: "Δ / |a|",
    yTitle: "weights per bin",
    format: (count) => `${count}`,
    onHover: (bin) => hovered.push(bin),
  };
});

function histogram(counts: Record<number, number>, below = 0, above = 0): Histogram {
  const bins = new Float64Array(binCount);
  for (const [bin, count] of Object.entries(counts)) bins[Number(bin)] = count;
  return { bins, below, above, total: bins.reduce((sum, count) => sum + count, below + above) };
}

const slider = () => root.querySelector("[role=slider]") as SVGGElement;
const press = (key: string) =>
  slider().dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
const readout = () => root.querySelector("text.readout")?.textContent;

test("the arrow keys walk through the bins, the ends are the bars beyond", () => {
  drawDistribution(root, histogram({ 127: 30, 128: 60 }, 4, 6), options);
  expect(readout()).toBe("100 in all");
  for (const key of ["ArrowLeft", "ArrowRight", "PageUp", "Home", "ArrowLeft", "End"]) press(key);
  expect(hovered).toEqual([127, 128, 144, -1, 257]);
  expect(readout()).toBe("above +1: 6 · 6.0\u00a0%");
  expect(slider().getAttribute("aria-valuetext")).toBe(readout());
  press("Escape");
  expect(hovered.at(-1)).toBeNull();
  expect(readout()).toBe("100 in all");
});

test("without bars beyond, the ends are the outermost bins", () => {
  drawDistribution(root, histogram({ 128: 1 }, 4, 6), { ...options, showBeyond: false });
  press("Home");
  press("End");
  expect(hovered).toEqual([0, 256]);
  expect(root.querySelectorAll("path.beyond, text.beyond")).toHaveLength(0);
});

test("the pointer reads the bin it is over", () => {
  drawDistribution(root, histogram({ 128: 60, 200: 40 }), options);
  const left = Number(root.querySelector("rect.hit")?.getAttribute("x"));
  const axis = binAxis(left, options.width - 10, true);
  root.dispatchEvent(new MouseEvent("pointermove", { clientX: axis.edge(200.5) }));
  expect(readout()).toBe("+0.559 to +0.566: 40 · 40\u00a0%");
  root.dispatchEvent(new MouseEvent("pointerleave"));
  expect(hovered).toEqual([200, null]);
});

test("the readout follows new counts", () => {
  drawDistribution(root, histogram({ 128: 1 }), options);
  press("ArrowRight");
  drawDistribution(root, histogram({ 129: 3, 128: 1 }), options);
  expect(readout()).toBe("+0.004 to +0.012: 3 · 75\u00a0%");
});

test.each([
  { why: "a bar a little taller than the bins sets the scale", above: 14, log: false, cut: false },
  { why: "a bar far taller than the bins is cut off", above: 16, log: false, cut: true },
  { why: "log heights hold any bar", above: 16_000, log: true, cut: false },
])("$why", ({ above, log, cut }) => {
  drawDistribution(root, histogram({ 100: 10 }, 0, above), { ...options, log });
  const bar = root.querySelector("path.beyond")?.getAttribute("d") ?? "";
  // A bar that is cut off has two parts.
  expect(bar.split("M").length - 1).toBe(cut ? 2 : 1);
  expect(root.querySelector("text.beyond")?.textContent).toMatch(/%$/);
});

test.each([
  { counts: { 100: 4, 128: 8 }, log: false, shares: [0.5, 1] },
  { counts: { 100: 9, 128: 99 }, log: true, shares: [0.5, 1] },
])("heights are to scale (log: $log)", ({ counts, log, shares }) => {
  drawDistribution(root, histogram(counts), { ...options, log });
  const drawn = [...(root.querySelector("path.bins")?.getAttribute("d") ?? "").matchAll(/v-([\d.]+)/g)].map(
    ([, height]) => Number(height),
  );
  expect(drawn).toHaveLength(2);
  const [low = 0, high = 1] = drawn;
  expect(low / high).toBeCloseTo(shares[0] as number, 2);
});

test.each([
  { data: histogram({}), says: "No distribution yet" },
  { data: { ...histogram({}), total: 9 }, says: "Nothing between −1 and +1" },
  { data: { ...histogram({}), total: 9 }, empty: "All weights are unchanged.", says: "All weights are unchanged." },
])("nothing to draw: $says", ({ data, empty, says }) => {
  drawDistribution(root, histogram({ 1: 1 }), options);
  drawDistribution(root, data, empty === undefined ? options : { ...options, empty });
  expect(root.textContent).toBe(says);
});
