import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  "BART large": `
    model.shared.weight                                          50264x1024  -   embed.tok
    model.encoder.embed_positions.weight                         1026x1024   -   embed.pos
    model.encoder.layernorm_embedding.weight                     1024        -   embed.tok_norm
    model.encoder.layers.11.self_attn.k_proj.weight              1024x1024   11  attn.k
    model.encoder.layers.11.self_attn.out_proj.bias              1024        11  attn.o.bias
    model.encoder.layers.11.self_attn_layer_norm.weight          1024        11  norm.attn
    model.encoder.layers.11.fc1.weight                           4096x1024   11  ffn.up
    model.encoder.layers.11.fc2.weight                           1024x4096   11  ffn.down
    model.encoder.layers.11.final_layer_norm.weight              1024        11  norm.ffn
    model.decoder.embed_positions.weight                         1026x1024   -   embed.pos
    model.decoder.layers.0.self_attn.q_proj.weight               1024x1024   0   attn.q
    model.decoder.layers.0.encoder_attn.q_proj.weight            1024x1024   0   xattn.q
    model.decoder.layers.0.encoder_attn.out_proj.weight          1024x1024   0   xattn.o
    model.decoder.layers.0.encoder_attn_layer_norm.bias          1024        0   norm.xattn.bias
    classification_head.dense.weight                             1024x1024   -   head.cls
    classification_head.out_proj.bias                            3           -   head.cls.bias
    final_logits_bias                                            1x50264     -   head.lm.bias`,
  "Marian (opus-mt)": `
    model.shared.weight                                          65001x512   -   embed.tok
    model.encoder.layers.5.self_attn.v_proj.weight               512x512     5   attn.v
    model.decoder.layers.5.encoder_attn.k_proj.weight            512x512     5   xattn.k
    model.decoder.embed_positions.weight                         512x512     -   embed.pos
    final_logits_bias                                            1x65001     -   head.lm.bias
    lm_head.weight                                               65001x512   -   head.lm`,
  "OPT 350M": `
    model.decoder.embed_tokens.weight                            50272x512   -   embed.tok
    model.decoder.embed_positions.weight                         2050x1024   -   embed.pos
    model.decoder.project_in.weight                              1024x512    -   embed.map
    model.decoder.project_out.weight                             512x1024    -   head.transform
    model.decoder.layers.0.self_attn.q_proj.weight               1024x1024   0   attn.q
    model.decoder.layers.0.self_attn_layer_norm.weight           1024        0   norm.attn
    model.decoder.layers.0.fc1.bias                              4096        0   ffn.up.bias
    model.decoder.layers.0.final_layer_norm.weight               1024        0   norm.ffn`,
  Whisper: `
    model.encoder.conv1.weight                                   384x80x3    -   embed.conv
    model.encoder.conv2.bias                                     384         -   embed.conv.bias
    model.encoder.embed_positions.weight                         1500x384    -   embed.pos
    model.encoder.layers.3.self_attn.q_proj.weight               384x384     3   attn.q
    model.encoder.layers.3.self_attn_layer_norm.weight           384         3   norm.attn
    model.encoder.layer_norm.weight                              384         -   norm.final
    model.decoder.embed_tokens.weight                            51865x384   -   embed.tok
    model.decoder.layers.3.encoder_attn.v_proj.bias              384         3   xattn.v.bias
    model.decoder.layers.3.final_layer_norm.bias                 384         3   norm.ffn.bias
    model.decoder.layer_norm.bias                                384         -   norm.final.bias
    proj_out.weight                                              51865x384   -   head.lm`,
  "wav2vec 2.0 and HuBERT": `
    wav2vec2.masked_spec_embed                                           768           -   embed.mask
    wav2vec2.feature_extractor.conv_layers.0.conv.weight                 512x1x10      0   conv.in
    wav2vec2.feature_extractor.conv_layers.0.layer_norm.weight           512           0   norm.conv
    wav2vec2.feature_projection.projection.weight                        768x512       -   embed.map
    wav2vec2.feature_projection.layer_norm.weight                        512           -   norm.embed
    wav2vec2.encoder.pos_conv_embed.conv.weight_g                        1x1x128       -   embed.pos
    wav2vec2.encoder.pos_conv_embed.conv.weight_v                        768x48x128    -   embed.pos
    wav2vec2.encoder.pos_conv_embed.conv.bias                            768           -   embed.pos.bias
    wav2vec2.encoder.layer_norm.weight                                   768           -   norm.final
    wav2vec2.encoder.layers.11.attention.q_proj.weight                   768x768       11  attn.q
    wav2vec2.encoder.layers.11.attention.out_proj.bias                   768           11  attn.o.bias
    wav2vec2.encoder.layers.11.layer_norm.weight                         768           11  norm.attn
    wav2vec2.encoder.layers.11.feed_forward.intermediate_dense.weight    3072x768      11  ffn.up
    wav2vec2.encoder.layers.11.feed_forward.output_dense.weight          768x3072      11  ffn.down
    wav2vec2.encoder.layers.11.final_layer_norm.weight                   768           11  norm.ffn
    quantizer.codevectors                                                1x640x128     -   embed.code
    quantizer.weight_proj.weight                                         640x512       -   embed.code_map
    project_hid.weight                                                   256x768       -   projector
    project_q.weight                                                     256x256       -   projector
    lm_head.weight                                                       32x768        -   head.lm`,
  "T5 v1.1": `
    shared.weight                                                    32128x768   -  embed.tok
    encoder.block.0.layer.0.SelfAttention.q.weight                   768x768     0  attn.q
    encoder.block.0.layer.0.SelfAttention.relative_attention_bias.weight 32x12   0  misc.relpos
    encoder.block.0.layer.0.layer_norm.weight                        768         0  norm.pre_attn
    encoder.block.0.layer.1.DenseReluDense.wi_0.weight               2048x768    0  ffn.gate
    encoder.block.0.layer.1.DenseReluDense.wi_1.weight               2048x768    0  ffn.up
    encoder.block.0.layer.1.DenseReluDense.wo.weight                 768x2048    0  ffn.down
    encoder.block.0.layer.1.layer_norm.weight                        768         0  norm.pre_ffn
    encoder.final_layer_norm.weight                                  768         -  norm.final
    decoder.block.11.layer.0.SelfAttention.o.weight                  768x768     11 attn.o
    decoder.block.11.layer.1.EncDecAttention.q.weight                768x768     11 xattn.q
    decoder.block.11.layer.1.EncDecAttention.k.weight                768x768     11 xattn.k
    decoder.block.11.layer.1.layer_norm.weight                       768         11 norm.xattn
    decoder.block.11.layer.2.DenseReluDense.wo.weight                768x2048    11 ffn.down
    decoder.block.11.layer.2.layer_norm.weight                       768         11 norm.pre_ffn
    decoder.final_layer_norm.weight                                  768         -  norm.final
    lm_head.weight                                                   32128x768   -  head.lm`,
  "T5 v1.0, without a gate": `
    encoder.block.5.layer.1.DenseReluDense.wi.weight                 2048x512    5  ffn.up
    encoder.block.5.layer.1.DenseReluDense.wo.weight                 512x2048    5  ffn.down
    decoder.block.5.layer.1.EncDecAttention.q.weight                 512x512     5  xattn.q
    decoder.block.5.layer.2.DenseReluDense.wi.weight                 2048x512    5  ffn.up`,
  "Switch Transformers and NLLB-MoE": `
    encoder.block.1.layer.1.mlp.router.classifier.weight             8x768       1    moe.router
    encoder.block.1.layer.1.mlp.experts.expert_0.wi.weight           3072x768    1/0  moe.expert.up
    encoder.block.1.layer.1.mlp.experts.expert_7.wo.weight           768x3072    1/7  moe.expert.down
    encoder.block.0.layer.1.mlp.wi.weight                            3072x768    0    ffn.up
    encoder.block.0.layer.1.mlp.wo.weight                            768x3072    0    ffn.down
    model.encoder.layers.3.ffn.router.classifier.weight              128x2048    3    moe.router
    model.encoder.layers.3.ffn.experts.expert_12.fc1.weight          8192x2048   3/12 moe.expert.up
    model.encoder.layers.3.ffn.experts.expert_12.fc2.bias            2048        3/12 moe.expert.down.bias
    model.encoder.layers.3.ff_layer_norm.weight                      2048        3    norm.pre_ffn`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
