import { describe, expect, test } from "vitest";
import { placeTensors } from "./place-tensors.ts";

/** Name, shape, and what was written down by hand from the models' own documentation: layer, role, module, group. */
type Row = readonly [
  name: string,
  shape: readonly number[],
  layer: number | null,
  role: string,
  module: string,
  group: string,
];

const llamaLayer = (layer: number): Row[] => [
  [`model.layers.${layer}.input_layernorm.weight`, [64], layer, "norm.pre_attn", "input_layernorm", "norm"],
  [`model.layers.${layer}.self_attn.q_proj.weight`, [64, 64], layer, "attn.q", "q_proj", "matrix"],
  [`model.layers.${layer}.self_attn.k_proj.weight`, [16, 64], layer, "attn.k", "k_proj", "matrix"],
  [`model.layers.${layer}.self_attn.v_proj.weight`, [16, 64], layer, "attn.v", "v_proj", "matrix"],
  [`model.layers.${layer}.self_attn.o_proj.weight`, [64, 64], layer, "attn.o", "o_proj", "matrix"],
  [`model.layers.${layer}.mlp.gate_proj.weight`, [192, 64], layer, "ffn.gate", "gate_proj", "matrix"],
  [`model.layers.${layer}.mlp.up_proj.weight`, [192, 64], layer, "ffn.up", "up_proj", "matrix"],
  [`model.layers.${layer}.mlp.down_proj.weight`, [64, 192], layer, "ffn.down", "down_proj", "matrix"],
];
const llamaNorm = (layer: number): Row => [
  `model.layers.${layer}.post_attention_layernorm.weight`,
  [64],
  layer,
  "norm.pre_ffn",
  "post_attention_layernorm",
  "norm",
];
const embedTokens: Row = ["model.embed_tokens.weight", [256, 64], null, "embed.tok", "embed_tokens", "matrix"];
const finalNorm: Row = ["model.norm.weight", [64], null, "norm.final", "norm", "norm"];
const lmHead: Row = ["lm_head.weight", [256, 64], null, "head.lm", "lm_head", "matrix"];

