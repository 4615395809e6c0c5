import { expect, test } from "vitest";
import type { View } from "../tensors/view.ts";
import type { Views } from "../tensors/views-of.ts";
import type { Pairing } from "./pair.ts";
import { pairViews } from "./pair-views.ts";
import { parseRenameRule, RenameRuleError } from "./rename-rule.ts";

/* What belongs together where two checkpoints write the same model differently. */

type Listed = Record<string, readonly number[]>;

/** Tensors of the given shapes, one behind the other from byte 0, two bytes an element. */
function operand(shapes: Listed, more: Partial<Views> = {}): Views {
  let at = 0;
  const views = Object.entries(shapes).map(([name, shape]): View => {
    const count = shape.reduce((product, size) => product * size, 1);
    at += 2 * count;
    return { name, dtype: "BF16", shape, count, file: 0, span: { begin: at - 2 * count, end: at } };
  });
  return { views, left: [], hashes: [null], tied: false, ...more };
}

/** A pair as `name: A's view | B's view, shape`. */
const lines = ({ pairs }: Pairing) =>
  pairs.map(({ name, a, b, nameB }) => {
    expect([nameB, b?.shape]).toEqual([b?.name, a.shape]);
    return `${name}: ${a.name} | ${nameB} [${a.shape}]`;
  });

