import { describe, expect, test } from "vitest";
import { kohyaAdapter, peftAdapter } from "../../e2e/fixtures/adapters.ts";
import { llamaPair } from "../../e2e/fixtures/models.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { parseHeader } from "../safetensors/parse-header.ts";
import { type LowRankUpdate, shapeOfUpdate, type Target } from "../tensors/low-rank-update.ts";
import { AdapterError } from "./adapter-error.ts";
import { looksLikeAdapter, readAdapter } from "./read-adapter.ts";

type Shapes = Record<string, number[]>;
type Config = Record<string, unknown>;

const read = (shapes: Shapes, adapter?: Config, dtype: Dtype = "F32") =>
  readAdapter({
    label: "org/lora",
    tensors: Object.entries(shapes).map(([name, shape]) => ({
      file: 0,
      tensor: { name, dtype, shape, span: { begin: 0, end: 0 } },
    })),
    ...(adapter ? { adapter } : {}),
  });

const peft = (more: Config = {}): Config => ({ peft_type: "LORA", r: 8, lora_alpha: 16, ...more });
const named = (...names: string[]): Target => ({ kind: "named", names });
/** s as alpha and divisor, or the name of the tensor that holds alpha. */
const scaleText = ({ alpha, divisor }: LowRankUpdate) =>
  typeof alpha === "number" ? alpha / divisor : `${alpha.tensor.name} / ${divisor}`;

/** One module with its two matrices in PEFT's names. */
const pair = (module: string, rank = 8, inner = 64, out = 32): Shapes => ({
  [`base_model.model.${module}.lora_A.weight`]: [rank, inner],
  [`base_model.model.${module}.lora_B.weight`]: [out, rank],
});

const Q = "model.layers.0.self_attn.q_proj";

interface Understood {
  target: Target;
  scale: number | string;
  rank: number;
  /** Of ΔW as the base has it. */
  shape: number[];
}

