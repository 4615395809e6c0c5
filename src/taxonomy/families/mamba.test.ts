import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  "Mamba 2.8B": `
    backbone.embeddings.weight                     50280x2560    -   embed.tok
    backbone.layers.63.norm.weight                 2560          63  norm.pre_mixer
    backbone.layers.63.mixer.in_proj.weight        10240x2560    63  ssm.in
    backbone.layers.63.mixer.conv1d.weight         5120x1x4      63  ssm.conv
    backbone.layers.63.mixer.conv1d.bias           5120          63  ssm.conv.bias
    backbone.layers.63.mixer.x_proj.weight         192x5120      63  ssm.x
    backbone.layers.63.mixer.dt_proj.weight        5120x160      63  ssm.dt
    backbone.layers.63.mixer.dt_proj.bias          5120          63  ssm.dt.bias
    backbone.layers.63.mixer.A_log                 5120x16       63  ssm.decay
    backbone.layers.63.mixer.D                     5120          63  ssm.skip
    backbone.layers.63.mixer.out_proj.weight       2560x5120     63  ssm.out
    backbone.norm_f.weight                         2560          -   norm.final`,
  "Mamba 2": `
    backbone.layers.0.mixer.dt_bias                80            0   ssm.dt.bias
    backbone.layers.0.mixer.A_log                  80            0   ssm.decay
    backbone.layers.0.mixer.norm.weight            5120          0   norm.ssm
    backbone.layers.0.mixer.in_proj.weight         10576x2560    0   ssm.in`,
  Jamba: `
    model.layers.0.mamba.in_proj.weight                    16384x4096   0     ssm.in
    model.layers.0.mamba.dt_layernorm.weight               256          0     norm.ssm_dt
    model.layers.0.mamba.b_layernorm.weight                16           0     norm.ssm_b
    model.layers.0.mamba.c_layernorm.weight                16           0     norm.ssm_c
    model.layers.0.feed_forward.gate_proj.weight           14336x4096   0     ffn.gate
    model.layers.1.feed_forward.router.weight              16x4096      1     moe.router
    model.layers.1.feed_forward.experts.15.up_proj.weight  14336x4096   1/15  moe.expert.up
    model.layers.4.self_attn.o_proj.weight                 4096x4096    4     attn.o
    model.layers.4.pre_ff_layernorm.weight                 4096         4     norm.pre_ffn
    model.final_layernorm.weight                           4096         -     norm.final`,
  "Zamba 1 and 2": `
    model.layers.0.mamba.in_proj.weight                                           8512x2048   0   ssm.in
    model.layers.5.mamba_decoder.mamba.in_proj.weight                             8512x2048   5   ssm.in
    model.layers.5.mamba_decoder.mamba.A_log                                      64          5   ssm.decay
    model.layers.5.mamba_decoder.input_layernorm.weight                           2048        5   norm.pre_mixer
    model.layers.5.linear.weight                                                  2048x4096   5   shared.out
    model.layers.5.shared_transformer.self_attn.q_proj.weight                     4096x4096   5   attn.q
    model.layers.5.shared_transformer.self_attn.o_proj.weight                     2048x4096   5   attn.o
    model.layers.5.shared_transformer.self_attn.linear_q_adapter_list.2.0.weight  128x4096    5   lora.a
    model.layers.5.shared_transformer.self_attn.linear_q_adapter_list.2.1.weight  4096x128    5   lora.b
    model.layers.5.shared_transformer.feed_forward.gate_up_proj.weight            16384x2048  5   ffn.gate_up
    model.layers.5.shared_transformer.feed_forward.gate_up_proj_adapter_list.4.0.weight 128x2048 5 lora.a
    model.layers.5.shared_transformer.feed_forward.down_proj.weight               2048x8192   5   ffn.down
    model.layers.5.shared_transformer.input_layernorm.weight                      4096        5   norm.pre_attn
    model.layers.5.shared_transformer.pre_ff_layernorm.weight                     4096        5   norm.pre_ffn
    model.layers.6.shared_transf.self_attn.v_proj.weight                          7424x7424   6   attn.v
    model.layers.6.shared_transf.feed_forward.gate_proj.weight                    14848x3712  6   ffn.gate`,
  "Falcon H1, Bamba": `
    model.layers.0.mamba.in_proj.weight                    6704x2048    0   ssm.in
    model.layers.0.mamba.dt_bias                           48           0   ssm.dt.bias
    model.layers.0.self_attn.k_proj.weight                 256x2048     0   attn.k
    model.layers.0.feed_forward.up_proj.weight             4096x2048    0   ffn.up
    model.layers.0.pre_ff_layernorm.weight                 2048         0   norm.pre_ffn`,
  "Nemotron H": `
    backbone.layers.0.mixer.in_proj.weight                 18560x4096   0    ssm.in
    backbone.layers.1.mixer.up_proj.weight                 21504x4096   1    ffn.up
    backbone.layers.1.mixer.down_proj.weight               4096x21504   1    ffn.down
    backbone.layers.7.mixer.q_proj.weight                  4096x4096    7    attn.q
    backbone.layers.7.mixer.o_proj.weight                  4096x4096    7    attn.o
    backbone.layers.8.mixer.gate.weight                    128x2688     8    moe.router
    backbone.layers.8.mixer.gate.e_score_correction_bias   128          8    moe.router.bias
    backbone.layers.8.mixer.experts.5.up_proj.weight       1856x2688    8/5  moe.expert.up
    backbone.layers.8.mixer.shared_experts.down_proj.weight 2688x3712   8    moe.shared.down
    backbone.norm_f.weight                                 4096         -    norm.final`,
  "LFM 2": `
    model.embedding_norm.weight                            2048         -   norm.final
    model.layers.0.conv.in_proj.weight                     6144x2048    0   conv.in
    model.layers.0.conv.conv.weight                        2048x1x3     0   conv.mix
    model.layers.0.conv.out_proj.weight                    2048x2048    0   conv.out
    model.layers.2.self_attn.q_layernorm.weight            64           2   attn.q_norm
    model.layers.2.self_attn.out_proj.weight               2048x2048    2   attn.o
    model.layers.0.feed_forward.w1.weight                  8192x2048    0   ffn.gate
    model.layers.0.operator_norm.weight                    2048         0   norm.pre_attn`,
  "RWKV 4": `
    rwkv.embeddings.weight                                 50277x768    -   embed.tok
    rwkv.blocks.0.pre_ln.weight                            768          0   norm.embed
    rwkv.blocks.0.ln1.weight                               768          0   norm.pre_attn
    rwkv.blocks.0.ln2.bias                                 768          0   norm.pre_ffn.bias
    rwkv.blocks.0.attention.time_decay                     768          0   ssm.decay
    rwkv.blocks.0.attention.time_first                     768          0   ssm.skip
    rwkv.blocks.0.attention.time_mix_key                   1x1x768      0   ssm.shift
    rwkv.blocks.0.attention.receptance.weight              768x768      0   attn.r
    rwkv.blocks.0.attention.key.weight                     768x768      0   attn.k
    rwkv.blocks.0.attention.value.weight                   768x768      0   attn.v
    rwkv.blocks.0.attention.output.weight                  768x768      0   attn.o
    rwkv.blocks.0.feed_forward.time_mix_receptance         1x1x768      0   ssm.shift
    rwkv.blocks.0.feed_forward.key.weight                  3072x768     0   ffn.up
    rwkv.blocks.0.feed_forward.receptance.weight           768x768      0   ffn.gate
    rwkv.blocks.0.feed_forward.value.weight                768x3072     0   ffn.down
    rwkv.ln_out.weight                                     768          -   norm.final
    head.weight                                            50277x768    -   head.lm`,
  "RWKV 7 in its makers' own layout": `
    emb.weight                                             65536x768    -   embed.tok
    blocks.0.ln0.weight                                    768          0   norm.embed
    blocks.0.ln1.weight                                    768          0   norm.pre_attn
    blocks.0.att.x_r                                       1x1x768      0   ssm.shift
    blocks.0.att.w0                                        1x1x768      0   ssm.decay
    blocks.0.att.w1                                        768x64       0   ssm.decay_a
    blocks.0.att.w2                                        64x768       0   ssm.decay_b
    blocks.0.att.receptance.weight                         768x768      0   attn.r
    blocks.0.att.output.weight                             768x768      0   attn.o
    blocks.0.att.ln_x.weight                               768          0   norm.post_attn
    blocks.0.ffn.x_k                                       1x1x768      0   ssm.shift
    blocks.0.ffn.key.weight                                3072x768     0   ffn.up
    blocks.0.ffn.value.weight                              768x3072     0   ffn.down
    ln_out.weight                                          768          -   norm.final
    head.weight                                            65536x768    -   head.lm`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