const L = "model.layers.0";
const CASES: { name: string; a: Views; b: Views; pairs: string[]; unpaired?: string[] }[] = [
  {
    name: "Phi-3's qkv against q, k and v with fewer key heads",
    a: operand({ [`${L}.self_attn.qkv_proj.weight`]: [8, 4] }),
    b: operand({
      [`${L}.self_attn.k_proj.weight`]: [2, 4],
      [`${L}.self_attn.q_proj.weight`]: [4, 4],
      [`${L}.self_attn.v_proj.weight`]: [2, 4],
    }),
    pairs: [
      `${L}.self_attn.qkv_proj.weight[0:4]: ${L}.self_attn.qkv_proj.weight[0:4] | ${L}.self_attn.q_proj.weight [4,4]`,
      `${L}.self_attn.qkv_proj.weight[4:6]: ${L}.self_attn.qkv_proj.weight[4:6] | ${L}.self_attn.k_proj.weight [2,4]`,
      `${L}.self_attn.qkv_proj.weight[6:8]: ${L}.self_attn.qkv_proj.weight[6:8] | ${L}.self_attn.v_proj.weight [2,4]`,
    ],
  },
  {
    name: "gate and up against Phi-3's gate_up",
    a: operand({ [`${L}.mlp.gate_proj.weight`]: [3, 4], [`${L}.mlp.up_proj.weight`]: [3, 4] }),
    b: operand({ [`${L}.mlp.gate_up_proj.weight`]: [6, 4] }),
    pairs: [
      `${L}.mlp.gate_proj.weight: ${L}.mlp.gate_proj.weight | ${L}.mlp.gate_up_proj.weight[0:3] [3,4]`,
      `${L}.mlp.up_proj.weight: ${L}.mlp.up_proj.weight | ${L}.mlp.gate_up_proj.weight[3:6] [3,4]`,
    ],
  },
  {
    name: "Baichuan's W_pack with its bias",
    a: operand({ [`${L}.self_attn.W_pack.bias`]: [6] }),
    b: operand({
      [`${L}.self_attn.q_proj.bias`]: [2],
      [`${L}.self_attn.k_proj.bias`]: [2],
      [`${L}.self_attn.v_proj.bias`]: [2],
    }),
    pairs: ["q", "k", "v"].map((part, i) => {
      const own = `${L}.self_attn.W_pack.bias[${2 * i}:${2 * i + 2}]`;
      return `${own}: ${own} | ${L}.self_attn.${part}_proj.bias [2]`;
    }),
  },
  {
    name: "experts one by one against transformers 5's stacks",
    a: operand({
      ...Object.fromEntries(
        [0, 1].flatMap((e) => [
          [`${L}.mlp.experts.${e}.gate_proj.weight`, [3, 4]],
          [`${L}.mlp.experts.${e}.up_proj.weight`, [3, 4]],
          [`${L}.mlp.experts.${e}.down_proj.weight`, [4, 3]],
        ]),
      ),
    }),
    b: operand({ [`${L}.mlp.experts.gate_up_proj`]: [2, 6, 4], [`${L}.mlp.experts.down_proj`]: [2, 4, 3] }),
    pairs: [0, 1].flatMap((e) =>
      [
        ["gate_proj", `gate_up_proj[${e}, 0:3]`, "3,4"],
        ["up_proj", `gate_up_proj[${e}, 3:6]`, "3,4"],
        ["down_proj", `down_proj[${e}]`, "4,3"],
      ].map(([own, stack, shape]) => {
        const name = `${L}.mlp.experts.${e}.${own}.weight`;
        return `${name}: ${name} | ${L}.mlp.experts.${stack} [${shape}]`;
      }),
    ),
  },
  {
    name: "rows that alternate by head are not taken for thirds",
    a: operand({ "gpt_neox.layers.0.attention.query_key_value.weight": [6, 2] }),
    b: operand({
      "gpt_neox.layers.0.self_attn.q_proj.weight": [2, 2],
      "gpt_neox.layers.0.self_attn.k_proj.weight": [2, 2],
      "gpt_neox.layers.0.self_attn.v_proj.weight": [2, 2],
    }),
    pairs: [],
    unpaired: [
      "B keeps q, k and v apart, and in gpt_neox.layers.0.attention.query_key_value.weight their rows alternate by head. How, config.json would have to say; it is missing there, or does not, or they are too large to be taken apart.",
      ...new Array(3).fill("A has no tensor of this name."),
    ],
  },
  {
    name: "a stack stored the other way round (Llama 4: [experts, in, out])",
    a: operand({ [`${L}.feed_forward.experts.down_proj`]: [1, 3, 4] }),
    b: operand({ [`${L}.feed_forward.experts.0.down_proj.weight`]: [4, 3] }),
    pairs: [],
    unpaired: ["B has no tensor of this name.", "A has no tensor of this name."],
  },
  {
    name: "parts that do not add up",
    a: operand({ [`${L}.mlp.gate_up_proj.weight`]: [6, 4] }),
    b: operand({ [`${L}.mlp.gate_proj.weight`]: [2, 4], [`${L}.mlp.up_proj.weight`]: [3, 4] }),
    pairs: [],
    unpaired: ["B has no tensor of this name.", ...new Array(2).fill("A has no tensor of this name.")],
  },
  {
    name: "GPT-2 with and without its wrapper",
    a: operand({ "h.0.attn.c_attn.weight": [4, 12], "wte.weight": [9, 4] }),
    b: operand({ "transformer.wte.weight": [9, 4], "transformer.h.0.attn.c_attn.weight": [4, 12] }),
    pairs: [
      "h.0.attn.c_attn.weight: h.0.attn.c_attn.weight | transformer.h.0.attn.c_attn.weight [4,12]",
      "wte.weight: wte.weight | transformer.wte.weight [9,4]",
    ],
  },
  {
    name: "a language model and the one inside a vision model",
    a: operand({ [`${L}.mlp.up_proj.weight`]: [2, 4], "model.norm.weight": [4] }),
    b: operand({
      "model.visual.blocks.0.mlp.up_proj.weight": [2, 4],
      "model.language_model.layers.0.mlp.up_proj.weight": [2, 4],
      "model.language_model.norm.weight": [4],
    }),
    pairs: [
      `${L}.mlp.up_proj.weight: ${L}.mlp.up_proj.weight | model.language_model.layers.0.mlp.up_proj.weight [2,4]`,
      "model.norm.weight: model.norm.weight | model.language_model.norm.weight [4]",
    ],
    unpaired: ["A has no tensor of this name."],
  },
  {
    name: "a checkpoint saved by a training wrapper",
    a: operand({ [`${L}.mlp.up_proj.weight`]: [2, 4] }),
    b: operand({ [`module._orig_mod.${L}.mlp.up_proj.weight`]: [2, 4] }),
    pairs: [`${L}.mlp.up_proj.weight: ${L}.mlp.up_proj.weight | module._orig_mod.${L}.mlp.up_proj.weight [2,4]`],
  },
  {
    name: "fused and under another wrapper",
    a: operand({ [`${L}.mlp.gate_up_proj.weight`]: [4, 4] }),
    b: operand({
      "model.language_model.layers.0.mlp.gate_proj.weight": [2, 4],
      "model.language_model.layers.0.mlp.up_proj.weight": [2, 4],
    }),
    pairs: ["gate", "up"].map((part, i) => {
      const own = `${L}.mlp.gate_up_proj.weight[${2 * i}:${2 * i + 2}]`;
      return `${own}: ${own} | model.language_model.layers.0.mlp.${part}_proj.weight [2,4]`;
    }),
  },
  {
    name: "a larger vocabulary in B",
    a: operand({ "model.embed_tokens.weight": [5, 4], "lm_head.weight": [5, 4] }),
    b: operand({ "model.embed_tokens.weight": [7, 4], "lm_head.weight": [7, 4] }),
    pairs: ["model.embed_tokens.weight", "lm_head.weight"].map((name) => `${name}: ${name}[0:5] | ${name}[0:5] [5,4]`),
    unpaired: new Array(2).fill("The vocabulary of B is larger by 2; these rows stand behind the 5 that are compared."),
  },
  {
    name: "a smaller vocabulary in B",
    a: operand({ "model.embed_tokens.weight": [7, 4] }),
    b: operand({ "model.embed_tokens.weight": [5, 4] }),
    pairs: ["model.embed_tokens.weight: model.embed_tokens.weight[0:5] | model.embed_tokens.weight[0:5] [5,4]"],
    unpaired: ["The vocabulary of A is larger by 2; these rows stand behind the 5 that are compared."],
  },
  {
    name: "a head that A ties to its embedding",
    a: operand({ "model.embed_tokens.weight": [5, 4] }, { tied: true }),
    b: operand({ "lm_head.weight": [5, 4], "model.embed_tokens.weight": [5, 4] }),
    pairs: [
      "model.embed_tokens.weight: model.embed_tokens.weight | model.embed_tokens.weight [5,4]",
      "lm_head.weight: model.embed_tokens.weight | lm_head.weight [5,4]",
    ],
  },
  {
    name: "a head that B ties to its embedding",
    a: operand({ "model.embed_tokens.weight": [5, 4], "lm_head.weight": [5, 4] }),
    b: operand({ "model.embed_tokens.weight": [5, 4] }, { tied: true }),
    pairs: [
      "model.embed_tokens.weight: model.embed_tokens.weight | model.embed_tokens.weight [5,4]",
      "lm_head.weight: lm_head.weight | model.embed_tokens.weight [5,4]",
    ],
  },
];

