// @vitest-environment happy-dom
import { beforeEach, describe, expect, test } from "vitest";
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

const flat = (count: number) => new Float64Array(binCount).fill(count);
const outline = (selector: string) => root.querySelector(selector)?.getAttribute("d") ?? "";
/** The points of an outline of straight lines. */
const points = (d: string) => [...d.matchAll(/[ML]([\d.-]+),([\d.-]+)/g)].map(([, x, y]) => [Number(x), Number(y)]);

describe("what is laid over the bars", () => {
  const band = { name: "no BF16 change is below 1/256", to: 1 / 256 };
  const model = { name: "noise", bins: flat(20), below: 10, above: 50 };
  const modes = { name: "modes at ±0.50", marks: [-0.5, 0.5].map((at) => ({ at, text: `${at}` })) };
  const ground = () => Number(/,([\d.]+)H/.exec(outline("path.ground"))?.[1]) - 0.5;
  const bars = histogram({ 64: 40, 192: 20 }, 4, 6);

  test("a model's counts are drawn to the scale of the bars", () => {
    drawDistribution(root, bars, { ...options, overlays: { model } });
    const [[, y]] = points(outline(".model path.curve"));
    const tall = Number(/v-([\d.]+)/.exec(outline("path.bins"))?.[1]);
    // 20 of the 40 in the highest bar; above +1 it expects more than there is room for.
    expect((ground() - y) / tall).toBeCloseTo(0.5, 2);
    expect(outline(".model path.curve").match(/h14/g)).toHaveLength(1);
    expect(outline(".model path.halo")).toBe(outline(".model path.curve"));
  });

  test("a model that leaves the drawing is cut off where it does, and comes back", () => {
    const peak = Float64Array.from({ length: binCount }, (_, bin) => (Math.abs(bin - 128) < 10 ? 80 : 0));
    drawDistribution(root, bars, {
      ...options,
      overlays: { model: { name: "noise", bins: peak, below: 0, above: 0 } },
    });
    const drawn = points(outline(".model path.curve"));
    const top = ground() - Number(/v-([\d.]+)/.exec(outline("path.bins"))?.[1]);
    expect(Math.min(...drawn.map(([, y]) => y))).toBeCloseTo(top, 1);
    // 119 bins on either side are inside, each with a cut of its own: two pieces, and two bars beyond.
    expect(drawn.filter(([, y]) => Math.abs(y - top) < 0.05)).toHaveLength(2);
    expect(outline(".model path.curve").match(/M/g)).toHaveLength(4);
  });

  test("modes stand over their place, with words", () => {
    drawDistribution(root, bars, { ...options, overlays: { modes } });
    const plain = binAxis(Number(root.querySelector("rect.hit")?.getAttribute("x")), options.width - 10, true);
    const marks = [...root.querySelectorAll("g.modes path.mark")].map(
      (mark) => points(mark.getAttribute("d") ?? "")[0][0],
    );
    expect(marks.map((x) => x + 3.5)).toEqual([expect.closeTo(plain.x(-0.5), 1), expect.closeTo(plain.x(0.5), 1)]);
    expect([...root.querySelectorAll("g.modes text")].map(({ textContent }) => textContent)).toEqual(["-0.5", "0.5"]);
  });

  test("a band is seen however narrow", () => {
    drawDistribution(root, bars, { ...options, overlays: { band } });
    const narrow = Number(root.querySelector("g.band rect")?.getAttribute("width"));
    drawDistribution(root, bars, { ...options, overlays: { band: { ...band, to: 1 / 4 } } });
    const wide = root.querySelector("g.band rect");
    const axis = binAxis(Number(root.querySelector("rect.hit")?.getAttribute("x")), options.width - 10, true);
    expect(narrow).toBe(3);
    expect(Number(wide?.getAttribute("width"))).toBeCloseTo(axis.x(0.25) - axis.x(-0.25), 1);
  });

  test("the legend names it all, and says so in one sentence; without any there is none", () => {
    drawDistribution(root, bars, { ...options, overlays: { model, modes, band } });
    expect(root.querySelector("g.legend")?.getAttribute("aria-label")).toBe(
      "Line: noise. Marks: modes at ±0.50. Band: no BF16 change is below 1/256.",
    );
    const tall = Number(root.getAttribute("height"));
    expect(tall).toBeGreaterThan(options.height);
    const texts = [...root.querySelectorAll("g.legend text")];
    expect(texts.map(({ textContent }) => textContent)).toEqual([model.name, modes.name, band.name]);
    for (const text of texts) expect(Number(text.getAttribute("y"))).toBeLessThan(tall);
    drawDistribution(root, bars, options);
    expect(root.querySelector("g.legend")).toBeNull();
    expect(root.querySelectorAll(".curve, .mark, .leader, rect.band, g.modes text")).toHaveLength(0);
    expect(root.getAttribute("height")).toBe(`${options.height}`);
  });
});