const UNDERSTOOD: [title: string, shapes: Shapes, config: Config | undefined, expected: Understood][] = [
  ["PEFT", pair(Q), peft(), { target: named(`${Q}.weight`), scale: 2, rank: 8, shape: [32, 64] }],
  [
    "PEFT, saved by hand",
    {
      [`base_model.model.${Q}.lora_A.default.weight`]: [8, 64],
      [`base_model.model.${Q}.lora_B.default.weight`]: [32, 8],
    },
    peft(),
    { target: named(`${Q}.weight`), scale: 2, rank: 8, shape: [32, 64] },
  ],
  [
    "rslora",
    pair(Q, 16),
    peft({ r: 16, use_rslora: true }),
    { target: named(`${Q}.weight`), scale: 4, rank: 16, shape: [32, 64] },
  ],
  [
    "PEFT with a rank and an alpha of its own",
    pair(Q, 4),
    peft({ rank_pattern: { q_proj: 4 }, alpha_pattern: { "self_attn.q_proj": 2 } }),
    { target: named(`${Q}.weight`), scale: 0.5, rank: 4, shape: [32, 64] },
  ],
  [
    "PEFT with a pattern that is an expression",
    pair(Q),
    peft({ alpha_pattern: { "layers\\.[0-3]\\..*_proj": 4, q_proj: 32 } }),
    { target: named(`${Q}.weight`), scale: 0.5, rank: 8, shape: [32, 64] },
  ],
  [
    "PEFT with patterns for other modules, and one that is no expression here",
    pair(Q),
    peft({ alpha_pattern: { proj: 1, "(?P<x>q_proj)": 1, "layers.1.self_attn.q_proj": 1, "^self_attn.*": 1 } }),
    { target: named(`${Q}.weight`), scale: 2, rank: 8, shape: [32, 64] },
  ],
  [
    "GPT-2's Conv1D",
    pair("transformer.h.0.attn.c_attn", 8, 768, 2304),
    peft({ fan_in_fan_out: true, lora_alpha: 32 }),
    { target: named("transformer.h.0.attn.c_attn.weight"), scale: 4, rank: 8, shape: [768, 2304] },
  ],
  [
    "an embedding",
    {
      "base_model.model.model.embed_tokens.lora_embedding_A": [8, 1000],
      "base_model.model.model.embed_tokens.lora_embedding_B": [64, 8],
    },
    peft(),
    { target: named("model.embed_tokens.weight"), scale: 2, rank: 8, shape: [1000, 64] },
  ],
  [
    "a convolution",
    {
      "base_model.model.encoder.conv1.lora_A.weight": [8, 80, 3, 3],
      "base_model.model.encoder.conv1.lora_B.weight": [384, 8, 1, 1],
    },
    peft(),
    { target: named("encoder.conv1.weight"), scale: 2, rank: 8, shape: [384, 80, 3, 3] },
  ],
  [
    "kohya",
    {
      "lora_te_text_model_encoder_layers_0_mlp_fc1.alpha": [],
      "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_down.weight": [16, 768],
      "lora_te_text_model_encoder_layers_0_mlp_fc1.lora_up.weight": [3072, 16],
    },
    undefined,
    {
      target: { kind: "flat", path: "text_model_encoder_layers_0_mlp_fc1" },
      scale: "lora_te_text_model_encoder_layers_0_mlp_fc1.alpha / 16",
      rank: 16,
      shape: [3072, 768],
    },
  ],
  [
    "kohya's convolution, without an alpha",
    {
      "lora_unet_down_blocks_0_resnets_0_conv1.lora_down.weight": [4, 320, 3, 3],
      "lora_unet_down_blocks_0_resnets_0_conv1.lora_up.weight": [320, 4, 1, 1],
    },
    undefined,
    { target: { kind: "flat", path: "down_blocks_0_resnets_0_conv1" }, scale: 1, rank: 4, shape: [320, 320, 3, 3] },
  ],
  [
    "diffusers",
    {
      "transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight": [16, 3072],
      "transformer.single_transformer_blocks.0.attn.to_q.lora_B.weight": [3072, 16],
    },
    undefined,
    {
      target: named("transformer.single_transformer_blocks.0.attn.to_q.weight"),
      scale: 1,
      rank: 16,
      shape: [3072, 3072],
    },
  ],
  [
    "diffusers with its configuration in the header",
    {
      "transformer.blocks.0.attn.to_out.lora_A.weight": [16, 48],
      "transformer.blocks.0.attn.to_out.lora_B.weight": [48, 16],
    },
    { "transformer.r": 16, "transformer.lora_alpha": 8, "text_encoder.lora_alpha": 99 },
    {
      target: named("transformer.blocks.0.attn.to_out.weight", "transformer.blocks.0.attn.to_out.0.weight"),
      scale: 0.5,
      rank: 16,
      shape: [48, 48],
    },
  ],
  [
    "the first diffusers",
    {
      "unet.mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.down.weight": [4, 1280],
      "unet.mid_block.attentions.0.transformer_blocks.0.attn1.processor.to_q_lora.up.weight": [1280, 4],
    },
    undefined,
    {
      target: named("unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight"),
      scale: 1,
      rank: 4,
      shape: [1280, 1280],
    },
  ],
  [
    "mlx",
    { [`${Q}.lora_a`]: [2304, 8], [`${Q}.lora_b`]: [8, 2048] },
    { fine_tune_type: "lora", lora_parameters: { rank: 8, scale: 20, dropout: 0 } },
    { target: named(`${Q}.weight`), scale: 20, rank: 8, shape: [2048, 2304] },
  ],
  [
    "mlx while it had an alpha",
    { [`${Q}.lora_a`]: [64, 8], [`${Q}.lora_b`]: [8, 32] },
    { lora_parameters: { rank: 8, alpha: 16, scale: 10 } },
    { target: named(`${Q}.weight`), scale: 20, rank: 8, shape: [32, 64] },
  ],
  [
    "cloneofsimo",
    { "unet:0:up": [320, 4], "unet:0:down": [4, 768] },
    undefined,
    { target: { kind: "numbered" }, scale: 1, rank: 4, shape: [320, 768] },
  ],
];

