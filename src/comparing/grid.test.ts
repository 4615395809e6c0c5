import { describe, expect, it, test } from "vitest";
import type { ParameterGroup } from "../taxonomy/place.ts";
import { gridOf, groupsOf } from "./grid.ts";
import { pairsOf } from "./testing/sample-comparison.ts";

type Tensor = readonly [name: string, shape: readonly number[]];

const layer = (n: number, stack = "model.layers"): Tensor[] => [
  [`${stack}.${n}.input_layernorm.weight`, [4]],
  [`${stack}.${n}.mlp.down_proj.weight`, [4, 8]],
  [`${stack}.${n}.mlp.up_proj.weight`, [8, 4]],
  [`${stack}.${n}.mlp.gate_proj.weight`, [8, 4]],
  [`${stack}.${n}.self_attn.o_proj.weight`, [4, 4]],
  [`${stack}.${n}.self_attn.v_proj.weight`, [4, 4]],
  [`${stack}.${n}.self_attn.k_proj.weight`, [4, 4]],
  [`${stack}.${n}.self_attn.q_proj.weight`, [4, 4]],
  [`${stack}.${n}.self_attn.q_proj.bias`, [4]],
];

const MODEL: Tensor[] = [
  ["lm_head.weight", [16, 4]],
  ["model.embed_tokens.weight", [16, 4]],
  ["model.norm.weight", [4]],
  // A file holds layer 10 before layer 2.
  ...[0, 1, 10, 2].flatMap((n) => layer(n)),
];
const PAIRS = pairsOf(MODEL);
const indexOf = (pairs: readonly { name: string }[], name: string) => pairs.findIndex((pair) => pair.name === name);

/** A grid as one line a row: `key: layer(pairs) layer(pairs) …`, layers by number. */
const picture = (pairs: ReturnType<typeof pairsOf>, group: ParameterGroup) =>
  gridOf(pairs, group).rows.map(({ key, cells }) => {
    const byLayer = [...cells].sort((x, y) => x.layer - y.layer);
    return `${key}: ${byLayer.map((cell) => `${cell.layer}(${cell.pairs.length})`).join(" ")}`;
  });

describe("gridOf", () => {
  it("has the rows in the paper's order and the layers by number", () => {
    const { rows, layers } = gridOf(PAIRS, "matrix");
    const paper = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];
    expect(rows.map(({ key, label, stack }) => [key, label, stack])).toEqual(paper.map((m) => [m, m, "model.layers"]));
    expect(layers).toEqual([0, 1, 2, 10]);
  });

  it("has one cell for a module in a layer, under a key that a link can hold", () => {
    const row = gridOf(PAIRS, "matrix").rows[3];
    const pair = indexOf(PAIRS, "model.layers.10.self_attn.o_proj.weight");
    expect(row.cells.find((cell) => cell.layer === 10)).toEqual({
      ...{ key: "o_proj@10", row: "o_proj", layer: 10, pairs: [pair] },
    });
    expect(row.cells).toHaveLength(4);
  });

  test.each<[ParameterGroup, string[], string[]]>([
    ["norm", ["input_layernorm: 0(1) 1(1) 2(1) 10(1)"], ["model.norm.weight"]],
    ["bias", ["q_proj.bias: 0(1) 1(1) 2(1) 10(1)"], []],
    ["other", [], []],
  ])("keeps what is %s apart", (group, rows, outside) => {
    expect(picture(PAIRS, group)).toEqual(rows);
    expect(gridOf(PAIRS, group).outside.map(({ key }) => key)).toEqual(outside);
  });

  it("lists what stands in no layer outside", () => {
    const { outside } = gridOf(PAIRS, "matrix");
    expect(outside).toEqual([
      { key: "lm_head.weight", label: "lm_head", pair: 0 },
      { key: "model.embed_tokens.weight", label: "embed_tokens", pair: 1 },
    ]);
  });

  it("holds every pair of every group in one place", () => {
    const seen = groupsOf(PAIRS).flatMap((group) => {
      const { rows, outside } = gridOf(PAIRS, group);
      return [...rows.flatMap(({ cells }) => cells.flatMap((cell) => cell.pairs)), ...outside.map(({ pair }) => pair)];
    });
    expect(seen.sort((x, y) => x - y)).toEqual(PAIRS.map(({ index }) => index));
  });

  it("sets several stacks one under the other, the towers of a model below it", () => {
    const stacks = ["model.layers", "vision_tower.encoder.layers"];
    const pairs = pairsOf([...stacks].reverse().flatMap((stack) => [0, 1].flatMap((n) => layer(n, stack))));
    const { rows } = gridOf(pairs, "matrix");
    expect(rows.map(({ stack }) => stack)).toEqual(stacks.flatMap((stack) => new Array(7).fill(stack)));
    expect(rows[0].key).toBe(`${stacks[0]}/q_proj`);
    expect(rows[7].cells.map(({ key }) => key)).toEqual([`${stacks[1]}/q_proj@0`, `${stacks[1]}/q_proj@1`]);
    expect([rows[0].band, rows[7].band]).toEqual(["model", "vision_tower"]);
    expect(rows.map(({ label }) => label).slice(7)).toEqual(rows.map(({ label }) => label).slice(0, 7));
  });

  it("pools the experts of a layer into one cell", () => {
    const experts = [0, 1].flatMap((n) =>
      [0, 1, 2].map((e): Tensor => [`model.layers.${n}.mlp.experts.${e}.gate_proj.weight`, [8, 4]]),
    );
    const rows = picture(pairsOf(experts), "matrix");
    expect(rows).toEqual([expect.stringMatching(/gate_proj: 0\(3\) 1\(3\)$/)]);
  });

  it("is empty where there is nothing", () => {
    expect(gridOf([], "matrix")).toEqual({ rows: [], layers: [], outside: [] });
    expect(groupsOf([])).toEqual([]);
  });
});

test("groups are offered in one order, those without a tensor not at all", () => {
  expect(groupsOf(PAIRS)).toEqual(["matrix", "norm", "bias"]);
  expect(groupsOf(pairsOf([["a.bias", [4]]]))).toEqual(["bias"]);
});
