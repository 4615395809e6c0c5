import { describe, expect, it, test } from "vitest";
import { encodeFloats } from "../../e2e/fixtures/encode.ts";
import { quantisedSamples } from "../../e2e/fixtures/quantised.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { numbersIn } from "../reading/testing/numbers-in.ts";
import { checkpointOf } from "../tensors/testing/memory-checkpoint.ts";
import { viewsOf } from "../tensors/views-of.ts";
import { pairViews } from "./pair-views.ts";

/* The same numbers, stored differently on either side: in each pair both sides must read the same. */

type Rows = number[][];

const counting = { at: 0 };
/** Numbers that occur nowhere else. */
const matrix = (rows: number, columns: number): Rows =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => ++counting.at));
const turned = (rows: Rows): Rows => rows[0].map((_, column) => rows.map((row) => row[column]));
const tensor = (name: string, rows: Rows | Rows[]): FixtureTensor => {
  const stack = Array.isArray(rows[0][0]) ? [rows.length] : [];
  const one = (stack.length > 0 ? rows[0] : rows) as Rows;
  const shape = [...stack, one.length, one[0].length];
  return { name, dtype: "F32", shape, data: encodeFloats((rows as number[][][]).flat(3), "F32") };
};
const vector = (name: string, values: number[]): FixtureTensor => ({
  ...{ name, dtype: "F32", shape: [values.length], data: encodeFloats(values, "F32") },
});
const heads = (count: number, size: number, columns: number): Rows[] =>
  Array.from({ length: count }, () => matrix(size, columns));

interface Case {
  name: string;
  fused: FixtureTensor[];
  config?: Record<string, unknown>;
  split: FixtureTensor[];
  /** Names of the pairs' views on the fused side, in the order of the split side. */
  views: string[];
}

const MODULE = { gpt_neox: "gpt_neox.layers.0.attention", internlm2: "model.layers.0.attention" };
const FUSED = { gpt_neox: "query_key_value", internlm2: "wqkv" };

/** q, k and v of `groups` groups, each of `queries` heads and one k and v, with a bias where there is one. */
function alternating(config: Record<string, unknown>, groups: number, queries: number): Case {
  const [size, columns] = [2, 8];
  const family = config.model_type === "internlm2" ? "internlm2" : "gpt_neox";
  const module = config.model_type === "internlm2" ? MODULE.internlm2 : MODULE.gpt_neox;
  const q = Array.from({ length: groups }, () => heads(queries, size, columns).flat());
  const [k, v] = [heads(groups, size, columns), heads(groups, size, columns)];
  const fused = q.flatMap((rows, group) => [...rows, ...k[group], ...v[group]]);
  const first = (rows: Rows) => rows.map(([value]) => value + 0.5);
  const parts = { q: q.flat(), k: k.flat(), v: v.flat() };
  const own = `${module}.${FUSED[family]}`;
  const of = (queries + 2) * size;
  const index = (part: string, at: number) => {
    if (groups > 1) return `[${part} of ${of}]`;
    const ends = [0, queries * size, (queries + 1) * size, (queries + 2) * size];
    return `[${ends[at]}:${ends[at + 1]}]`;
  };
  const ranges = [`0:${queries * size}`, `${queries * size}:${(queries + 1) * size}`, `${(queries + 1) * size}:${of}`];
  return {
    name: `${config.model_type}: ${groups} groups of ${queries} + 2 heads`,
    fused: [tensor(`${own}.weight`, fused), vector(`${own}.bias`, first(fused))],
    config: { ...config, num_attention_heads: groups * queries, hidden_size: groups * queries * size },
    split: (["q", "k", "v"] as const).flatMap((part) => [
      tensor(`${module}.${part}_proj.weight`, parts[part]),
      vector(`${module}.${part}_proj.bias`, first(parts[part])),
    ]),
    views: ranges.flatMap((range, at) => ["weight", "bias"].map((end) => `${own}.${end}${index(range, at)}`)),
  };
}

function conv1d(): Case {
  const names = { "attn.c_attn": [12, 4], "attn.c_proj": [4, 4], "mlp.c_fc": [16, 4], "mlp.c_proj": [4, 16] };
  const maps = Object.entries(names).map(([name, [out, inputs]]) => ({ name, rows: matrix(out, inputs) }));
  return {
    name: "GPT-2's Conv1D against nn.Linear, the square one included",
    fused: maps.map(({ name, rows }) => tensor(`h.0.${name}.weight`, turned(rows))),
    split: maps.map(({ name, rows }) => tensor(`h.0.${name}.weight`, rows)),
    views: maps.map(({ name }) => `h.0.${name}.weight.T`),
  };
}

