import { expect, test } from "vitest";
import { judge, tensorsOf } from "./judge.mjs";

/**
 * A tensor of 100 elements whose r is 1/5.
 *
 * @param {string} name
 * @param {Partial<import("./quantities.mjs").ScannedTensor>} [more]
 */
const tensor = (name, more = {}) => ({
  ...{ name, role: "ffn.up", layer: 0, elements: 100, unchanged: 20, above1e6: 70, above1e5: 30, maxAbsD: 0.015625 },
  ...{ sumA2: 25, sumD2: 1, ...more },
});

const MODEL = [
  tensor("model.embed_tokens.weight", { role: "embed.tok", layer: null, elements: 300, unchanged: 300, above1e6: 0 }),
  tensor("model.layers.0.self_attn.q_proj.weight", { role: "attn.q", sumD2: 4 }),
  tensor("model.layers.0.self_attn.q_proj.bias", { role: "attn.q.bias", sumD2: 2500 }),
  tensor("model.layers.0.self_attn.o_proj.weight", { role: "attn.o", sumD2: 16, maxAbsD: 0.5 }),
  tensor("model.layers.1.self_attn.q_proj.weight", { role: "attn.q", layer: 1, sumD2: 9 }),
  tensor("model.layers.1.self_attn.o_proj.weight", { role: "attn.o", layer: 1, sumD2: 25, above1e5: 0 }),
  tensor("model.layers.10.mlp.up_proj.weight", { layer: 10, sumA2: Number.NaN, sumD2: 0, unchanged: 100, above1e6: 0 }),
  tensor("model.layers.11.mlp.up_proj.weight", { layer: 11, sumA2: 0, sumD2: 1 }),
];

test.each([
  ["*", 8],
  ["model.layers.1.*", 2],
  ["model.layers.10.*", 1],
  ["self_attn.q_proj.weight", 2],
  ["model.layers.0.self_attn.q_proj.weight", 1],
  ["q_proj", 0],
  ["embed_tokens.weight", 1],
  ["tokens.weight", 0],
])("%s means %i tensors", (pattern, count) => {
  expect(tensorsOf(MODEL, pattern)).toHaveLength(count);
});

/** @type {(quantity: string, tensors: string, published: string, tolerance: number, layers?: number) => import("./read-anchors.mjs").Anchor} */
const anchor = (quantity, tensors, published, tolerance, layers) => ({
  ...{ quantity, tensors, published, tolerance, source: "a test" },
  ...(layers === undefined ? {} : { layers }),
});

// By hand: r is 2/5 and 3/5 for q, 4/5 and 5/5 for o.
test.each([
  ["elements", "*", 1000],
  ["above1e6", "*", 420],
  ["above1e6", "model.layers.0.*", 210],
  ["largest", "*", 0.5],
  ["largest", "mlp.up_proj.weight", 0.015625],
  ["unchanged", "*", 52],
  ["within1e6", "*", 58],
  ["within1e5", "self_attn.o_proj.weight", 85],
  ["relative", "model.layers.10.mlp.up_proj.weight", 0],
  ["relative-mean", "self_attn.q_proj.weight", 0.5],
  ["relative-min", "self_attn.q_proj.weight", 0.4],
  ["relative-max", "self_attn.o_proj.weight", 1],
  ["oq", "*", 1.8],
])("%s of %s is %f", (quantity, tensors, value) => {
  const { measured, difference, agrees, note } = judge(anchor(quantity, tensors, String(value), 1e-12), MODEL);
  expect([measured, difference]).toEqual([expect.closeTo(value, 12), expect.closeTo(0, 12)]);
  expect([agrees, note]).toEqual([true, ""]);
});

test.each([
  ["a count that is one off", anchor("above1e6", "*", "421", 0.5), false, ""],
  ["a tie of the published rounding", anchor("largest", "mlp.up_proj.weight", "0.01562", 0.000005), true, ""],
  ["the tie's other side", anchor("largest", "mlp.up_proj.weight", "0.01563", 0.000005), true, ""],
  ["one unit further", anchor("largest", "mlp.up_proj.weight", "0.01564", 0.000005), false, ""],
  ["a mean just within", anchor("relative-mean", "self_attn.q_proj.weight", "0.50005", 0.000055, 2), true, ""],
  ["a mean just beyond", anchor("relative-mean", "self_attn.q_proj.weight", "0.49994", 0.000055, 2), false, ""],
  [
    "a mean of more tensors",
    anchor("relative-mean", "self_attn.q_proj.weight", "0.5", 1, 3),
    false,
    "2 tensors, not 3",
  ],
  ["nothing of that name", anchor("above1e6", "lm_head.weight", "0", 1), false, "no such tensor in both models"],
  [
    "a norm over a base of zeros",
    anchor("relative", "model.layers.11.mlp.up_proj.weight", "0", 1),
    false,
    "does not exist here",
  ],
])("%s", (_, published, agrees, note) => {
  expect(judge(published, MODEL)).toMatchObject({ agrees, note });
});

test("a ratio of roles that are not there does not exist", () => {
  const norms = MODEL.filter(({ role }) => !role.startsWith("attn."));
  expect(judge(anchor("oq", "*", "1.8", 10), norms)).toMatchObject({ measured: Number.NaN, agrees: false });
});
