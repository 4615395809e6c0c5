import { describe, expect, test } from "vitest";
import type { LowRankUpdate, StoredIn, Target } from "../tensors/low-rank-update.ts";
import type { View } from "../tensors/view.ts";
import { matchTargets } from "./match-targets.ts";
import { targetOf } from "./parse-target.ts";

const view = (name: string, shape: number[] = [32, 64]): View => ({
  ...{ name, dtype: "BF16", shape, count: shape.reduce((product, size) => product * size, 1) },
  ...{ file: 3, span: { begin: 0, end: 0 } },
});
const stored = (name: string, shape: number[]): StoredIn => ({
  file: 1,
  tensor: { name, dtype: "F16", shape, span: { begin: 40, end: 80 } },
});

function update(target: Target, more: Partial<LowRankUpdate> = {}): LowRankUpdate {
  const factor = { ...stored("x", []), transposed: false };
  return {
    ...{ name: "the module", target, rank: 4, out: 32, in: 64, kernel: [], transposed: false },
    ...{ a: factor, b: factor, alpha: 1, divisor: 1, ...more },
  };
}

const match = (updates: LowRankUpdate[], base: View[]) => matchTargets({ updates, replaced: [] }, base);
/** The base's name that a module of an adapter finds among `names`, or the sentence. */
function found(module: string, names: string[]): string {
  const { updates, unmatched } = match(
    [update(targetOf(module))],
    names.map((name) => view(name)),
  );
  return updates[0]?.view.name ?? unmatched[0]?.reason ?? "";
}

describe("by name", () => {
  const Q = "layers.0.self_attn.q_proj";
  const FOUND: [module: string, base: string[], name: string][] = [
    [`base_model.model.model.${Q}`, [`model.${Q}.weight`, "lm_head.weight"], `model.${Q}.weight`],
    [`base_model.model.model.${Q}`, [`model.language_model.${Q}.weight`], `model.language_model.${Q}.weight`],
    [`base_model.model.language_model.model.${Q}`, [`model.${Q}.weight`], `model.${Q}.weight`],
    ["base_model.model.transformer.h.0.attn.c_attn", ["h.0.attn.c_attn.weight"], "h.0.attn.c_attn.weight"],
    // Exactly first: without their leading words these two are one.
    [`base_model.model.text_model.${Q}`, [`model.${Q}.weight`, `text_model.${Q}.weight`], `text_model.${Q}.weight`],
    ["transformer.blocks.0.attn.to_q", ["blocks.0.attn.to_q.weight"], "blocks.0.attn.to_q.weight"],
    ["unet.mid.attn1.to_out", ["mid.attn1.to_out.0.weight"], "mid.attn1.to_out.0.weight"],
  ];
  test.each(FOUND)("%s", (module, base, name) => {
    expect(found(module, base)).toBe(name);
    expect(found(module, [...base].reverse())).toBe(name);
  });

  test("but not where two could be meant, or none is there", () => {
    expect(found(`base_model.model.${Q}`, [`model.${Q}.weight`, `text_model.${Q}.weight`])).toMatch(/^Several tensors/);
    expect(found(`base_model.model.model.${Q}`, ["model.layers.1.self_attn.q_proj.weight"])).toBe(
      `The base has no tensor model.${Q}.weight. Choose the base that this adapter was trained on.`,
    );
  });
});

describe("by a flattened path", () => {
  const FOUND: [module: string, base: string[], name: string][] = [
    [
      "lora_te_text_model_encoder_layers_0_mlp_fc1",
      ["text_model.encoder.layers.0.mlp.fc1.weight", "text_model.encoder.layers.10.mlp.fc1.weight"],
      "text_model.encoder.layers.0.mlp.fc1.weight",
    ],
    [
      "lora_te1_text_model_encoder_layers_0_self_attn_q_proj",
      ["conditioner.embedders.0.transformer.text_model.encoder.layers.0.self_attn.q_proj.weight"],
      "conditioner.embedders.0.transformer.text_model.encoder.layers.0.self_attn.q_proj.weight",
    ],
    [
      "lora_te_text_model_encoder_layers_0_self_attn_q_proj",
      ["encoder.layers.0.self_attn.q_proj.weight"],
      "encoder.layers.0.self_attn.q_proj.weight",
    ],
    [
      "lora_unet_input_blocks_4_1_transformer_blocks_0_attn2_to_out_0",
      ["model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_out.0.weight"],
      "model.diffusion_model.input_blocks.4.1.transformer_blocks.0.attn2.to_out.0.weight",
    ],
    // The root's own, not one of the many that end like it.
    [
      "lora_unet_proj_out",
      ["proj_out.weight", "blocks.0.proj_out.weight", "blocks.1.proj_out.weight"],
      "proj_out.weight",
    ],
    [
      "lora_unet_double_blocks_0_img_attn_qkv",
      ["double_blocks.0.img_attn.qkv.weight", "double_blocks.0.img_attn.qkv.bias"],
      "double_blocks.0.img_attn.qkv.weight",
    ],
  ];
  test.each(FOUND)("%s", (module, base, name) => {
    expect(found(module, base)).toBe(name);
    expect(found(module, [...base].reverse())).toBe(name);
  });

  test("but not where several end like it, or none does", () => {
    const text = "text_model.encoder.layers.0.mlp.fc1.weight";
    expect(found("lora_te_text_model_encoder_layers_0_mlp_fc1", [`a.${text}`, `b.${text}`])).toMatch(
      /^Several tensors/,
    );
    expect(found("lora_unet_down_blocks_1_attentions_0_proj_in", ["input_blocks.4.1.proj_in.weight"])).toMatch(
      /^The base has no tensor down_blocks_1_attentions_0_proj_in\./,
    );
  });
});