const FAMILIES: Record<string, readonly Row[]> = {
  "Llama, Mistral, Gemma 1": [
    embedTokens,
    ...llamaLayer(0),
    llamaNorm(0),
    ["model.layers.0.self_attn.rotary_emb.inv_freq", [32], 0, "buffer", "inv_freq", "other"],
    ...llamaLayer(31),
    llamaNorm(31),
    finalNorm,
    lmHead,
  ],
  "Qwen2 and Qwen2.5 (biases)": [
    embedTokens,
    ...llamaLayer(7),
    ["model.layers.7.self_attn.q_proj.bias", [64], 7, "attn.q.bias", "q_proj.bias", "bias"],
    ["model.layers.7.self_attn.k_proj.bias", [16], 7, "attn.k.bias", "k_proj.bias", "bias"],
    ["model.layers.7.self_attn.v_proj.bias", [16], 7, "attn.v.bias", "v_proj.bias", "bias"],
    llamaNorm(7),
    finalNorm,
  ],
  Qwen3: [
    ...llamaLayer(2),
    ["model.layers.2.self_attn.q_norm.weight", [16], 2, "attn.q_norm", "q_norm", "norm"],
    ["model.layers.2.self_attn.k_norm.weight", [16], 2, "attn.k_norm", "k_norm", "norm"],
    llamaNorm(2),
  ],
  "Gemma 2 and 3": [
    ...llamaLayer(1),
    ["model.layers.1.self_attn.q_norm.weight", [16], 1, "attn.q_norm", "q_norm", "norm"],
    ["model.layers.1.post_attention_layernorm.weight", [64], 1, "norm.post_attn", "post_attention_layernorm", "norm"],
    ["model.layers.1.pre_feedforward_layernorm.weight", [64], 1, "norm.pre_ffn", "pre_feedforward_layernorm", "norm"],
    [
      "model.layers.1.post_feedforward_layernorm.weight",
      [64],
      1,
      "norm.post_ffn",
      "post_feedforward_layernorm",
      "norm",
    ],
  ],
  "OLMo 2 (norms only behind each part)": [
    ["model.layers.4.self_attn.q_proj.weight", [64, 64], 4, "attn.q", "q_proj", "matrix"],
    ["model.layers.4.post_attention_layernorm.weight", [64], 4, "norm.post_attn", "post_attention_layernorm", "norm"],
    [
      "model.layers.4.post_feedforward_layernorm.weight",
      [64],
      4,
      "norm.post_ffn",
      "post_feedforward_layernorm",
      "norm",
    ],
  ],
  "Phi-3": [
    ["model.layers.0.self_attn.qkv_proj.weight", [192, 64], 0, "attn.qkv", "qkv_proj", "matrix"],
    ["model.layers.0.self_attn.o_proj.weight", [64, 64], 0, "attn.o", "o_proj", "matrix"],
    ["model.layers.0.mlp.gate_up_proj.weight", [384, 64], 0, "ffn.gate_up", "gate_up_proj", "matrix"],
    ["model.layers.0.mlp.down_proj.weight", [64, 192], 0, "ffn.down", "down_proj", "matrix"],
    llamaNorm(0),
  ],
  "Phi-2": [
    ["model.layers.0.self_attn.dense.weight", [64, 64], 0, "attn.o", "dense", "matrix"],
    ["model.layers.0.self_attn.dense.bias", [64], 0, "attn.o.bias", "dense.bias", "bias"],
    ["model.layers.0.mlp.fc1.weight", [256, 64], 0, "ffn.up", "fc1", "matrix"],
    ["model.layers.0.mlp.fc2.weight", [64, 256], 0, "ffn.down", "fc2", "matrix"],
    ["model.layers.0.input_layernorm.bias", [64], 0, "norm.pre_attn.bias", "input_layernorm.bias", "bias"],
    ["model.final_layernorm.weight", [64], null, "norm.final", "final_layernorm", "norm"],
    ["lm_head.bias", [256], null, "head.lm.bias", "lm_head.bias", "bias"],
  ],
  "Pythia, GPT-NeoX": [
    ["gpt_neox.embed_in.weight", [256, 64], null, "embed.tok", "embed_in", "matrix"],
    ["gpt_neox.layers.3.attention.query_key_value.weight", [192, 64], 3, "attn.qkv", "query_key_value", "matrix"],
    ["gpt_neox.layers.3.attention.query_key_value.bias", [192], 3, "attn.qkv.bias", "query_key_value.bias", "bias"],
    ["gpt_neox.layers.3.attention.dense.weight", [64, 64], 3, "attn.o", "dense", "matrix"],
    ["gpt_neox.layers.3.attention.bias", [1, 1, 2048, 2048], 3, "buffer", "attention.bias", "other"],
    ["gpt_neox.layers.3.attention.masked_bias", [], 3, "buffer", "masked_bias", "other"],
    ["gpt_neox.layers.3.attention.rotary_emb.inv_freq", [8], 3, "buffer", "inv_freq", "other"],
    ["gpt_neox.layers.3.mlp.dense_h_to_4h.weight", [256, 64], 3, "ffn.up", "dense_h_to_4h", "matrix"],
    ["gpt_neox.layers.3.mlp.dense_4h_to_h.weight", [64, 256], 3, "ffn.down", "dense_4h_to_h", "matrix"],
    ["gpt_neox.layers.3.input_layernorm.weight", [64], 3, "norm.pre_attn", "input_layernorm", "norm"],
    [
      "gpt_neox.layers.3.post_attention_layernorm.bias",
      [64],
      3,
      "norm.pre_ffn.bias",
      "post_attention_layernorm.bias",
      "bias",
    ],
    ["gpt_neox.final_layer_norm.weight", [64], null, "norm.final", "final_layer_norm", "norm"],
    ["embed_out.weight", [256, 64], null, "head.lm", "embed_out", "matrix"],
  ],
  "GPT-2, with its prefix": [
    ["transformer.wte.weight", [256, 64], null, "embed.tok", "wte", "matrix"],
    ["transformer.wpe.weight", [1024, 64], null, "embed.pos", "wpe", "matrix"],
    ["transformer.h.11.ln_1.weight", [64], 11, "norm.pre_attn", "ln_1", "norm"],
    ["transformer.h.11.attn.bias", [1, 1, 1024, 1024], 11, "buffer", "attn.bias", "other"],
    ["transformer.h.11.attn.c_attn.weight", [64, 192], 11, "attn.qkv", "c_attn", "matrix"],
    ["transformer.h.11.attn.c_attn.bias", [192], 11, "attn.qkv.bias", "c_attn.bias", "bias"],
    ["transformer.h.11.attn.c_proj.weight", [64, 64], 11, "attn.o", "attn.c_proj", "matrix"],
    ["transformer.h.11.mlp.c_fc.weight", [64, 256], 11, "ffn.up", "c_fc", "matrix"],
    ["transformer.h.11.mlp.c_proj.weight", [256, 64], 11, "ffn.down", "mlp.c_proj", "matrix"],
    ["transformer.h.11.mlp.c_proj.bias", [64], 11, "ffn.down.bias", "mlp.c_proj.bias", "bias"],
    ["transformer.ln_f.bias", [64], null, "norm.final.bias", "ln_f.bias", "bias"],
  ],
  "GPT-2, as its own repo has it": [
    ["wte.weight", [256, 64], null, "embed.tok", "wte", "matrix"],
    ["h.0.attn.c_attn.weight", [64, 192], 0, "attn.qkv", "c_attn", "matrix"],
    ["h.0.ln_2.weight", [64], 0, "norm.pre_ffn", "ln_2", "norm"],
    ["ln_f.weight", [64], null, "norm.final", "ln_f", "norm"],
  ],
  "Qwen 1 (w1 and w2 the other way round)": [
    ["transformer.h.0.attn.c_attn.weight", [192, 64], 0, "attn.qkv", "c_attn", "matrix"],
    ["transformer.h.0.mlp.w1.weight", [192, 64], 0, "ffn.up", "w1", "matrix"],
    ["transformer.h.0.mlp.w2.weight", [192, 64], 0, "ffn.gate", "w2", "matrix"],
    ["transformer.h.0.mlp.c_proj.weight", [64, 192], 0, "ffn.down", "c_proj", "matrix"],
  ],
  "InternLM 2": [
    ["model.tok_embeddings.weight", [256, 64], null, "embed.tok", "tok_embeddings", "matrix"],
    ["model.layers.0.attention.wqkv.weight", [96, 64], 0, "attn.qkv", "wqkv", "matrix"],
    ["model.layers.0.feed_forward.w1.weight", [192, 64], 0, "ffn.gate", "w1", "matrix"],
    ["model.layers.0.feed_forward.w2.weight", [64, 192], 0, "ffn.down", "w2", "matrix"],
    ["model.layers.0.ffn_norm.weight", [64], 0, "norm.pre_ffn", "ffn_norm", "norm"],
    ["output.weight", [256, 64], null, "head.lm", "output", "matrix"],
  ],
  "Falcon 40B": [
    ["transformer.word_embeddings.weight", [256, 64], null, "embed.tok", "word_embeddings", "matrix"],
    ["transformer.h.1.self_attention.query_key_value.weight", [96, 64], 1, "attn.qkv", "query_key_value", "matrix"],
    ["transformer.h.1.self_attention.dense.weight", [64, 64], 1, "attn.o", "dense", "matrix"],
    ["transformer.h.1.ln_attn.bias", [64], 1, "norm.pre_attn.bias", "ln_attn.bias", "bias"],
    ["transformer.h.1.ln_mlp.weight", [64], 1, "norm.pre_ffn", "ln_mlp", "norm"],
  ],
  "BERT, with the old names of its norms": [
    ["bert.embeddings.word_embeddings.weight", [256, 64], null, "embed.tok", "word_embeddings", "matrix"],
    ["bert.embeddings.position_embeddings.weight", [512, 64], null, "embed.pos", "position_embeddings", "matrix"],
    ["bert.embeddings.token_type_embeddings.weight", [2, 64], null, "embed.type", "token_type_embeddings", "matrix"],
    ["bert.embeddings.position_ids", [1, 512], null, "buffer", "position_ids", "other"],
    ["bert.embeddings.LayerNorm.gamma", [64], null, "embed.tok_norm", "embeddings.LayerNorm", "norm"],
    ["bert.embeddings.LayerNorm.beta", [64], null, "embed.tok_norm.bias", "embeddings.LayerNorm.beta", "bias"],
    ["bert.encoder.layer.5.attention.self.query.weight", [64, 64], 5, "attn.q", "query", "matrix"],
    ["bert.encoder.layer.5.attention.self.key.bias", [64], 5, "attn.k.bias", "key.bias", "bias"],
    ["bert.encoder.layer.5.attention.self.value.weight", [64, 64], 5, "attn.v", "value", "matrix"],
    ["bert.encoder.layer.5.attention.output.dense.weight", [64, 64], 5, "attn.o", "attention.output.dense", "matrix"],
    [
      "bert.encoder.layer.5.attention.output.LayerNorm.weight",
      [64],
      5,
      "norm.post_attn",
      "attention.output.LayerNorm",
      "norm",
    ],
    ["bert.encoder.layer.5.intermediate.dense.weight", [256, 64], 5, "ffn.up", "intermediate.dense", "matrix"],
    ["bert.encoder.layer.5.output.dense.weight", [64, 256], 5, "ffn.down", "output.dense", "matrix"],
    ["bert.encoder.layer.5.output.LayerNorm.bias", [64], 5, "norm.post_ffn.bias", "output.LayerNorm.bias", "bias"],
    ["bert.pooler.dense.weight", [64, 64], null, "head.pool", "pooler.dense", "matrix"],
    ["cls.predictions.bias", [256], null, "head.lm.bias", "predictions.bias", "bias"],
    ["cls.predictions.transform.dense.weight", [64, 64], null, "head.transform", "transform.dense", "matrix"],
    ["cls.predictions.transform.LayerNorm.weight", [64], null, "norm.head", "transform.LayerNorm", "norm"],
    ["classifier.weight", [2, 64], null, "head.cls", "classifier", "matrix"],
  ],
  Mixtral: [
    ["model.layers.0.block_sparse_moe.gate.weight", [8, 64], 0, "moe.router", "gate", "matrix"],
    ["model.layers.0.block_sparse_moe.experts.7.w1.weight", [192, 64], 0, "moe.expert.gate", "experts.w1", "matrix"],
    ["model.layers.0.block_sparse_moe.experts.7.w2.weight", [64, 192], 0, "moe.expert.down", "experts.w2", "matrix"],
    ["model.layers.0.block_sparse_moe.experts.0.w3.weight", [192, 64], 0, "moe.expert.up", "experts.w3", "matrix"],
  ],
  "DeepSeek V3, dense and expert layers": [
    ["model.layers.0.mlp.gate_proj.weight", [192, 64], 0, "ffn.gate", "mlp.gate_proj", "matrix"],
    ["model.layers.3.mlp.gate.weight", [8, 64], 3, "moe.router", "gate", "matrix"],
    ["model.layers.3.mlp.gate.e_score_correction_bias", [8], 3, "moe.router.bias", "e_score_correction_bias", "bias"],
    ["model.layers.3.mlp.experts.255.gate_proj.weight", [32, 64], 3, "moe.expert.gate", "experts.gate_proj", "matrix"],
    [
      "model.layers.3.mlp.shared_experts.gate_proj.weight",
      [32, 64],
      3,
      "moe.shared.gate",
      "shared_experts.gate_proj",
      "matrix",
    ],
    ["model.layers.3.self_attn.q_a_proj.weight", [24, 64], 3, "attn.mla.q_a", "q_a_proj", "matrix"],
    [
      "model.layers.3.self_attn.kv_a_proj_with_mqa.weight",
      [40, 64],
      3,
      "attn.mla.kv_a",
      "kv_a_proj_with_mqa",
      "matrix",
    ],
    ["model.layers.3.self_attn.kv_a_layernorm.weight", [32], 3, "attn.mla.kv_a_norm", "kv_a_layernorm", "norm"],
    ["model.layers.3.self_attn.o_proj.weight_scale_inv", [1, 1], 3, "quant.scale", "o_proj.weight_scale_inv", "other"],
    ["model.layers.61.shared_head.norm.weight", [64], 61, "norm.final", "norm", "norm"],
  ],
  "gpt-oss, experts stacked": [
    ["model.layers.0.self_attn.sinks", [64], 0, "attn.sinks", "sinks", "other"],
    ["model.layers.0.mlp.router.bias", [32], 0, "moe.router.bias", "router.bias", "bias"],
    [
      "model.layers.0.mlp.experts.gate_up_proj",
      [32, 64, 384],
      0,
      "moe.expert.gate_up",
      "experts.gate_up_proj",
      "matrix",
    ],
    [
      "model.layers.0.mlp.experts.gate_up_proj_bias",
      [32, 384],
      0,
      "moe.expert.gate_up.bias",
      "experts.gate_up_proj_bias",
      "bias",
    ],
    [
      "model.layers.0.mlp.experts.down_proj_blocks",
      [32, 64, 6, 16],
      0,
      "quant.packed",
      "experts.down_proj_blocks",
      "other",
    ],
    ["model.layers.0.mlp.experts.down_proj_scales", [32, 64, 6], 0, "quant.scale", "experts.down_proj_scales", "other"],
  ],
  "Whisper and OPT": [
    ["model.decoder.embed_positions.weight", [448, 64], null, "embed.pos", "embed_positions", "matrix"],
    ["model.decoder.layers.0.self_attn.out_proj.weight", [64, 64], 0, "attn.o", "self_attn.out_proj", "matrix"],
    ["model.decoder.layers.0.encoder_attn.out_proj.weight", [64, 64], 0, "xattn.o", "encoder_attn.out_proj", "matrix"],
    ["model.decoder.layers.0.final_layer_norm.weight", [64], 0, "norm.ffn", "final_layer_norm", "norm"],
    ["model.decoder.layers.0.fc1.weight", [256, 64], 0, "ffn.up", "fc1", "matrix"],
    ["model.decoder.layer_norm.weight", [64], null, "norm.final", "layer_norm", "norm"],
  ],
  "T5 decoder": [
    ["shared.weight", [256, 64], null, "embed.tok", "shared", "matrix"],
    ["decoder.block.0.layer.0.SelfAttention.q.weight", [64, 64], 0, "attn.q", "SelfAttention.q", "matrix"],
    ["decoder.block.0.layer.1.EncDecAttention.q.weight", [64, 64], 0, "xattn.q", "EncDecAttention.q", "matrix"],
    ["decoder.block.0.layer.1.layer_norm.weight", [64], 0, "norm.xattn", "layer.1.layer_norm", "norm"],
    ["decoder.block.0.layer.2.layer_norm.weight", [64], 0, "norm.pre_ffn", "layer.2.layer_norm", "norm"],
    ["decoder.block.0.layer.2.DenseReluDense.wi_0.weight", [128, 64], 0, "ffn.gate", "wi_0", "matrix"],
  ],
  "Mamba 1": [
    ["backbone.embeddings.weight", [256, 64], null, "embed.tok", "embeddings", "matrix"],
    ["backbone.layers.0.mixer.in_proj.weight", [256, 64], 0, "ssm.in", "in_proj", "matrix"],
    ["backbone.layers.0.mixer.out_proj.weight", [64, 128], 0, "ssm.out", "out_proj", "matrix"],
    ["backbone.layers.0.mixer.A_log", [128, 16], 0, "ssm.decay", "A_log", "other"],
    ["backbone.layers.0.norm.weight", [64], 0, "norm.pre_mixer", "norm", "norm"],
    ["backbone.norm_f.weight", [64], null, "norm.final", "norm_f", "norm"],
  ],
  "vectors that lie as matrices": [
    ["rwkv.blocks.0.attention.time_mix_key", [1, 1, 768], 0, "ssm.shift", "time_mix_key", "other"],
    ["rwkv.blocks.0.attention.key.weight", [768, 768], 0, "attn.k", "key", "matrix"],
    ["transformer_blocks.0.scale_shift_table", [6, 1152], 0, "mod.table", "scale_shift_table", "other"],
    ["transformer_blocks.0.attn1.to_q.weight", [1152, 1152], 0, "attn.q", "to_q", "matrix"],
    ["embeddings.mask_token", [1, 768], null, "embed.mask", "mask_token", "other"],
  ],
  "wrappers of training": [
    ["_orig_mod.model.layers.1.mlp.up_proj.weight", [192, 64], 1, "ffn.up", "up_proj", "matrix"],
    ["module.model.layers.2.mlp.up_proj.weight", [192, 64], 2, "ffn.up", "up_proj", "matrix"],
    ["base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight", [8, 64], 3, "lora.a", "q_proj.lora_A", "matrix"],
    ["base_model.model.model.layers.3.self_attn.q_proj.lora_B.weight", [64, 8], 3, "lora.b", "lora_B", "matrix"],
    ["base_model.model.model.layers.3.self_attn.v_proj.lora_A.weight", [8, 64], 3, "lora.a", "v_proj.lora_A", "matrix"],
  ],
  "names that nobody listed": [
    ["trunk.layers.4.wiggle.strange_proj.weight", [64, 64], 4, "other", "wiggle.strange_proj", "matrix"],
    ["trunk.layers.4.wiggle.strange_proj.bias", [64], 4, "other.bias", "wiggle.strange_proj.bias", "bias"],
    ["trunk.layers.4.wiggle.temperature", [], 4, "other", "wiggle.temperature", "other"],
    ["trunk.layers.4.wiggle.rms_norm.weight", [64], 4, "norm.other", "wiggle.rms_norm", "norm"],
    ["trunk.layers.4.wiggle.norm.bias", [64], 4, "norm.other.bias", "wiggle.norm.bias", "bias"],
    ["trunk.conv_layers.2.kernel.weight", [64, 64, 3], 2, "other", "kernel", "matrix"],
    // Found by repetition: the same module under two numbers.
    ["tower.floors.0.room.weight", [64, 64], 0, "other", "room", "matrix"],
    ["tower.floors.1.room.weight", [64, 64], 1, "other", "room", "matrix"],
    // A list of linear maps is no stack of layers.
    ["projector.0.weight", [64, 32], null, "other", "projector.0", "matrix"],
    ["projector.2.weight", [64, 64], null, "other", "projector.2", "matrix"],
    ["thing", [3], null, "other", "thing", "other"],
    ["", [3], null, "other", "", "other"],
  ],
};