describe("an update is understood", () => {
  test.each(UNDERSTOOD)("%s", (_, shapes, config, { target, scale, rank, shape }) => {
    const { updates, replaced, left, notes } = read(shapes, config);
    expect({ replaced, left, notes }).toEqual({ replaced: [], left: [], notes: [] });
    expect(updates.map((update) => [update.target, scaleText(update), update.rank, shapeOfUpdate(update)])).toEqual([
      [target, scale, rank, shape],
    ]);
  });

  test("with the magnitude of a DoRA, in every spelling", () => {
    const files: [Shapes, Config?][] = [
      [{ ...pair(Q), [`base_model.model.${Q}.lora_magnitude_vector`]: [32] }, peft({ use_dora: true })],
      [{ ...pair(Q), [`base_model.model.${Q}.lora_magnitude_vector.default.weight`]: [32] }, peft({ use_dora: true })],
      [
        {
          "lora_unet_x.lora_down.weight": [4, 64],
          "lora_unet_x.lora_up.weight": [32, 4],
          "lora_unet_x.dora_scale": [32, 1],
        },
      ],
      [{ [`${Q}.lora_a`]: [64, 8], [`${Q}.lora_b`]: [8, 32], [`${Q}.m`]: [32] }, { lora_parameters: { scale: 1 } }],
    ];
    for (const [shapes, config] of files) {
      const { updates, left } = read(shapes, config);
      expect(left).toEqual([]);
      expect(updates[0].magnitude?.tensor.shape[0]).toBe(32);
    }
  });

  test("in the files that the browser tests serve", () => {
    const { base } = llamaPair({ layers: 2, hidden: 32 });
    const files = peftAdapter(base, { saved: ["lm_head.weight"], rslora: true, dora: true });
    const tensorsOf = (bytes: Uint8Array) =>
      parseHeader(bytes, bytes.length).tensors.map((tensor) => ({ file: 0, tensor }));
    const adapter = JSON.parse(files["adapter_config.json"]);
    const found = readAdapter({ label: "x", tensors: tensorsOf(files["adapter_model.safetensors"]), adapter });
    expect(found.updates.map(({ name }) => name)).toEqual([
      "base_model.model.model.layers.0.self_attn.q_proj",
      "base_model.model.model.layers.0.self_attn.v_proj",
      "base_model.model.model.layers.1.self_attn.q_proj",
      "base_model.model.model.layers.1.self_attn.v_proj",
    ]);
    expect(found.updates.map(scaleText)).toEqual([4, 4, 4, 4]);
    expect(found.replaced.map(({ names }) => names)).toEqual([["lm_head.weight"]]);
    const kohya = readAdapter({ label: "x", tensors: tensorsOf(kohyaAdapter(base)) });
    expect(kohya.updates.map(({ target }) => target)).toContainEqual({
      kind: "flat",
      path: "model_layers_1_self_attn_v_proj",
    });
  });
});

describe("whole tensors", () => {
  test("stand for the base's own", () => {
    const { replaced, left } = read(
      {
        ...pair("roberta.encoder.layer.0.attention.self.query"),
        "base_model.model.classifier.dense.weight": [64, 64],
        "base_model.model.classifier.modules_to_save.default.out_proj.bias": [2],
        "base_model.model.lm_head.modules_to_save.weight": [100, 64],
        "base_model.model.model.embed_tokens.base_layer.weight": [100, 64],
        "base_model.model.classifier.original_module.dense.weight": [64, 64],
      },
      peft({ modules_to_save: ["classifier"] }),
    );
    expect(replaced.map(({ names }) => names)).toEqual([
      ["classifier.dense.weight"],
      ["classifier.out_proj.bias"],
      ["lm_head.weight"],
      ["model.embed_tokens.weight"],
    ]);
    expect(left).toEqual([
      {
        name: "base_model.model.classifier.original_module.dense.weight",
        reason: expect.stringMatching(/changes nothing\.$/),
      },
    ]);
  });

  test("are not computed where they are updated as well", () => {
    const whole = "base_model.model.lm_head.base_layer.weight";
    const { updates, replaced, left } = read({ ...pair("lm_head"), ...pair(Q), [whole]: [32, 64] }, peft());
    expect([updates.map(({ name }) => name), replaced]).toEqual([[`base_model.model.${Q}`], []]);
    expect(left.map(({ name }) => name)).toEqual(["base_model.model.lm_head", whole]);
    expect(left[0].reason).toMatch(/both replaces this weight and adds to it/);
  });
});

