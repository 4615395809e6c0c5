// @vitest-environment happy-dom
import { beforeEach, expect, test } from "vitest";
import { drawHeatmap, heatmapHeight } from "./heatmap.ts";
import type { HeatmapCell, HeatmapData, HeatmapOptions } from "./heatmap-data.ts";

let root: SVGSVGElement;
let heard: string[];
let options: HeatmapOptions;

beforeEach(() => {
  root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  document.body.replaceChildren(root);
  heard = [];
  options = {
    width: 852,
    theme: "light",
    scale: { kind: "sequential", domain: [0, 1] },
    format: (value) => value.toFixed(2),
    legend: "‖Δ‖",
    columnTitle: "layer",
    rowTotalTitle: "mean",
    columnTotalTitle: "",
    selected: null,
    emphasised: null,
    onSelect: (key) => heard.push(`select ${key}`),
    onSelectRow: (key) => heard.push(`row ${key}`),
    onHover: (key, anchor) => heard.push(`hover ${key}${anchor ? "" : " nowhere"}`),
  };
});

/** A picture of the states: `e` exact, `p` partial, `w` waiting, `.` none, a space for no cell; one string a row. */
function data(...picture: string[]): HeatmapData {
  const states = { e: "exact", p: "partial", w: "waiting", ".": "none" } as const;
  const columns = picture[0]?.length ?? 0;
  return {
    rows: picture.map((_, row) => ({ key: `r${row}`, label: `module_${row}`, total: null })),
    columns: Array.from({ length: columns }, (_, column) => ({ key: `${column}`, label: `${column}`, total: null })),
    cells: picture.flatMap((line, row) =>
      [...line].flatMap((letter, column): HeatmapCell[] => {
        const state = states[letter as keyof typeof states];
        const key = `${row}:${column}`;
        if (!state) return [];
        const value = state === "exact" || state === "partial" ? 0.5 : null;
        return [
          { key, row: `r${row}`, column: `${column}`, value, state, label: state === "none" ? "" : `Cell ${key}.` },
        ];
      }),
    ),
  };
}

const cell = (key: string) => root.querySelector(`[data-key="${key}"]`) as SVGRectElement;
const row = (index: number) => root.querySelectorAll("[role=rowheader]")[index] as SVGGElement;
const press = (key: string, more: KeyboardEventInit = {}) =>
  document.activeElement?.dispatchEvent(
    new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }),
  );
const focused = () => document.activeElement?.getAttribute("aria-label");