describe.each(Object.entries(FAMILIES))("%s", (_, rows) => {
  const places = placeTensors(rows.map(([name, shape]) => ({ name, shape })));
  test.each(rows.map((row, i) => ({ row, place: places[i] })))("$row.0", ({ row, place }) => {
    const [, , layer, role, module, group] = row;
    expect(place).toMatchObject({ layer, role, module, group });
  });
});

const placeNames = (...names: string[]) => placeTensors(names.map((name) => ({ name, shape: [4, 4] })));

test("the expert's number is kept apart from module and layer", () => {
  const [first, other, dense] = placeNames(
    "model.layers.1.block_sparse_moe.experts.5.w1.weight",
    "model.layers.1.block_sparse_moe.experts.12.w1.weight",
    "model.layers.1.self_attn.q_proj.weight",
  );
  expect(first).toMatchObject({ expert: 5, layer: 1, module: "experts.w1" });
  expect(other).toMatchObject({ expert: 12, layer: 1, module: "experts.w1" });
  expect(dense).not.toHaveProperty("expert");
});

test("stacks of one model do not collide", () => {
  const places = placeNames(
    "model.encoder.layers.0.self_attn.q_proj.weight",
    "model.decoder.layers.0.self_attn.q_proj.weight",
    "vision_tower.vision_model.encoder.layers.0.self_attn.q_proj.weight",
    "language_model.model.layers.0.self_attn.q_proj.weight",
    "model.embed_tokens.weight",
  );
  expect(places.map(({ stack }) => stack)).toEqual([
    "model.encoder.layers",
    "model.decoder.layers",
    "vision_tower.vision_model.encoder.layers",
    "language_model.model.layers",
    "",
  ]);
});