function conv1dSplit(): Case {
  const parts = ["q", "k", "v"].map((part) => ({ part, rows: matrix(4, 4) }));
  return {
    name: "GPT-2's fused Conv1D against three nn.Linear",
    fused: [tensor("transformer.h.0.attn.c_attn.weight", turned(parts.flatMap(({ rows }) => rows)))],
    split: parts.map(({ part, rows }) => tensor(`transformer.h.0.attn.${part}_proj.weight`, rows)),
    views: ["0:4", "4:8", "8:12"].map((rows) => `transformer.h.0.attn.c_attn.weight.T[${rows}]`),
  };
}

/** q of four heads, then k and v of two each, and a gated up-projection under the name of a plain one. */
function chatGlm(): Case {
  const [size, columns] = [2, 8];
  const rows = { q: matrix(4 * size, columns), k: matrix(2 * size, columns), v: matrix(2 * size, columns) };
  const [gate, up] = [matrix(6, columns), matrix(6, columns)];
  const [own, other] = ["transformer.encoder.layers.0", "model.layers.0"];
  const parts = ["q", "k", "v"] as const;
  return {
    name: "ChatGLM's queries that share keys against q, k and v, and its gated map against gate and up",
    fused: [
      tensor(
        `${own}.self_attention.query_key_value.weight`,
        parts.flatMap((part) => rows[part]),
      ),
      vector(
        `${own}.self_attention.query_key_value.bias`,
        parts.flatMap((part) => rows[part].map(([value]) => value + 0.5)),
      ),
      tensor(`${own}.mlp.dense_h_to_4h.weight`, [...gate, ...up]),
    ],
    config: {
      ...{ model_type: "chatglm", num_attention_heads: 4, hidden_size: 8, kv_channels: size },
      ...{ multi_query_attention: true, multi_query_group_num: 2 },
    },
    split: [
      ...parts.flatMap((part) => [
        tensor(`${other}.self_attn.${part}_proj.weight`, rows[part]),
        vector(
          `${other}.self_attn.${part}_proj.bias`,
          rows[part].map(([value]) => value + 0.5),
        ),
      ]),
      tensor(`${other}.mlp.gate_proj.weight`, gate),
      tensor(`${other}.mlp.up_proj.weight`, up),
    ],
    views: [
      ...["0:8", "8:12", "12:16"].flatMap((range) =>
        ["weight", "bias"].map((end) => `${own}.self_attention.query_key_value.${end}[${range}]`),
      ),
      ...["0:6", "6:12"].map((range) => `${own}.mlp.dense_h_to_4h.weight[${range}]`),
    ],
  };
}

/** Stacks [experts, in, out], the square of `down` included where inner and outer width agree. */
function llama4(): Case {
  const [width, inner] = [4, 6];
  const experts = [0, 1, 2].map(() => ({
    ...{ gate: matrix(inner, width), up: matrix(inner, width), down: matrix(width, inner) },
  }));
  const at = "language_model.model.layers.0.feed_forward.experts";
  return {
    name: "Llama 4's stacks against experts one by one",
    fused: [
      tensor(
        `${at}.gate_up_proj`,
        experts.map(({ gate, up }) => turned([...gate, ...up])),
      ),
      tensor(
        `${at}.down_proj`,
        experts.map(({ down }) => turned(down)),
      ),
    ],
    split: experts.flatMap(({ gate, up, down }, e) => [
      tensor(`${at}.${e}.gate_proj.weight`, gate),
      tensor(`${at}.${e}.up_proj.weight`, up),
      tensor(`${at}.${e}.down_proj.weight`, down),
    ]),
    views: experts.flatMap((_, e) => [
      `${at}.gate_up_proj[${e}].T[0:${inner}]`,
      `${at}.gate_up_proj[${e}].T[${inner}:${2 * inner}]`,
      `${at}.down_proj[${e}].T`,
    ]),
  };
}

