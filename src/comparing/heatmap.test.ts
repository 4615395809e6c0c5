import { describe, expect, it, test } from "vitest";
import { derive } from "../statistics/derive.ts";
import { type Look, ridgesOf } from "./distributions.ts";
import { gridOf } from "./grid.ts";
import { type HeatmapChoice, heatmapOf, roundUp } from "./heatmap.ts";
import { inspect } from "./inspection.ts";
import type { PairOutcome } from "./outcome.ts";
import { OutcomeList } from "./outcome-list.ts";
import { strideOf } from "./shown-cells.ts";
import { orderRows, type TableChoice, tableRow } from "./table.ts";
import { comparisonOf, outcomeOf, pairsOf } from "./testing/sample-comparison.ts";

const LAYERS = [0, 1, 2];
const PAIRS = pairsOf([
  ["model.embed_tokens.weight", [2, 2]],
  ...LAYERS.flatMap((layer): [string, number[]][] => [
    [`model.layers.${layer}.self_attn.q_proj.weight`, [2, 2]],
    [`model.layers.${layer}.self_attn.o_proj.weight`, [2, 2]],
    [`model.layers.${layer}.input_layernorm.weight`, [4]],
  ]),
]);
const COMPARISON = comparisonOf(PAIRS, [
  { side: "b", name: "lm_head.weight", reason: "A has no tensor of this name." },
]);

/** q moves by a tenth of itself, o by `layer + 2` tenths; norms stay. */
function movedBy(name: string): number {
  const layer = Number(/layers\.(\d+)/.exec(name)?.[1] ?? 0);
  if (name.includes("o_proj")) return (layer + 2) / 10;
  return name.includes("norm") ? 0 : 0.1;
}
const BASE = [1, -2, 4, 8];
const ALL = PAIRS.map(({ name }) =>
  outcomeOf(
    BASE,
    BASE.map((a) => a * (1 + movedBy(name))),
  ),
);

const OVER_ABS: Look = { id: "abs", denominator: "abs", beyond: "bars", unchanged: "show" };

const resultsOf = (outcomes: readonly (PairOutcome | null)[] = ALL) => OutcomeList.of(PAIRS, outcomes);
const pictureOf = (finished: boolean, outcomes: readonly (PairOutcome | null)[], choice: Partial<HeatmapChoice> = {}) =>
  heatmapOf(
    COMPARISON,
    resultsOf(outcomes),
    { metric: "relative", group: "matrix", figure: "ours", ...choice },
    finished,
  );
const only = (wanted: (name: string) => boolean) => ALL.map((outcome, i) => (wanted(PAIRS[i].name) ? outcome : null));

describe("the heatmap", () => {
  it("draws one group, rows in the paper's order, with means and what stands outside", () => {
    const picture = pictureOf(true, ALL);
    expect(picture.rows.map(({ key, total }) => [key, total?.toFixed(6)])).toEqual([
      ["q_proj", "0.100000"],
      ["o_proj", "0.300000"],
    ]);
    expect(picture.columns.map(({ total }) => total?.toFixed(6))).toEqual(["0.150000", "0.200000", "0.250000"]);
    expect(picture.outside.map(({ key, value }) => [key, value?.toFixed(6)])).toEqual([
      ["model.embed_tokens.weight", "0.100000"],
    ]);
    expect([picture.top, picture.domain]).toEqual(["o_proj", [0, 0.4]]);
    expect(picture.headline).toMatch(/^o_proj moved most: 0\.300/);
    expect(picture.cells.find(({ key }) => key === "o_proj@2")).toMatchObject({ column: "2", state: "exact" });
  });

  it("waits with a column's mean until all of it is read, and says so far", () => {
    const picture = pictureOf(
      false,
      only((name) => name.includes("q_proj")),
    );
    expect(picture.columns.map(({ total }) => total)).toEqual([null, null, null]);
    expect(picture.cells.filter(({ state }) => state === "waiting")).toHaveLength(3);
    expect(picture.headline).toMatch(/so far/);
  });

  it("centres a diverging metric", () => {
    const picture = pictureOf(true, ALL, { metric: "rescale" });
    expect(picture.domain).toEqual([-0.4, 0.4]);
  });

  it("pools the pairs of a cell, and is partial while one is missing", () => {
    const pooled = (pairs: number[], list: (PairOutcome | null)[]) => OutcomeList.of(PAIRS, list).pooled(pairs);
    const isQuery = (name: string) => name.includes("q_proj");
    expect(pooled([1, 2], ALL)).toMatchObject({ state: "exact", numbers: { count: 8 }, stats: { count: 8 } });
    expect(pooled([1, 2], only(isQuery))).toMatchObject({ state: "partial", numbers: { count: 4 } });
    expect(pooled([1], [])).toBeNull();
  });
});