test("a U-Net's parts are counted one after the other, each kind for itself", () => {
  const [attention, convolution] = placeNames(
    "down_blocks.1.attentions.0.transformer_blocks.2.attn1.to_q.weight",
    "down_blocks.1.resnets.0.conv1.weight",
  );
  expect(attention).toMatchObject({ stack: "attentions.transformer_blocks", layer: 0, role: "attn.q" });
  expect(convolution).toMatchObject({ stack: "resnets", layer: 0, module: "conv1" });
});

test("one stack's siblings do not rename another's modules", () => {
  const [language, vision] = placeNames(
    "language_model.model.layers.0.self_attn.o_proj.weight",
    "vision_tower.layers.0.attn.o_proj.weight",
  );
  expect(language?.module).toBe("o_proj");
  expect(vision?.module).toBe("o_proj");
});

test("norms are read by what else the same stack has, not by the rest of the model", () => {
  const [plain, sandwich] = placeTensors(
    [
      "a.layers.0.post_attention_layernorm.weight",
      "b.layers.0.post_attention_layernorm.weight",
      "b.layers.0.pre_feedforward_layernorm.weight",
    ].map((name) => ({ name, shape: [8] })),
  );
  expect(plain?.role).toBe("norm.pre_ffn");
  expect(sandwich?.role).toBe("norm.post_attn");
});

