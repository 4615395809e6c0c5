import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  "GPT-2": `
    wte.weight                        50257x768      -   embed.tok
    wpe.weight                        1024x768       -   embed.pos
    h.0.ln_1.weight                   768            0   norm.pre_attn
    h.0.attn.bias                     1x1x1024x1024  0   buffer
    h.0.attn.c_attn.weight            768x2304       0   attn.qkv
    h.0.attn.c_attn.bias              2304           0   attn.qkv.bias
    h.0.attn.c_proj.weight            768x768        0   attn.o
    h.0.ln_2.bias                     768            0   norm.pre_ffn.bias
    h.0.mlp.c_fc.weight               768x3072       0   ffn.up
    h.11.mlp.c_proj.weight            3072x768       11  ffn.down
    ln_f.weight                       768            -   norm.final`,
  "GPT-BigCode (StarCoder)": `
    transformer.h.0.attn.c_attn.weight      6400x6144   0  attn.qkv
    transformer.h.0.attn.c_proj.bias        6144        0  attn.o.bias
    transformer.h.0.mlp.c_fc.weight         24576x6144  0  ffn.up
    transformer.h.0.mlp.c_proj.weight       6144x24576  0  ffn.down
    lm_head.weight                          49152x6144  -  head.lm`,
  "StarCoder 2": `
    model.layers.0.self_attn.o_proj.bias            3072        0  attn.o.bias
    model.layers.0.mlp.c_fc.weight                  12288x3072  0  ffn.up
    model.layers.0.mlp.c_proj.weight                3072x12288  0  ffn.down
    model.layers.0.post_attention_layernorm.bias    3072        0  norm.pre_ffn.bias
    model.norm.bias                                 3072        -  norm.final.bias`,
  "GPT-Neo": `
    transformer.h.0.attn.attention.q_proj.weight       2048x2048      0  attn.q
    transformer.h.0.attn.attention.out_proj.weight     2048x2048      0  attn.o
    transformer.h.0.attn.attention.out_proj.bias       2048           0  attn.o.bias
    transformer.h.0.attn.attention.bias                1x1x2048x2048  0  buffer
    transformer.h.0.attn.attention.masked_bias         []             0  buffer`,
  "GPT-J and CodeGen": `
    transformer.h.0.attn.q_proj.weight       4096x4096    0  attn.q
    transformer.h.0.attn.out_proj.weight     4096x4096    0  attn.o
    transformer.h.0.mlp.fc_in.weight         16384x4096   0  ffn.up
    transformer.h.0.mlp.fc_out.bias          4096         0  ffn.down.bias
    transformer.h.1.attn.qkv_proj.weight     12288x4096   1  attn.qkv
    lm_head.bias                             50400        -  head.lm.bias`,
  MPT: `
    transformer.wte.weight                     50432x4096   -  embed.tok
    transformer.blocks.0.norm_1.weight         4096         0  norm.pre_attn
    transformer.blocks.0.attn.Wqkv.weight      12288x4096   0  attn.qkv
    transformer.blocks.0.attn.out_proj.weight  4096x4096    0  attn.o
    transformer.blocks.0.norm_2.weight         4096         0  norm.pre_ffn
    transformer.blocks.0.ffn.up_proj.weight    16384x4096   0  ffn.up
    transformer.blocks.0.ffn.down_proj.weight  4096x16384   0  ffn.down
    transformer.norm_f.weight                  4096         -  norm.final`,
  "Qwen 1, whose w1 and w2 are the other way round": `
    transformer.h.0.attn.c_attn.weight   12288x4096   0  attn.qkv
    transformer.h.0.mlp.w1.weight        11008x4096   0  ffn.up
    transformer.h.0.mlp.w2.weight        11008x4096   0  ffn.gate
    transformer.h.0.mlp.c_proj.weight    4096x11008   0  ffn.down`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