describe("what is left, and why", () => {
  const LEFT: [title: string, shapes: Shapes, config: Config | undefined, reason: RegExp][] = [
    [
      "LoHa",
      { "lora_unet_x.hada_w1_a": [8, 4], "lora_unet_x.alpha": [] },
      undefined,
      /of the kind LoHa.*Only LoRA and DoRA/,
    ],
    [
      "LoKr",
      { "lycoris_blocks_0_x.lokr_w1": [8, 4], "lycoris_blocks_0_x.lokr_w2_a": [8, 4] },
      undefined,
      /of the kind LoKr/,
    ],
    ["IA³", { "base_model.model.x.k.ia3_l": [8, 1] }, { peft_type: "IA3" }, /of the kind IA³/],
    [
      "VeRA",
      { "base_model.vera_A.weight": [8, 4], "base_model.model.x.vera_lambda_b": [8] },
      { peft_type: "VERA" },
      /VeRA/,
    ],
    ["OFT", { "base_model.model.x.oft_R.weight": [8, 4] }, { peft_type: "OFT" }, /kind OFT/],
    ["prompt tuning", { prompt_embeddings: [8, 4] }, { peft_type: "PROMPT_TUNING" }, /kind prompt tuning/],
    [
      "AdaLoRA",
      { "base_model.model.x.lora_A": [8, 4], "base_model.model.x.lora_E": [8, 1] },
      { peft_type: "ADALORA" },
      /AdaLoRA/,
    ],
    ["FineGates", { "base_model.model.x.finegates_rows": [8] }, { peft_type: "FINEGATES" }, /FineGates/],
    ["a kind nobody knows", { "base_model.model.x.zork_y": [8] }, { peft_type: "ZORK" }, /of the kind ZORK/],
    ["names nobody knows", { "base_model.model.x.zork_y": [8] }, peft(), /no part of a LoRA that is known/],
    [
      "Tucker",
      {
        "lora_unet_x.lora_down.weight": [4, 8, 1, 1],
        "lora_unet_x.lora_mid.weight": [4, 4, 3, 3],
        "lora_unet_x.lora_up.weight": [8, 4, 1, 1],
      },
      undefined,
      /third matrix/,
    ],
    ["half an update", { [`base_model.model.${Q}.lora_A.weight`]: [8, 64] }, peft(), /lacks one of its two matrices/],
    [
      "two ranks",
      { [`base_model.model.${Q}.lora_A.weight`]: [8, 64], [`base_model.model.${Q}.lora_B.weight`]: [32, 4] },
      peft(),
      /A of shape \[8, 64\] has rank 8, B of shape \[32, 4\] has 4/,
    ],
    [
      "a rank that is not the configuration's",
      pair(Q, 4),
      peft(),
      /says rank 8 for it, but the stored matrices have rank 4/,
    ],
    ["no alpha in the configuration", pair(Q), { peft_type: "LORA", r: 8 }, /gives no lora_alpha/],
    [
      "no scale in mlx's",
      { [`${Q}.lora_a`]: [64, 8], [`${Q}.lora_b`]: [8, 32] },
      { lora_parameters: {} },
      /gives no scale/,
    ],
    [
      "mlx's stacked experts",
      { "x.lora_a": [4, 8, 64], "x.lora_b": [4, 32, 8] },
      { lora_parameters: { scale: 1 } },
      /\[4, 8, 64\] and \[4, 32, 8\]/,
    ],
    [
      "a stack of experts that the rank does not divide",
      pair("model.layers.0.mlp.experts", 16),
      peft({ r: 6, target_parameters: ["mlp.experts.down_proj"] }),
      /matrices of rank 16 are not a whole number of times the rank/,
    ],
    ["DoRA without a magnitude", pair(Q), peft({ use_dora: true }), /holds no magnitude/],
    [
      "DoRA over columns",
      {
        "lora_unet_x.lora_down.weight": [4, 64],
        "lora_unet_x.lora_up.weight": [64, 4],
        "lora_unet_x.dora_scale": [1, 64],
      },
      undefined,
      /over the columns/,
    ],
    [
      "a magnitude of another length",
      { ...pair(Q), [`base_model.model.${Q}.lora_magnitude_vector`]: [31] },
      peft(),
      /shape \[31\], but the update has 32 rows/,
    ],
    ["no elements", pair(Q, 8, 0), peft(), /so no elements/],
  ];
  test.each(LEFT)("%s", (_, shapes, config, reason) => {
    const { updates, replaced, left } = read(shapes, config);
    expect({ updates, named: [...left, ...replaced].map(({ name }) => name).sort() }).toEqual({
      updates: [],
      named: Object.keys(shapes).sort(),
    });
    expect(left.map((each) => each.reason)).toContainEqual(expect.stringMatching(reason));
    for (const each of left) expect(each.reason).toMatch(/^[A-Z].*\.$/);
  });

  test("numbers that cannot be decoded", () => {
    expect(read(pair(Q), peft(), "C64").left[0].reason).toMatch(/complex numbers/);
  });

  test("a bias beside an update that is computed, and a second adapter in the file", () => {
    const extra = {
      [`base_model.model.${Q}.lora_B.bias`]: [32],
      [`base_model.model.${Q}.lora_A.second.weight`]: [8, 64],
    };
    const { updates, left } = read({ ...pair(Q), ...extra }, peft({ lora_bias: true }));
    expect(updates).toHaveLength(1);
    expect(left.map(({ name }) => name).sort()).toEqual(Object.keys(extra).sort());
  });
});

