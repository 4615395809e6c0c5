import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  "Mixtral 8x7B and MiniMax M2": `
    model.layers.31.self_attn.q_proj.weight                      4096x4096   31    attn.q
    model.layers.31.block_sparse_moe.gate.weight                 8x4096      31    moe.router
    model.layers.31.block_sparse_moe.e_score_correction_bias     256         31    moe.router.bias
    model.layers.31.block_sparse_moe.experts.0.w1.weight         14336x4096  31/0  moe.expert.gate
    model.layers.31.block_sparse_moe.experts.0.w2.weight         4096x14336  31/0  moe.expert.down
    model.layers.31.block_sparse_moe.experts.7.w3.weight         14336x4096  31/7  moe.expert.up`,
  "Mixtral, experts stacked": `
    model.layers.0.mlp.gate.weight                               8x4096         0  moe.router
    model.layers.0.mlp.experts.gate_up_proj                      8x28672x4096   0  moe.expert.gate_up
    model.layers.0.mlp.experts.down_proj                         8x4096x14336   0  moe.expert.down`,
  "Qwen1.5-MoE and Qwen2-MoE": `
    model.layers.0.mlp.gate.weight                               60x2048    0     moe.router
    model.layers.0.mlp.experts.59.gate_proj.weight               1408x2048  0/59  moe.expert.gate
    model.layers.0.mlp.experts.59.up_proj.weight                 1408x2048  0/59  moe.expert.up
    model.layers.0.mlp.experts.59.down_proj.weight               2048x1408  0/59  moe.expert.down
    model.layers.0.mlp.shared_expert.gate_proj.weight            5632x2048  0     moe.shared.gate
    model.layers.0.mlp.shared_expert.down_proj.weight            2048x5632  0     moe.shared.down
    model.layers.0.mlp.shared_expert_gate.weight                 1x2048     0     moe.shared_gate`,
  "Qwen3-MoE 235B": `
    model.layers.93.mlp.experts.127.up_proj.weight               1536x4096  93/127  moe.expert.up
    model.layers.93.self_attn.k_norm.weight                      128        93      attn.k_norm`,
  "Qwen3.5 MoE, gated delta net beside attention": `
    model.language_model.embed_tokens.weight                          248320x2048  -    embed.tok
    model.language_model.layers.0.input_layernorm.weight              2048         0    norm.pre_attn
    model.language_model.layers.0.linear_attn.A_log                   32           0    ssm.decay
    model.language_model.layers.0.linear_attn.conv1d.weight           8192x1x4     0    ssm.conv
    model.language_model.layers.0.linear_attn.dt_bias                 32           0    ssm.dt.bias
    model.language_model.layers.0.linear_attn.in_proj_a.weight        32x2048      0    ssm.a
    model.language_model.layers.0.linear_attn.in_proj_b.weight        32x2048      0    ssm.b
    model.language_model.layers.0.linear_attn.in_proj_qkv.weight      8192x2048    0    ssm.in
    model.language_model.layers.0.linear_attn.in_proj_z.weight        4096x2048    0    ssm.z
    model.language_model.layers.0.linear_attn.norm.weight             128          0    norm.ssm
    model.language_model.layers.0.linear_attn.out_proj.weight         2048x4096    0    ssm.out
    model.language_model.layers.0.mlp.experts.100.gate_proj.weight    512x2048     0/100  moe.expert.gate
    model.language_model.layers.3.self_attn.o_proj.weight             2048x4096    3    attn.o
    mtp.layers.0.self_attn.q_proj.weight                              8192x2048    0    attn.q
    mtp.fc.weight                                                     2048x4096    -    mtp.join
    mtp.pre_fc_norm_embedding.weight                                  2048         -    norm.mtp_embed
    mtp.pre_fc_norm_hidden.weight                                     2048         -    norm.mtp_hidden
    mtp.norm.weight                                                   2048         -    norm.final`,
  OLMoE: `
    model.layers.15.mlp.gate.weight                              64x2048    15     moe.router
    model.layers.15.mlp.experts.63.down_proj.weight              2048x1024  15/63  moe.expert.down
    model.layers.15.self_attn.q_norm.weight                      2048       15     attn.q_norm`,
  "DeepSeek V3": `
    model.layers.0.mlp.gate_proj.weight                          18432x7168  0       ffn.gate
    model.layers.3.self_attn.q_a_proj.weight                     1536x7168   3       attn.mla.q_a
    model.layers.3.self_attn.q_a_layernorm.weight                1536        3       attn.mla.q_a_norm
    model.layers.3.self_attn.q_b_proj.weight                     24576x1536  3       attn.mla.q_b
    model.layers.3.self_attn.kv_a_proj_with_mqa.weight           576x7168    3       attn.mla.kv_a
    model.layers.3.self_attn.kv_a_proj_with_mqa.weight_scale_inv 5x56        3       quant.scale
    model.layers.3.self_attn.kv_a_layernorm.weight               512         3       attn.mla.kv_a_norm
    model.layers.3.self_attn.kv_b_proj.weight                    32768x512   3       attn.mla.kv_b
    model.layers.3.self_attn.o_proj.weight                       7168x16384  3       attn.o
    model.layers.3.mlp.gate.weight                               256x7168    3       moe.router
    model.layers.3.mlp.gate.e_score_correction_bias              256         3       moe.router.bias
    model.layers.3.mlp.experts.255.gate_proj.weight              2048x7168   3/255   moe.expert.gate
    model.layers.3.mlp.experts.255.gate_proj.weight_scale_inv    16x56       3/255   quant.scale
    model.layers.3.mlp.shared_experts.up_proj.weight             2048x7168   3       moe.shared.up
    model.layers.61.eh_proj.weight                               7168x14336  61      mtp.join
    model.layers.61.enorm.weight                                 7168        61      norm.mtp_embed
    model.layers.61.hnorm.weight                                 7168        61      norm.mtp_hidden
    model.layers.61.embed_tokens.weight                          129280x7168 61      embed.tok
    model.layers.61.shared_head.norm.weight                      7168        61      norm.final
    model.layers.61.shared_head.head.weight                      129280x7168 61      head.lm`,
  "DeepSeek V2 Lite and V3.2": `
    model.layers.1.self_attn.q_proj.weight                       3072x2048   1  attn.q
    model.layers.1.self_attn.kv_a_proj_with_mqa.weight           576x2048    1  attn.mla.kv_a
    model.layers.1.self_attn.indexer.wq_b.weight                 8192x1536   1  attn.index.q
    model.layers.1.self_attn.indexer.wk.weight                   128x7168    1  attn.index.k
    model.layers.1.self_attn.indexer.k_norm.weight               128         1  attn.index.k_norm
    model.layers.1.self_attn.indexer.k_norm.bias                 128         1  attn.index.k_norm.bias
    model.layers.1.self_attn.indexer.weights_proj.weight         64x7168     1  attn.index.weights`,
  "Llama 4 Scout": `
    language_model.model.layers.0.feed_forward.router.weight                16x5120          0   moe.router
    language_model.model.layers.0.feed_forward.experts.gate_up_proj         16x5120x16384    0   moe.expert.gate_up
    language_model.model.layers.0.feed_forward.experts.down_proj            16x8192x5120     0   moe.expert.down
    language_model.model.layers.0.feed_forward.shared_expert.up_proj.weight 8192x5120        0   moe.shared.up
    vision_model.patch_embedding.linear.weight                              1408x588         -   embed.patch
    vision_model.positional_embedding_vlm                                   577x1408         -   embed.pos
    vision_model.model.layers.33.self_attn.o_proj.bias                      1408             33  attn.o.bias
    vision_model.vision_adapter.mlp.fc1.weight                              4096x5632        -   projector
    multi_modal_projector.linear_1.weight                                   5120x4096        -   projector`,
  "gpt-oss 20B": `
    model.layers.23.self_attn.sinks                              64             23  attn.sinks
    model.layers.23.self_attn.o_proj.bias                        2880           23  attn.o.bias
    model.layers.23.mlp.router.weight                            32x2880        23  moe.router
    model.layers.23.mlp.router.bias                              32             23  moe.router.bias
    model.layers.23.mlp.experts.gate_up_proj_blocks              32x5760x90x16  23  quant.packed
    model.layers.23.mlp.experts.gate_up_proj_scales              32x5760x90     23  quant.scale
    model.layers.23.mlp.experts.gate_up_proj_bias                32x5760        23  moe.expert.gate_up.bias
    model.layers.23.mlp.experts.down_proj_bias                   32x2880        23  moe.expert.down.bias
    model.layers.22.mlp.experts.down_proj                        32x2880x2880   22  moe.expert.down`,
  "Granite MoE, DBRX": `
    model.layers.0.block_sparse_moe.router.layer.weight          32x1024         0  moe.router
    model.layers.0.block_sparse_moe.input_linear.weight          32x1024x1024    0  moe.expert.gate_up
    model.layers.0.block_sparse_moe.output_linear.weight         32x1024x512     0  moe.expert.down
    model.layers.0.shared_mlp.input_linear.weight                2048x1024       0  moe.shared.gate_up
    transformer.blocks.0.norm_attn_norm.attn.Wqkv.weight         8192x6144       0  attn.qkv
    transformer.blocks.0.norm_attn_norm.attn.out_proj.weight     6144x6144       0  attn.o
    transformer.blocks.0.norm_attn_norm.norm_1.weight            6144            0  norm.pre_attn
    transformer.blocks.0.norm_attn_norm.norm_2.weight            6144            0  norm.pre_ffn
    transformer.blocks.0.ffn.router.layer.weight                 16x6144         0  moe.router
    transformer.blocks.0.ffn.experts.mlp.w1                      172032x6144     0  moe.expert.gate
    transformer.blocks.0.ffn.experts.mlp.v1                      172032x6144     0  moe.expert.up
    transformer.blocks.0.ffn.experts.mlp.w2                      172032x6144     0  moe.expert.down`,
  "ERNIE 4.5, Hunyuan and Arctic": `
    model.layers.1.mlp.moe_statics.e_score_correction_bias       1x64        1    moe.router.bias
    model.layers.1.mlp.shared_experts.gate_proj.weight           3072x2560   1    moe.shared.gate
    model.layers.2.mlp.gate.wg.weight                            64x4096     2    moe.router
    model.layers.2.mlp.shared_mlp.gate_proj.weight               3072x4096   2    moe.shared.gate
    model.layers.2.mlp.shared_mlp.down_proj.weight               4096x3072   2    moe.shared.down
    model.layers.3.residual_mlp.w1.weight                        7168x7168   3    ffn.gate
    model.layers.3.residual_mlp.w2.weight                        7168x7168   3    ffn.down
    model.layers.3.residual_mlp.w3.weight                        7168x7168   3    ffn.up
    model.layers.3.residual_layernorm.weight                     7168        3    norm.pre_ffn`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