test("a norm behind the feed-forward part alone does not turn the others round", () => {
  const names = ["input_layernorm", "post_attention_layernorm", "post_feedforward_layernorm"];
  const places = placeTensors(names.map((word) => ({ name: `model.layers.0.${word}.weight`, shape: [8] })));
  expect(places.map(({ role }) => role)).toEqual(["norm.pre_attn", "norm.pre_ffn", "norm.other"]);
});

test("a wrapper stays where dropping it would make two tensors one", () => {
  const [wrapped, bare] = placeNames("module.h.0.attn.c_attn.weight", "h.0.attn.c_attn.weight");
  expect(wrapped?.stack).toBe("module.h");
  expect(bare?.stack).toBe("h");
});

test("a bias called `attn.bias` is told from a causal mask by its shape", () => {
  const [mask, bias] = placeTensors([
    { name: "h.0.attn.bias", shape: [1, 1, 8, 8] },
    { name: "h.1.attn.bias", shape: [8] },
  ]);
  expect(mask).toMatchObject({ role: "buffer", group: "other" });
  expect(bias).toMatchObject({ role: "other.bias", group: "bias" });
});

test("no two tensors of a model share a place", () => {
  for (const rows of Object.values(FAMILIES)) {
    const places = placeTensors(rows.map(([name, shape]) => ({ name, shape })));
    const keys = places.map(({ stack, layer, module, expert }) => JSON.stringify([stack, layer, module, expert]));
    expect(new Set(keys).size).toBe(keys.length);
  }
});

test("a model of a hundred thousand tensors", () => {
  const tensors = Array.from({ length: 100_000 }, (_, i) => ({
    name: `model.layers.${i % 61}.mlp.experts.${Math.floor(i / 61)}.gate_proj.weight`,
    shape: [4, 4],
  }));
  const places = placeTensors(tensors);
  expect(places).toHaveLength(tensors.length);
  expect(places.at(-1)).toMatchObject({ layer: 99_999 % 61, expert: 1639, role: "moe.expert.gate" });
  expect(new Set(places.map(({ module }) => module))).toEqual(new Set(["experts.gate_proj"]));
});