test("a number alone finds nothing", () => {
  expect(found("unet:0", ["unet.weight"])).toMatch(/only numbers its layers.*can be opened alone\.$/);
});

describe("by shape", () => {
  const named: Target = { kind: "named", names: ["w.weight"] };
  const FITS: [title: string, shape: number[], more: Partial<LowRankUpdate>, transposed: boolean][] = [
    ["as it is", [32, 64], {}, false],
    ["the other way round, though the configuration says otherwise", [64, 32], {}, true],
    ["as it is, though the configuration says otherwise", [32, 64], { transposed: true }, false],
    ["as the configuration says, where both ways fit", [64, 64], { out: 64, transposed: true }, true],
    ["a convolution of one pixel is a matrix", [32, 64, 1, 1], {}, false],
    ["and a matrix is one", [32, 64], { kernel: [1, 1] }, false],
    ["a kernel", [32, 64, 3, 3], { in: 64 * 9, kernel: [3, 3] }, false],
    ["a DoRA over rows", [32, 64], { magnitude: stored("m", [32]) }, false],
  ];
  test.each(FITS)("%s", (_, shape, more, transposed) => {
    const { updates, unmatched } = match([update(named, more)], [view("w.weight", shape)]);
    expect(unmatched).toEqual([]);
    expect(updates.map(({ view: { name }, update: each }) => [name, each.transposed])).toEqual([
      ["w.weight", transposed],
    ]);
  });

  const NO: [title: string, shape: number[], more: Partial<LowRankUpdate>, reason: RegExp][] = [
    ["another size", [48, 64], {}, /shape \[32, 64\], but w\.weight of the base has \[48, 64\].*another model/],
    ["a stack", [2, 32, 64], {}, /\[2, 32, 64\]/],
    ["a kernel of another size", [32, 64, 5, 5], { in: 64 * 9, kernel: [3, 3] }, /\[32, 64, 3, 3\]/],
    ["a DoRA over columns", [64, 32], { magnitude: stored("m", [32]) }, /DoRA over the columns/],
  ];
  test.each(NO)("%s does not fit", (_, shape, more, reason) => {
    const { updates, unmatched } = match([update(named, more)], [view("w.weight", shape)]);
    expect(updates).toEqual([]);
    expect(unmatched).toEqual([{ name: "the module", reason: expect.stringMatching(reason) }]);
  });

  test("a square weight lies as its family has it, and one without a shape has enough elements", () => {
    const square = { out: 64, in: 64 };
    const conv1d: View = { ...view("w.weight", [64, 64]), inputMajor: true };
    expect(match([update(named, square)], [conv1d]).updates[0].update.transposed).toBe(true);
    const packed: View = { ...view("w.weight", [2048]), unshaped: true };
    expect(match([update(named)], [packed]).updates[0].update.transposed).toBe(false);
    expect(match([update(named)], [{ ...packed, count: 2047 }]).unmatched).toHaveLength(1);
  });

  test("one weight takes one update", () => {
    const { updates, unmatched } = match([update(named), update(named, { name: "again" })], [view("w.weight")]);
    expect(updates).toHaveLength(1);
    expect(unmatched).toEqual([{ name: "again", reason: expect.stringMatching(/already/) }]);
  });
});

test("a replacement is a view of the adapter's file under the base's name", () => {
  const replacement = (name: string, shape: number[]) => ({ name, names: [name], stored: stored(name, shape) });
  const { replaced, unmatched } = matchTargets(
    {
      updates: [],
      replaced: [
        replacement("lm_head.weight", [32, 64]),
        replacement("score.weight", [2, 64]),
        replacement("norm.weight", [8]),
      ],
    },
    [view("model.lm_head.weight"), view("norm.weight", [64])],
  );
  expect(replaced.map((each) => each.replacement)).toEqual([
    {
      ...{ name: "model.lm_head.weight", dtype: "F16", shape: [32, 64], count: 2048 },
      file: 1,
      span: { begin: 40, end: 80 },
    },
  ]);
  expect(unmatched).toEqual([
    { name: "score.weight", reason: expect.stringMatching(/has no tensor score\.weight/) },
    {
      name: "norm.weight",
      reason: expect.stringMatching(/shape \[8\] is to replace norm\.weight, which has the shape \[64\]/),
    },
  ]);
});
