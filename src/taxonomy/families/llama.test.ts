import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  "Llama 3.1 8B": `
    model.embed_tokens.weight                           128256x4096  -   embed.tok
    model.layers.0.input_layernorm.weight               4096         0   norm.pre_attn
    model.layers.0.self_attn.q_proj.weight              4096x4096    0   attn.q
    model.layers.0.self_attn.k_proj.weight              1024x4096    0   attn.k
    model.layers.0.self_attn.v_proj.weight              1024x4096    0   attn.v
    model.layers.0.self_attn.o_proj.weight              4096x4096    0   attn.o
    model.layers.0.self_attn.rotary_emb.inv_freq        64           0   buffer
    model.layers.0.post_attention_layernorm.weight      4096         0   norm.pre_ffn
    model.layers.0.mlp.gate_proj.weight                 14336x4096   0   ffn.gate
    model.layers.0.mlp.up_proj.weight                   14336x4096   0   ffn.up
    model.layers.31.mlp.down_proj.weight                4096x14336   31  ffn.down
    model.norm.weight                                   4096         -   norm.final
    lm_head.weight                                      128256x4096  -   head.lm`,
  "Llama in its makers' own layout": `
    tok_embeddings.weight                128256x4096  -  embed.tok
    layers.0.attention_norm.weight       4096         0  norm.pre_attn
    layers.0.attention.wq.weight         4096x4096    0  attn.q
    layers.0.attention.wk.weight         1024x4096    0  attn.k
    layers.0.attention.wv.weight         1024x4096    0  attn.v
    layers.0.attention.wo.weight         4096x4096    0  attn.o
    layers.0.ffn_norm.weight             4096         0  norm.pre_ffn
    layers.0.feed_forward.w1.weight      14336x4096   0  ffn.gate
    layers.0.feed_forward.w2.weight      4096x14336   0  ffn.down
    layers.0.feed_forward.w3.weight      14336x4096   0  ffn.up
    norm.weight                          4096         -  norm.final
    output.weight                        128256x4096  -  head.lm`,
  "Qwen2.5 1.5B": `
    model.layers.27.self_attn.q_proj.weight             1536x1536  27  attn.q
    model.layers.27.self_attn.q_proj.bias               1536       27  attn.q.bias
    model.layers.27.self_attn.k_proj.bias               256        27  attn.k.bias
    model.layers.27.self_attn.v_proj.bias               256        27  attn.v.bias
    model.layers.27.post_attention_layernorm.weight     1536       27  norm.pre_ffn`,
  "Qwen3 8B": `
    model.layers.35.self_attn.q_norm.weight             128        35  attn.q_norm
    model.layers.35.self_attn.k_norm.weight             128        35  attn.k_norm
    model.layers.35.self_attn.o_proj.weight             4096x4096  35  attn.o`,
  "Gemma 2 9B": `
    model.layers.0.input_layernorm.weight               3584        0  norm.pre_attn
    model.layers.0.post_attention_layernorm.weight      3584        0  norm.post_attn
    model.layers.0.pre_feedforward_layernorm.weight     3584        0  norm.pre_ffn
    model.layers.0.post_feedforward_layernorm.weight    3584        0  norm.post_ffn
    model.layers.0.mlp.gate_proj.weight                 14336x3584  0  ffn.gate`,
  "Gemma 3n, per-layer inputs": `
    model.language_model.embed_tokens_per_layer.weight                     262144x7680  -  embed.tok_layer
    model.language_model.per_layer_model_projection.weight                 7680x2048    -  embed.layer_map
    model.language_model.per_layer_projection_norm.weight                  256          -  norm.embed
    model.language_model.layers.0.per_layer_input_gate.weight              256x2048     0  embed.layer_gate
    model.language_model.layers.0.per_layer_projection.weight              2048x256     0  embed.layer_map
    model.language_model.layers.0.post_per_layer_input_norm.weight         2048         0  norm.embed
    model.language_model.layers.0.altup.modality_router.weight             4x2048       0  altup.router
    model.language_model.layers.0.altup.prediction_coefs.weight            16x4         0  altup.predict
    model.language_model.layers.0.altup.correction_coefs.weight            4x4          0  altup.correct
    model.language_model.layers.0.altup.correct_output_scale               2048         0  misc.scale
    model.language_model.layers.0.altup.router_norm.weight                 2048         0  norm.altup
    model.language_model.layers.0.laurel.linear_left.weight                64x2048      0  laurel.down
    model.language_model.layers.0.laurel.linear_right.weight               2048x64      0  laurel.up
    model.language_model.layers.0.laurel.post_laurel_norm.weight           2048         0  norm.laurel
    model.language_model.altup_projections.0.weight                        2048x2048    -  altup.project
    model.language_model.altup_unembed_projections.2.weight                2048x2048    -  altup.unproject`,
  "Gemma 4": `
    model.language_model.layers.5.layer_scalar          1          5  misc.scale
    model.language_model.layers.5.self_attn.q_norm.weight 256      5  attn.q_norm`,
  "OLMo 2 7B": `
    model.layers.0.self_attn.q_norm.weight              4096       0  attn.q_norm
    model.layers.0.post_attention_layernorm.weight      4096       0  norm.post_attn
    model.layers.0.post_feedforward_layernorm.weight    4096       0  norm.post_ffn`,
  "OLMo and Molmo in their makers' own layout": `
    model.transformer.wte.weight                        50304x2048  -  embed.tok
    model.transformer.blocks.0.att_proj.weight          6144x2048   0  attn.qkv
    model.transformer.blocks.0.att_proj.bias            6144        0  attn.qkv.bias
    model.transformer.blocks.0.attn_out.weight          2048x2048   0  attn.o
    model.transformer.blocks.0.ff_proj.weight           16384x2048  0  ffn.gate_up
    model.transformer.blocks.0.ff_out.weight            2048x8192   0  ffn.down
    model.transformer.blocks.0.attn_norm.weight         2048        0  norm.pre_attn
    model.transformer.blocks.0.ff_norm.weight           2048        0  norm.pre_ffn
    model.transformer.ff_out.weight                     50304x2048  -  head.lm`,
  "Phi-2": `
    model.layers.0.self_attn.dense.weight               2560x2560   0  attn.o
    model.layers.0.self_attn.dense.bias                 2560        0  attn.o.bias
    model.layers.0.mlp.fc1.weight                       10240x2560  0  ffn.up
    model.layers.0.mlp.fc2.bias                         2560        0  ffn.down.bias
    model.final_layernorm.bias                          2560        -  norm.final.bias
    lm_head.bias                                        51200       -  head.lm.bias`,
  "Phi-3 mini": `
    model.layers.0.self_attn.qkv_proj.weight            9216x3072   0  attn.qkv
    model.layers.0.self_attn.o_proj.weight              3072x3072   0  attn.o
    model.layers.0.mlp.gate_up_proj.weight              16384x3072  0  ffn.gate_up
    model.layers.0.mlp.down_proj.weight                 3072x8192   0  ffn.down`,
  "GLM-4 0414": `
    model.layers.0.post_self_attn_layernorm.weight      4096        0  norm.post_attn
    model.layers.0.post_mlp_layernorm.weight            4096        0  norm.post_ffn
    model.layers.0.mlp.gate_up_proj.weight              27392x4096  0  ffn.gate_up`,
  "InternLM 2": `
    model.tok_embeddings.weight                         92544x4096  -  embed.tok
    model.layers.0.attention.wqkv.weight                6144x4096   0  attn.qkv
    model.layers.0.attention.wo.weight                  4096x4096   0  attn.o
    output.weight                                       92544x4096  -  head.lm`,
  "Baichuan 2, Hunyuan": `
    model.layers.0.self_attn.W_pack.weight              12288x4096  0  attn.qkv
    model.layers.0.self_attn.query_layernorm.weight     128         0  attn.q_norm
    model.layers.0.self_attn.key_layernorm.weight       128         0  attn.k_norm`,
  "Nemotron 4, no gate": `
    model.layers.0.mlp.up_proj.weight                   24576x6144  0  ffn.up
    model.layers.0.mlp.down_proj.weight                 6144x24576  0  ffn.down
    model.layers.0.input_layernorm.bias                 6144        0  norm.pre_attn.bias`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