/** gate and up alternate in the outputs; biases stand beside the stacks. */
function gptOss(): Case {
  const [width, inner] = [4, 4];
  const experts = [0, 1].map(() => ({
    gate: matrix(inner, width),
    up: matrix(inner, width),
    down: matrix(width, inner),
  }));
  const at = "model.layers.0.mlp.experts";
  const woven = ({ gate, up }: { gate: Rows; up: Rows }) => gate.flatMap((row, i) => [row, up[i]]);
  return {
    name: "gpt-oss's stacks, in which gate and up alternate, against experts one by one",
    fused: [
      tensor(
        `${at}.gate_up_proj`,
        experts.map((expert) => turned(woven(expert))),
      ),
      tensor(
        `${at}.down_proj`,
        experts.map(({ down }) => turned(down)),
      ),
      tensor(
        `${at}.gate_up_proj_bias`,
        experts.map((expert) => woven(expert).map(([value]) => value + 0.5)),
      ),
      tensor(
        `${at}.down_proj_bias`,
        experts.map(({ down }) => down.map(([value]) => value + 0.5)),
      ),
    ],
    split: experts.flatMap(({ gate, up, down }, e) => [
      tensor(`${at}.${e}.gate_proj.weight`, gate),
      tensor(`${at}.${e}.up_proj.weight`, up),
      tensor(`${at}.${e}.down_proj.weight`, down),
    ]),
    views: experts.flatMap((_, e) => [
      ...[0, 1].map((first) => `${at}.gate_up_proj[${e}].T[${first}::2]`),
      `${at}.down_proj[${e}].T`,
    ]),
  };
}

const CASES: Case[] = [
  alternating({ model_type: "gpt_neox" }, 4, 1),
  alternating({ model_type: "bloom" }, 2, 1),
  alternating({ model_type: "falcon", multi_query: false }, 4, 1),
  alternating({ model_type: "falcon", multi_query: true }, 1, 4),
  alternating({ model_type: "falcon", multi_query: true, new_decoder_architecture: true, num_kv_heads: 2 }, 2, 3),
  alternating({ model_type: "RefinedWeb", n_head_kv: 2 }, 2, 2),
  alternating({ model_type: "internlm2", num_key_value_heads: 2 }, 2, 2),
  alternating({ model_type: "chatglm" }, 4, 1),
  chatGlm(),
  conv1d(),
  conv1dSplit(),
  llama4(),
  gptOss(),
];

describe.each(CASES)("$name", ({ fused, config, split, views }) => {
  const files = { fused: [writeSafetensors(fused)], split: [writeSafetensors(split)] };
  const operands = { fused: viewsOf(checkpointOf(files.fused, config)), split: viewsOf(checkpointOf(files.split)) };

  it.each([true, false])("reads the same on both sides (the fused one is A: %s)", async (fusedIsA) => {
    const { pairs } = fusedIsA ? pairViews(operands.fused, operands.split) : pairViews(operands.split, operands.fused);
    const seen: string[] = [];
    for (const { a, b } of pairs) {
      const [own, other] = fusedIsA ? [a, b] : [b, a];
      expect(own?.shape).toEqual(other?.shape);
      if (!own || !other) continue;
      expect(await numbersIn(files.fused, own), own.name).toEqual(await numbersIn(files.split, other));
      seen.push(own.name);
    }
    expect(seen.sort()).toEqual([...views].sort());
    expect(new Set(pairs.map(({ name }) => name)).size).toBe(pairs.length);
  });
});

test("without its config the heads of a fused matrix are not guessed", () => {
  const { fused, split } = CASES[0];
  const [a, b] = [fused, split].map((tensors) => viewsOf(checkpointOf([writeSafetensors(tensors)])));
  const { pairs, unpaired } = pairViews(a, b);
  expect(pairs).toEqual([]);
  expect(unpaired[0].reason).toMatch(/alternate by head\. How, config\.json would have to say/);
});

test("GPT-2 against GPT-2 is read as it lies", () => {
  const [{ fused }] = CASES.filter(({ name }) => name.startsWith("GPT-2's Conv1D"));
  const operand = () => viewsOf(checkpointOf([writeSafetensors(fused)]));
  const { pairs } = pairViews(operand(), operand());
  expect(pairs.map(({ a, b }) => [a.order, b?.order])).toEqual(new Array(4).fill([undefined, undefined]));
});

test("a square matrix of which no family says anything is not turned round", () => {
  const square = (name: string) => viewsOf(checkpointOf([writeSafetensors([tensor(name, matrix(4, 4))])]));
  const [{ a, b }] = pairViews(square("h.0.attn.c_proj.weight"), square("h.0.attn.c_proj.weight")).pairs;
  expect([a.order, b?.order]).toEqual([undefined, undefined]);
});

test("what is stored the other way round and too large for memory is named", () => {
  const large = (shape: number[]) => ({
    views: [{ name: "w", dtype: "BF16", shape, count: 2 ** 28, file: 0, span: { begin: 0, end: 2 ** 29 } } as const],
    ...{ left: [], hashes: [null], tied: false },
  });
  const { pairs, unpaired } = pairViews(large([2 ** 13, 2 ** 15]), large([2 ** 15, 2 ** 13]));
  expect(pairs).toEqual([]);
  expect(unpaired.map(({ reason }) => reason)).toEqual(
    new Array(2).fill(
      "One is stored the other way round, [8192, 32768] in A and [32768, 8192] in B, and too large to be turned in memory.",
    ),
  );
});