test.each([
  [0, 1],
  [Number.NaN, 1],
  [0.36, 0.4],
  [0.4, 0.4],
  [0.41, 0.5],
  [9.1, 10],
  [1.2e-7, 1.5e-7],
])("the scale above %f ends at %f", (value, end) => {
  expect(roundUp(value)).toBeCloseTo(end, 12);
});

describe("what is looked at", () => {
  it("is found in any group, and outside the layers", () => {
    const results = resultsOf();
    const found = (key: string) => inspect(COMPARISON, results, key);
    expect(found("input_layernorm@1")).toMatchObject({ title: "Layer 1 · input_layernorm", state: "exact" });
    expect(found("model.embed_tokens.weight")).toMatchObject({ title: "embed_tokens" });
    expect(found("o_proj@2")?.derived?.relativeNorm).toBeCloseTo(0.4, 6);
    expect(found("nothing@9")).toBeNull();
  });

  it("keeps a place for layers that are not read yet", () => {
    const results = resultsOf(only((name) => name.includes("layers.1.self_attn.o_proj")));
    const row = gridOf(PAIRS, "matrix").rows.find(({ key }) => key === "o_proj");
    if (!row) throw new Error("There is a row.");
    const ridges = ridgesOf(results, row, { every: 0, figure: "ours" }, OVER_ABS);
    expect(ridges.map(({ key, total }) => [key, total])).toEqual([
      ["o_proj@0", 0],
      ["o_proj@1", 4],
      ["o_proj@2", 0],
    ]);
    const stride = (every: number, layers: number) => strideOf({ every, figure: "ours" }, layers);
    expect([stride(0, 28), stride(0, 8), stride(5, 8), strideOf({ every: 2, figure: "3" }, 8)]).toEqual([3, 1, 5, 5]);
  });
});

describe("the table", () => {
  const rowsOf = async (choice: Partial<TableChoice>) => {
    const results = resultsOf();
    const rows = await orderRows(COMPARISON, results, { find: "", sort: "", ...choice });
    return [...(rows ?? [])].map((index) => tableRow(COMPARISON, results, index));
  };
  const names = async (choice: Partial<TableChoice>) => (await rowsOf(choice)).map(({ name }) => name);

  it("lists every pair, then what has no partner with its reason", async () => {
    const rows = await rowsOf({});
    expect(rows).toHaveLength(PAIRS.length + 1);
    expect(rows.at(-1)).toMatchObject({ name: "lm_head.weight", reason: "A has no tensor of this name." });
    expect(rows[2].derived).toEqual(derive(ALL[2].stats ?? expect.fail("It was read.")));
  });

  it("finds all words in any order", async () => {
    expect(await names({ find: "proj LAYERS.1" })).toEqual([
      "model.layers.1.self_attn.q_proj.weight",
      "model.layers.1.self_attn.o_proj.weight",
    ]);
    expect(await names({ find: "no tensor of" })).toEqual(["lm_head.weight"]);
  });

  it("sorts by a column, rows without a value last", async () => {
    expect((await names({ sort: "-relative" })).slice(0, 2)).toEqual([
      "model.layers.2.self_attn.o_proj.weight",
      "model.layers.1.self_attn.o_proj.weight",
    ]);
    expect((await names({ sort: "relative" })).at(-1)).toBe("lm_head.weight");
    expect((await names({ sort: "-relative" })).at(-1)).toBe("lm_head.weight");
    expect((await names({ sort: "nonsense" }))[0]).toBe("model.embed_tokens.weight");
  });

  it("gives the same row until what is known of it changes", () => {
    const results = resultsOf(only((name) => name.includes("q_proj")));
    const row = (index: number) => tableRow(COMPARISON, results, index);
    const [known, unknown] = [row(1), row(2)];
    results.set(2, outcomeOf(BASE, BASE) as Parameters<OutcomeList["set"]>[1]);
    expect(row(1)).toBe(known);
    expect([unknown.coverage, row(2).coverage]).toEqual([0, 1]);
  });

  it("is given up where something else is wanted", async () => {
    expect(await orderRows(COMPARISON, resultsOf(), { find: "", sort: "name" }, AbortSignal.abort())).toBeNull();
  });
});