test.each(["pissa", "pissa_niter_4", "olora", "loftq"])("the start %s is noted, since it changes the base", (start) => {
  expect(read(pair(Q), peft({ init_lora_weights: start })).notes).toEqual([expect.stringMatching(`began as ${start}`)]);
  expect(read(pair(Q), peft({ init_lora_weights: "gaussian" })).notes).toEqual([]);
});

describe("what is refused", () => {
  const BAD: [title: string, shapes: Shapes, name: string, sentence: RegExp][] = [
    [
      "PEFT without its configuration",
      pair(Q),
      "NoAdapterConfig",
      /org\/lora .* without its adapter_config\.json.*Give the folder/,
    ],
    [
      "mlx without its configuration",
      { [`${Q}.lora_a`]: [64, 8], [`${Q}.lora_b`]: [8, 32] },
      "NoAdapterConfig",
      /without its/,
    ],
    [
      "a model",
      { [`${Q}.weight`]: [32, 64], "embeddings.position_ids": [1, 512] },
      "NotAnAdapter",
      /Open it as a model/,
    ],
    ["nothing", {}, "NotAnAdapter", /is not an adapter/],
  ];
  test.each(BAD)("%s", (_, shapes, name, sentence) => {
    const refused = (() => {
      try {
        return read(shapes);
      } catch (error) {
        return error;
      }
    })();
    expect(refused).toBeInstanceOf(AdapterError);
    expect(refused).toMatchObject({ name, message: expect.stringMatching(sentence) });
  });

  test("a model does not look like an adapter, but every adapter does", () => {
    const looks = (shapes: Shapes, adapter?: Config) =>
      looksLikeAdapter({
        tensors: Object.keys(shapes).map((name) => ({
          file: 0,
          tensor: { name, dtype: "F32", shape: [], span: { begin: 0, end: 0 } },
        })),
        ...(adapter ? { adapter } : {}),
      });
    expect(looks({ "mixer.alpha": [1], "prompt_encoder.not_a_point_embed.weight": [1], [`${Q}.weight`]: [2, 2] })).toBe(
      false,
    );
    expect(looks(pair(Q))).toBe(true);
    expect(looks({ "lora_unet_x.hada_w1_a": [8, 4] })).toBe(true);
    expect(looks({ "x.weight": [1] }, { fine_tune_type: "full" })).toBe(true);
  });
});