describe("gpt-oss in MXFP4", () => {
  const sample = quantisedSamples().find(({ scheme }) => scheme === "MXFP4");
  if (!sample) throw new Error("There is a sample of MXFP4.");
  const [experts, rows, columns] = sample.shape;
  const stack = Array.from({ length: experts }, (_, e) =>
    Array.from({ length: rows }, (_, row) => {
      const at = (e * rows + row) * columns;
      return sample.values.slice(at, at + columns);
    }),
  );
  const bias = { ...tensor(`${sample.name}_bias`, matrix(experts, rows)) };
  const packed = [writeSafetensors([...sample.tensors, bias])];
  const plain = [writeSafetensors([tensor(sample.name, stack.map(turned)), bias])];

  it("meets its BF16 counterpart, which is the other way round, expert by expert", async () => {
    const operands = [packed, plain].map((files) => viewsOf(checkpointOf(files)));
    const { pairs, unpaired } = pairViews(operands[0], operands[1]);
    expect(unpaired).toEqual([]);
    expect(pairs.map(({ name, nameB, place }) => [name, nameB, place.expert])).toEqual([
      [`${sample.name}[0]`, `${sample.name}[0].T`, 0],
      [`${sample.name}[1]`, `${sample.name}[1].T`, 1],
      [`${sample.name}_bias`, `${sample.name}_bias`, undefined],
    ]);
    // The packed side comes in a stream.
    expect(pairs[0].a.order).toBeUndefined();
    for (const { a, b } of pairs) expect(b && (await numbersIn(packed, a))).toEqual(b && (await numbersIn(plain, b)));
  });

  it("is turned though it be square, because the family is known", async () => {
    const blocks = sample.tensors.map((each) => ({
      ...each,
      name: each.name.replace("gate_up_proj", "down_proj"),
      shape: [...(each.shape.length === 4 ? [1, 32, 1, 16] : [1, 32, 1])],
      data: each.data.slice(0, each.shape.length === 4 ? 512 : 32),
    }));
    const name = sample.name.replace("gate_up_proj", "down_proj");
    const square = tensor(name, [
      turned(Array.from({ length: 32 }, (_, i) => sample.values.slice(32 * i, 32 * i + 32))),
    ]);
    const biases = tensor(`${name}_bias`, matrix(1, 32));
    const files = [[writeSafetensors([...blocks, biases])], [writeSafetensors([square, biases])]];
    const [a, b] = files.map((each) => viewsOf(checkpointOf(each)));
    const [pair] = pairViews(a, b).pairs;
    expect(pair.b?.name).toBe(`${name}[0].T`);
    expect(await numbersIn(files[0], pair.a)).toEqual(pair.b && (await numbersIn(files[1], pair.b)));
  });
});

test("a tensor that does not tell its shape takes its partner's", () => {
  const sample = quantisedSamples().find(({ scheme }) => scheme === "NF4");
  if (!sample) throw new Error("There is a sample of NF4.");
  const base = viewsOf(checkpointOf([writeSafetensors([tensor(sample.name, matrix(300, 128))])]));
  const packed = viewsOf(checkpointOf([writeSafetensors(sample.tensors)], sample.config));
  expect(pairViews(base, packed).pairs.map(({ b }) => b?.shape)).toEqual([[300, 128]]);
  expect(pairViews(packed, base).pairs.map(({ a }) => a.shape)).toEqual([[300, 128]]);
  const other = viewsOf(checkpointOf([writeSafetensors([tensor(sample.name, matrix(4, 4))])]));
  expect(pairViews(packed, other).pairs).toEqual([]);
});

test("encoded weights are identical where their scales are, too", () => {
  const [sample] = quantisedSamples();
  const operand = (hashes: string[]) => {
    const found = viewsOf(
      checkpointOf(
        [writeSafetensors(sample.tensors.slice(1)), writeSafetensors(sample.tensors.slice(0, 1))],
        sample.config,
      ),
    );
    return { ...found, hashes };
  };
  const same = (x: string[], y: string[]) => pairViews(operand(x), operand(y)).pairs.map(({ identical }) => identical);
  expect(same(["aa", "bb"], ["aa", "bb"])).toEqual([true]);
  expect(same(["aa", "bb"], ["aa", "cc"])).toEqual([undefined]);
  expect(same(["aa", "bb"], ["cc", "bb"])).toEqual([undefined]);
});
