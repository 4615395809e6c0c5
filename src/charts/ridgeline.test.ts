// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { binCount } from "./bin-axis.ts";
import { drawRidgeline, type Ridge, type RidgelineOptions } from "./ridgeline.ts";

let root: SVGSVGElement;
let selected: string[];
let options: RidgelineOptions;

beforeEach(() => {
  root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  document.body.replaceChildren(root);
  selected = [];
  options = {
    width: 412,
    height: 300,
    log: false,
    selected: null,
    showBeyond: false,
    xTitle: "Δ / |a|",
    normalise: "own",
    onSelect: (key) => selected.push(key),
  };
});

/** A ridge with counts in some bins. */
function ridge(label: string, counts: Record<number, number>, more: Partial<Ridge> = {}): Ridge {
  const bins = new Float64Array(binCount);
  for (const [bin, count] of Object.entries(counts)) bins[Number(bin)] = count;
  const total = bins.reduce((sum, count) => sum + count, (more.below ?? 0) + (more.above ?? 0));
  return { key: `o_proj/${label}`, label, bins, below: 0, above: 0, total, ...more };
}

/** Heights of a ridge's drawn line over its lowest point, px, at some bins. */
function heights(index: number, ...bins: number[]): number[] {
  const d = root.querySelectorAll("path.top")[index]?.getAttribute("d") ?? "";
  const ys = d
    .split(/[ML]/)
    .slice(1)
    .map((point) => Number(point.split(",")[1]));
  expect(ys).toHaveLength(binCount);
  const base = Math.max(...ys);
  return bins.map((bin) => base - (ys[bin] ?? 0));
}

const ridges = () => [...root.querySelectorAll<SVGGElement>("g.ridge")];
const press = (key: string) =>
  document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));

test("each ridge by its own maximum, or all by one", () => {
  const data = { ridges: [ridge("0", { 100: 10, 128: 40 }), ridge("1", { 128: 10, 10: 90 })] };
  drawRidgeline(root, data, options);
  const [low, full] = heights(0, 100, 128) as [number, number];
  expect(low / full).toBeCloseTo(0.25, 2);
  expect(heights(1, 10)[0]).toBeCloseTo(full, 1);

  // Shares of their totals: 0.8 of 50 against 0.9 of 100.
  drawRidgeline(root, data, { ...options, normalise: "shared" });
  expect((heights(0, 128)[0] ?? 0) / (heights(1, 10)[0] ?? 0)).toBeCloseTo(0.8 / 0.9, 2);
});

test("log heights are log(1 + count)", () => {
  drawRidgeline(root, { ridges: [ridge("0", { 100: 9, 128: 999 })] }, { ...options, log: true });
  const [low, full] = heights(0, 100, 128) as [number, number];
  expect(low / full).toBeCloseTo(1 / 3, 2);
});

test.each([
  { showBeyond: false, bars: 0 },
  { showBeyond: true, bars: 2 },
])("bars beyond shown: $showBeyond", ({ showBeyond, bars }) => {
  drawRidgeline(root, { ridges: [ridge("0", { 128: 5 }, { below: 1, above: 400 })] }, { ...options, showBeyond });
  expect(root.querySelectorAll("path.beyond")).toHaveLength(bars);
  expect(root.textContent?.includes("<−1")).toBe(showBeyond);
});

test("a layer without counts keeps its place, flat", () => {
  drawRidgeline(root, { ridges: [ridge("0", { 3: 1 }), ridge("1", {}), ridge("2", { 3: 1 })] }, options);
  expect(Math.max(...heights(1, 3, 128))).toBe(0);
  expect(ridges().map((one) => one.classList.contains("flat"))).toEqual([false, true, false]);
  expect(ridges()[1]?.getAttribute("aria-label")).toBe("1: nothing between −1 and +1");
});

test("a ridge says where it is highest and what lies beyond", () => {
  drawRidgeline(root, { ridges: [ridge("12", { 82: 90, 174: 89 }, { below: 20, above: 1 })] }, options);
  expect(ridges()[0]?.getAttribute("aria-label")).toBe(
    "12: highest at −0.359; 10\u00a0% below −1, 0.50\u00a0% above +1",
  );
});

test("pointer and keyboard select; one ridge at a time is in the tab order", () => {
  const data = { ridges: ["0", "4", "8"].map((label) => ridge(label, { 128: 1 })) };
  drawRidgeline(root, data, { ...options, selected: "o_proj/4" });
  const stops = () => ridges().map((one) => one.getAttribute("tabindex"));
  expect(stops()).toEqual(["-1", "0", "-1"]);
  expect(ridges().map((one) => one.getAttribute("aria-selected"))).toEqual(["false", "true", "false"]);

  ridges()[0]?.dispatchEvent(new MouseEvent("click", { bubbles: true }));
  ridges()[1]?.focus();
  press("ArrowDown");
  press("ArrowDown");
  press("Enter");
  press("Home");
  press(" ");
  expect(selected).toEqual(["o_proj/0", "o_proj/8", "o_proj/0"]);
  drawRidgeline(root, data, options);
  expect(stops()).toEqual(["0", "-1", "-1"]);
});

test("nothing to draw is said calmly, in the caller's words where it has some", () => {
  drawRidgeline(root, { ridges: [ridge("0", { 1: 1 })] }, options);
  drawRidgeline(root, { ridges: [] }, options);
  expect(root.textContent).toBe("No distribution yet");
  drawRidgeline(root, { ridges: [] }, { ...options, empty: "Choose a module." });
  expect(root.textContent).toBe("Choose a module.");
});