test("a result that arrives changes its own cell and nothing else", () => {
  drawHeatmap(root, data("ww", "ww"), options);
  const [one, other] = [cell("0:1"), cell("1:0")];
  const before = other.outerHTML;
  const place = ["x", "y", "width", "height"].map((name) => one.getAttribute(name));
  const height = root.getAttribute("height");
  expect(one.getAttribute("fill")).toBe("transparent");

  drawHeatmap(root, data("we", "ww"), options);
  expect(cell("0:1")).toBe(one);
  expect(one.getAttribute("fill")).toMatch(/^#/);
  expect(["x", "y", "width", "height"].map((name) => one.getAttribute(name))).toEqual(place);
  expect(cell("1:0").outerHTML).toBe(before);
  expect(root.getAttribute("height")).toBe(height);
});

test("estimates are hatched until they are exact; what does not exist stays empty", () => {
  drawHeatmap(root, data("ep.w "), options);
  expect(root.querySelectorAll("rect.hatch")).toHaveLength(1);
  expect(root.querySelectorAll("[data-key]")).toHaveLength(4);
  expect(cell("0:2").getAttribute("fill")).toBe("transparent");
  expect(cell("0:2").hasAttribute("tabindex")).toBe(false);
  expect(root.textContent).toContain("estimate");
  expect(root.textContent).toContain("not read yet");

  drawHeatmap(root, data("ee.e "), options);
  expect(root.querySelectorAll("rect.hatch")).toHaveLength(0);
  expect(root.textContent).not.toContain("estimate");
  expect(root.textContent).not.toContain("not read yet");
});

test("rows and cells that leave are taken away", () => {
  drawHeatmap(root, data("eee", "eee"), options);
  drawHeatmap(root, data("ee"), options);
  expect(root.querySelectorAll("[role=row]")).toHaveLength(1);
  expect(root.querySelectorAll("[role=gridcell]")).toHaveLength(2);
  drawHeatmap(root, data(), options);
  expect(root.querySelectorAll("[role=row]")).toHaveLength(0);
  expect(root.textContent).toBe("Nothing to compare yet");
  drawHeatmap(root, data("ee"), options);
  expect(root.textContent).not.toContain("Nothing to compare yet");
});

test("the height promised is the height drawn", () => {
  for (const picture of [data(), data("e"), data("ee", "ee", "ee")]) {
    for (const columnTotalTitle of ["", "mean"]) {
      const wanted = { ...options, columnTotalTitle };
      drawHeatmap(root, picture, wanted);
      expect(root.getAttribute("height")).toBe(`${heatmapHeight(picture, wanted)}`);
    }
  }
});

test("tab stops once, at the selected cell, and wherever the keyboard went last", () => {
  drawHeatmap(root, data(".ee", "eee"), { ...options, selected: "1:2" });
  const stops = () => [...root.querySelectorAll("[tabindex='0']")].map((stop) => stop.getAttribute("aria-label"));
  expect(stops()).toEqual(["Cell 1:2."]);
  cell("1:2").focus();
  press("ArrowLeft");
  expect(stops()).toEqual(["Cell 1:1."]);
  drawHeatmap(root, data(".ee", "eee"), { ...options, selected: "0:1" });
  expect(stops()).toEqual(["Cell 1:1."]);
});

test("without a selection, tab stops at the first cell that says something, else at a row's label", () => {
  drawHeatmap(root, data(".w", "ee"), options);
  expect(root.querySelector("[tabindex='0']")?.getAttribute("aria-label")).toBe("Cell 0:1.");
  root = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  document.body.replaceChildren(root);
  drawHeatmap(root, data("..", ".."), options);
  expect(root.querySelector("[tabindex='0']")?.getAttribute("aria-label")).toBe("module_0");
});

test.each([
  { keys: ["ArrowRight"], to: "Cell 1:2." },
  { keys: ["ArrowRight", "ArrowRight"], to: "Cell 1:4." },
  { keys: ["ArrowRight", "ArrowRight", "ArrowRight"], to: "Cell 1:4." },
  { keys: ["ArrowLeft"], to: "Cell 1:0." },
  { keys: ["ArrowLeft", "ArrowLeft"], to: "module_1" },
  { keys: ["ArrowUp"], to: "Cell 0:1." },
  { keys: ["ArrowDown"], to: "Cell 3:1." },
  { keys: ["Home"], to: "Cell 1:0." },
  { keys: ["End"], to: "Cell 1:4." },
  { keys: ["Control+Home"], to: "Cell 0:1." },
  { keys: ["Control+End"], to: "Cell 3:3." },
  { keys: ["q"], to: "Cell 1:1." },
])("from the second cell of the second row, $keys leads to $to", ({ keys, to }) => {
  drawHeatmap(root, data(".eee.", "eee.e", ".....", "eeee "), options);
  cell("1:1").focus();
  for (const key of keys) press(key.replace("Control+", ""), { ctrlKey: key.startsWith("Control+") });
  expect(focused()).toBe(to);
});

test("pointer and keyboard say and do the same", () => {
  drawHeatmap(root, data("ee", "e."), options);
  cell("0:1").dispatchEvent(new MouseEvent("pointerover", { bubbles: true }));
  cell("0:1").dispatchEvent(new MouseEvent("click", { bubbles: true }));
  root.dispatchEvent(new MouseEvent("pointerleave"));
  const byPointer = heard.splice(0);
  expect(byPointer).toEqual(["hover 0:1", "select 0:1", "hover null nowhere"]);

  cell("0:1").focus();
  press("Enter");
  press("Escape");
  expect(heard.splice(0)).toEqual(byPointer);
  press(" ");
  expect(heard.splice(0)).toEqual(["select 0:1"]);

  row(1).dispatchEvent(new MouseEvent("click", { bubbles: true }));
  row(1).focus();
  press("Enter");
  // A row's label has no readout: the one of the cell before goes.
  expect(heard.splice(0)).toEqual(["row r1", "hover null nowhere", "row r1"]);

  cell("1:1").dispatchEvent(new MouseEvent("click", { bubbles: true }));
  expect(heard).toEqual([]);
});

test("the latest options are the ones that hear", () => {
  drawHeatmap(root, data("e"), options);
  drawHeatmap(root, data("e"), { ...options, onSelect: (key) => heard.push(`new ${key}`) });
  cell("0:0").dispatchEvent(new MouseEvent("click", { bubbles: true }));
  expect(heard).toEqual(["new 0:0"]);
});

test("the cell under the pointer keeps its frame while results arrive, and loses it with the cell", () => {
  drawHeatmap(root, data("we", "ee"), options);
  cell("1:1").dispatchEvent(new MouseEvent("pointerover", { bubbles: true }));
  expect(root.querySelector("text.here")?.textContent).toBe("1");
  drawHeatmap(root, data("ee", "ee"), options);
  expect(root.querySelectorAll("rect.cursor")).toHaveLength(1);
  drawHeatmap(root, data("ee"), options);
  expect(root.querySelectorAll("rect.cursor, text.here")).toHaveLength(0);
});

test("the selection is framed and announced, the module in question is bold", () => {
  drawHeatmap(root, data("ee", "ee"), { ...options, selected: "1:0", emphasised: "r1" });
  expect([...root.querySelectorAll("[aria-selected=true]")]).toEqual([cell("1:0")]);
  const frame = root.querySelector(".selection .frame");
  expect(Number(frame?.getAttribute("x"))).toBeCloseTo(Number(cell("1:0").getAttribute("x")) - 1, 9);
  expect(root.querySelectorAll(".row.strong")).toHaveLength(1);
  drawHeatmap(root, data("ee", "ee"), options);
  expect(root.querySelectorAll("[aria-selected=true], .selection, .strong")).toHaveLength(0);
});

test.each([
  { totals: [0.2, 0.4, null], heights: [9, 18] },
  { totals: [0, 0, 0], heights: [0, 0, 0] },
  { totals: [Number.NaN, null, 0.1], heights: [18] },
])("column totals $totals are bars of $heights px", ({ totals, heights }) => {
  const picture = data("eee");
  drawHeatmap(
    root,
    { ...picture, columns: picture.columns.map((column, i) => ({ ...column, total: totals[i] ?? null })) },
    { ...options, columnTotalTitle: "mean" },
  );
  expect([...root.querySelectorAll("rect.bar")].map((bar) => Number(bar.getAttribute("height")))).toEqual(heights);
});

test("bars of a diverging metric rise and hang from its centre", () => {
  const picture = data("eee");
  const totals = [0.9, 1, 1.05];
  drawHeatmap(
    root,
    { ...picture, columns: picture.columns.map((column, i) => ({ ...column, total: totals[i] ?? null })) },
    { ...options, scale: { kind: "diverging", domain: [0.8, 1.2], centre: 1 }, columnTotalTitle: "mean" },
  );
  const [below, at, above] = [...root.querySelectorAll("rect.bar")].map((bar) => ({
    top: Number(bar.getAttribute("y")),
    height: Number(bar.getAttribute("height")),
  }));
  expect(below?.height).toBeCloseTo(9, 9);
  expect(at?.height).toBe(0);
  expect(above?.height).toBeCloseTo(4.5, 9);
  expect(below?.top).toBeCloseTo((above?.top ?? 0) + 4.5, 9);
});