test.each(CASES)("$name", ({ a, b, pairs, unpaired = [] }) => {
  const pairing = pairViews(a, b);
  expect(lines(pairing)).toEqual(pairs);
  expect(pairing.unpaired.map(({ reason }) => reason)).toEqual(unpaired);
  expect(pairing.pairs.map(({ index }) => index)).toEqual([...pairs.keys()]);
  // Names tell pairs apart on screen, in links and in files.
  expect(new Set(pairing.pairs.map(({ name }) => name)).size).toBe(pairs.length);
});

test("a pair of a fused tensor stands where its separate half stands", () => {
  const { pairs } = pairViews(CASES[0].a, CASES[0].b);
  expect(pairs.map(({ place }) => [place.role, place.module, place.layer])).toEqual([
    ["attn.q", "q_proj", 0],
    ["attn.k", "k_proj", 0],
    ["attn.v", "v_proj", 0],
  ]);
  const stacked = pairViews(CASES[3].a, CASES[3].b).pairs;
  expect(stacked.map(({ place }) => place.expert)).toEqual([0, 0, 0, 1, 1, 1]);
});

test("a rule renames what no wrapper explains", () => {
  const a = operand({ "model.layers.0.mlp.up_proj.weight": [2, 4] });
  const b = operand({ "trunk.3.mlp.up_proj.weight": [2, 4] });
  expect(pairViews(a, b).pairs).toEqual([]);
  const rule = parseRenameRule(String.raw`^trunk\.3 => layers.0`);
  expect(lines(pairViews(a, b, rule))).toEqual([
    "model.layers.0.mlp.up_proj.weight: model.layers.0.mlp.up_proj.weight | trunk.3.mlp.up_proj.weight [2,4]",
  ]);
});

test.each([
  ["no arrow", /is no rename rule\. Write a pattern, =>/],
  ["a => b => c", /is no rename rule/],
  [" => b", /is no rename rule/],
  ["( => b", /pattern of the rename rule cannot be read/],
])("the rule %j is refused", (text, message) => {
  expect(() => parseRenameRule(text)).toThrow(RenameRuleError);
  expect(() => parseRenameRule(text)).toThrow(message);
});

test("no rule is none, and one without a replacement takes the match away", () => {
  expect(parseRenameRule("  ")).toBeNull();
  expect(parseRenameRule("^x\\. =>")).toEqual({ pattern: /^x\./g, replacement: "" });
});
