import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  "Stable Diffusion 1.5, U-Net": `
    conv_in.weight                                                           320x4x3x3     -   embed.conv
    time_embedding.linear_1.weight                                           1280x320      -   embed.time
    down_blocks.0.resnets.0.norm1.weight                                     320           0   norm.conv
    down_blocks.0.resnets.0.conv1.weight                                     320x320x3x3   0   conv.in
    down_blocks.0.resnets.0.time_emb_proj.weight                             320x1280      0   embed.time
    down_blocks.0.resnets.0.norm2.bias                                       320           0   norm.conv.bias
    down_blocks.0.resnets.0.conv2.bias                                       320           0   conv.out.bias
    down_blocks.0.resnets.1.conv1.weight                                     320x320x3x3   1   conv.in
    down_blocks.1.resnets.0.conv_shortcut.weight                             640x320x1x1   2   conv.shortcut
    down_blocks.0.attentions.0.norm.weight                                   320           0   norm.pre_block
    down_blocks.0.attentions.0.proj_in.weight                                320x320x1x1   0   block.in
    down_blocks.0.attentions.0.proj_out.weight                               320x320x1x1   0   block.out
    down_blocks.0.attentions.0.transformer_blocks.0.norm1.weight             320           0   norm.pre_attn
    down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_q.weight        320x320       0   attn.q
    down_blocks.0.attentions.0.transformer_blocks.0.attn1.to_out.0.weight    320x320       0   attn.o
    down_blocks.0.attentions.0.transformer_blocks.0.norm2.weight             320           0   norm.xattn
    down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight        320x768       0   xattn.k
    down_blocks.0.attentions.0.transformer_blocks.0.norm3.weight             320           0   norm.pre_ffn
    down_blocks.0.attentions.0.transformer_blocks.0.ff.net.0.proj.weight     2560x320      0   ffn.gate_up
    down_blocks.0.attentions.0.transformer_blocks.0.ff.net.2.weight          320x1280      0   ffn.down
    down_blocks.0.attentions.1.transformer_blocks.0.attn1.to_q.weight        320x320       1   attn.q
    down_blocks.0.downsamplers.0.conv.weight                                 320x320x3x3   0   conv.sample
    mid_block.attentions.0.transformer_blocks.0.attn1.to_q.weight            1280x1280     2   attn.q
    mid_block.resnets.1.conv1.weight                                         1280x1280x3x3 3   conv.in
    up_blocks.1.attentions.2.transformer_blocks.0.attn1.to_q.weight          1280x1280     3   attn.q
    up_blocks.3.attentions.0.transformer_blocks.0.attn1.to_q.weight          320x320       4   attn.q
    up_blocks.0.resnets.0.conv1.weight                                       1280x2560x3x3 4   conv.in
    up_blocks.2.upsamplers.0.conv.weight                                     640x640x3x3   1   conv.sample
    conv_norm_out.weight                                                     320           -   norm.final
    conv_out.weight                                                          4x320x3x3     -   head.out`,
  "Stable Diffusion XL, U-Net": `
    add_embedding.linear_1.weight                                            1280x2816     -   embed.time
    down_blocks.1.attentions.0.transformer_blocks.0.attn2.to_out.0.bias      640           0   xattn.o.bias
    down_blocks.1.attentions.0.transformer_blocks.0.attn1.to_q.weight        640x640       0   attn.q
    down_blocks.1.attentions.0.transformer_blocks.1.attn1.to_v.weight        640x640       1   attn.v
    down_blocks.2.attentions.0.transformer_blocks.9.attn1.to_v.weight        1280x1280     2   attn.v
    down_blocks.2.attentions.1.transformer_blocks.0.attn1.to_v.weight        1280x1280     3   attn.v
    down_blocks.2.attentions.1.transformer_blocks.10.attn1.to_v.weight       1280x1280     4   attn.v
    up_blocks.0.attentions.0.transformer_blocks.0.ff.net.2.bias              1280          5   ffn.down.bias`,
  "Stable Diffusion in its makers' own layout": `
    model.diffusion_model.time_embed.0.weight                                          1280x320     -  embed.time
    model.diffusion_model.input_blocks.0.0.weight                                      320x4x3x3    -  embed.conv
    model.diffusion_model.input_blocks.1.0.in_layers.0.weight                          320          0  norm.conv
    model.diffusion_model.input_blocks.1.0.in_layers.2.weight                          320x320x3x3  0  conv.in
    model.diffusion_model.input_blocks.1.0.emb_layers.1.weight                         320x1280     0  embed.time
    model.diffusion_model.input_blocks.1.0.out_layers.0.weight                         320          0  norm.conv
    model.diffusion_model.input_blocks.1.0.out_layers.3.weight                         320x320x3x3  0  conv.out
    model.diffusion_model.input_blocks.4.0.skip_connection.weight                      640x320x1x1  1  conv.shortcut
    model.diffusion_model.input_blocks.1.1.proj_in.weight                              320x320x1x1  0  block.in
    model.diffusion_model.input_blocks.1.1.transformer_blocks.0.attn1.to_q.weight      320x320      0  attn.q
    model.diffusion_model.input_blocks.3.0.op.weight                                   320x320x3x3  0  conv.sample
    model.diffusion_model.middle_block.1.transformer_blocks.0.attn2.to_k.weight        1280x768     1  xattn.k
    model.diffusion_model.middle_block.2.in_layers.2.weight                            1280x1280x3x3 2 conv.in
    model.diffusion_model.output_blocks.3.1.transformer_blocks.0.attn1.to_q.weight     1280x1280    2  attn.q
    model.diffusion_model.out.0.weight                                                 320          -  norm.final
    model.diffusion_model.out.2.weight                                                 4x320x3x3    -  head.out
    cond_stage_model.transformer.text_model.encoder.layers.11.self_attn.q_proj.weight  768x768      11 attn.q
    first_stage_model.encoder.mid.attn_1.q.weight                                      512x512x1x1  0  attn.q
    first_stage_model.encoder.mid.attn_1.proj_out.weight                               512x512x1x1  0  block.out
    first_stage_model.decoder.up.0.block.2.conv1.weight                                128x128x3x3  0  conv.in`,
  "Variational autoencoder": `
    encoder.conv_in.weight                                 128x3x3x3    -  embed.conv
    encoder.down_blocks.0.resnets.0.conv1.weight           128x128x3x3  0  conv.in
    encoder.down_blocks.0.resnets.1.conv1.weight           128x128x3x3  1  conv.in
    encoder.mid_block.attentions.0.group_norm.weight       512          0  norm.pre_block
    encoder.mid_block.attentions.0.to_q.weight             512x512      0  attn.q
    encoder.mid_block.attentions.0.to_out.0.weight         512x512      0  attn.o
    encoder.mid_block.resnets.0.conv2.weight               512x512x3x3  2  conv.out
    encoder.conv_norm_out.weight                           512          -  norm.final
    encoder.conv_out.weight                                8x512x3x3    -  head.out
    decoder.up_blocks.3.resnets.2.conv_shortcut.weight     128x256x1x1  0  conv.shortcut
    quant_conv.weight                                      8x8x1x1      -  projector
    post_quant_conv.weight                                 4x4x1x1      -  projector`,
  "Flux (diffusers)": `
    x_embedder.weight                                      3072x64      -   embed.patch
    context_embedder.weight                                3072x4096    -   embed.text
    time_text_embed.timestep_embedder.linear_1.weight      3072x256     -   embed.time
    time_text_embed.guidance_embedder.linear_2.bias        3072         -   embed.time.bias
    time_text_embed.text_embedder.linear_1.weight          3072x768     -   embed.text
    transformer_blocks.18.norm1.linear.weight              18432x3072   18  mod.adaln
    transformer_blocks.18.norm1_context.linear.weight      18432x3072   18  mod.adaln_added
    transformer_blocks.18.attn.to_q.weight                 3072x3072    18  attn.q
    transformer_blocks.18.attn.add_q_proj.weight           3072x3072    18  attn.q_added
    transformer_blocks.18.attn.to_out.0.weight             3072x3072    18  attn.o
    transformer_blocks.18.attn.to_add_out.bias             3072         18  attn.o_added.bias
    transformer_blocks.18.attn.norm_added_k.weight         128          18  attn.k_added_norm
    transformer_blocks.18.ff.net.0.proj.weight             12288x3072   18  ffn.up
    transformer_blocks.18.ff_context.net.2.weight          3072x12288   18  ffn.down_added
    single_transformer_blocks.37.norm.linear.weight        9216x3072    37  mod.adaln
    single_transformer_blocks.37.attn.to_v.weight          3072x3072    37  attn.v
    single_transformer_blocks.37.attn.norm_q.weight        128          37  attn.q_norm
    single_transformer_blocks.37.proj_mlp.weight           12288x3072   37  ffn.up
    single_transformer_blocks.37.proj_out.weight           3072x15360   37  block.out
    norm_out.linear.weight                                 6144x3072    -   mod.adaln
    proj_out.weight                                        64x3072      -   head.out`,
  "Flux in its makers' own layout": `
    img_in.weight                                          3072x64      -   embed.patch
    txt_in.weight                                          3072x4096    -   embed.text
    time_in.in_layer.weight                                3072x256     -   embed.time
    vector_in.out_layer.weight                             3072x3072    -   embed.text
    guidance_in.in_layer.bias                              3072         -   embed.time.bias
    double_blocks.18.img_mod.lin.weight                    18432x3072   18  mod.adaln
    double_blocks.18.img_attn.qkv.weight                   9216x3072    18  attn.qkv
    double_blocks.18.img_attn.norm.query_norm.scale        128          18  attn.q_norm
    double_blocks.18.img_attn.norm.key_norm.scale          128          18  attn.k_norm
    double_blocks.18.txt_attn.norm.query_norm.scale        128          18  attn.q_added_norm
    double_blocks.18.txt_attn.proj.bias                    3072         18  attn.o_added.bias
    double_blocks.18.img_mlp.0.weight                      12288x3072   18  ffn.up
    double_blocks.18.txt_mlp.2.weight                      3072x12288   18  ffn.down_added
    single_blocks.37.linear1.weight                        21504x3072   37  attn.qkv_mlp
    single_blocks.37.linear2.weight                        3072x15360   37  block.out
    single_blocks.37.norm.key_norm.scale                   128          37  attn.k_norm
    single_blocks.37.modulation.lin.bias                   9216         37  mod.adaln.bias
    final_layer.linear.weight                              64x3072      -   head.out
    final_layer.adaLN_modulation.1.weight                  6144x3072    -   mod.adaln`,
  "Stable Diffusion 3.5 (diffusers)": `
    pos_embed.proj.weight                                  1536x16x2x2  -   embed.patch
    pos_embed.pos_embed                                    1x147456x1536 -  embed.pos
    transformer_blocks.0.attn2.to_q.weight                 1536x1536    0   attn2.q
    transformer_blocks.0.attn2.to_out.0.weight             1536x1536    0   attn2.o
    transformer_blocks.0.attn2.norm_k.weight               64           0   attn2.k_norm
    transformer_blocks.0.attn.add_v_proj.weight            1536x1536    0   attn.v_added
    transformer_blocks.0.norm1.linear.weight               13824x1536   0   mod.adaln`,
  "Stable Diffusion 3 in its makers' own layout": `
    model.diffusion_model.x_embedder.proj.weight                             1536x16x2x2   -   embed.patch
    model.diffusion_model.pos_embed                                          1x36864x1536  -   embed.pos
    model.diffusion_model.y_embedder.mlp.0.weight                            1536x2048     -   embed.text
    model.diffusion_model.t_embedder.mlp.2.weight                            1536x1536     -   embed.time
    model.diffusion_model.context_embedder.weight                            1536x4096     -   embed.text
    model.diffusion_model.joint_blocks.23.x_block.attn.qkv.weight            4608x1536     23  attn.qkv
    model.diffusion_model.joint_blocks.23.x_block.attn.proj.weight           1536x1536     23  attn.o
    model.diffusion_model.joint_blocks.23.x_block.attn.ln_q.weight           64            23  attn.q_norm
    model.diffusion_model.joint_blocks.23.x_block.mlp.fc1.weight             6144x1536     23  ffn.up
    model.diffusion_model.joint_blocks.23.x_block.adaLN_modulation.1.weight  9216x1536     23  mod.adaln
    model.diffusion_model.joint_blocks.23.context_block.attn.qkv.weight      4608x1536     23  attn.qkv_added
    model.diffusion_model.joint_blocks.22.context_block.mlp.fc2.weight       1536x6144     22  ffn.down_added
    model.diffusion_model.final_layer.linear.weight                          64x1536       -   head.out`,
  PixArt: `
    pos_embed.proj.weight                                  1152x4x2x2   -   embed.patch
    caption_projection.linear_1.weight                     1152x4096    -   embed.text
    adaln_single.emb.timestep_embedder.linear_1.weight     1152x256     -   embed.time
    adaln_single.linear.weight                             6912x1152    -   mod.adaln
    scale_shift_table                                      2x1152       -   mod.table
    transformer_blocks.27.scale_shift_table                6x1152       27  mod.table
    transformer_blocks.27.attn1.to_q.weight                1152x1152    27  attn.q
    transformer_blocks.27.attn2.to_k.weight                1152x1152    27  xattn.k
    transformer_blocks.27.ff.net.0.proj.weight             4608x1152    27  ffn.up
    transformer_blocks.27.ff.net.2.bias                    1152         27  ffn.down.bias
    proj_out.weight                                        32x1152      -   head.out`,
  "Qwen-Image": `
    img_in.weight                                          3072x64      -   embed.patch
    txt_norm.weight                                        3584         -   norm.embed
    transformer_blocks.59.attn.to_q.weight                 3072x3072    59  attn.q
    transformer_blocks.59.img_mlp.net.0.proj.weight        12288x3072   59  ffn.up
    transformer_blocks.59.txt_mlp.net.2.weight             3072x12288   59  ffn.down_added
    transformer_blocks.59.img_mod.1.weight                 18432x3072   59  mod.adaln
    transformer_blocks.59.txt_mod.1.bias                   18432        59  mod.adaln_added.bias
    proj_out.weight                                        64x3072      -   head.out`,
  "Wan 2.1": `
    patch_embedding.weight                                 5120x16x1x2x2 -   embed.patch
    text_embedding.0.weight                                5120x4096     -   embed.text
    time_embedding.2.weight                                5120x5120     -   embed.time
    time_projection.1.weight                               30720x5120    -   mod.adaln
    blocks.39.self_attn.q.weight                           5120x5120     39  attn.q
    blocks.39.self_attn.o.bias                             5120          39  attn.o.bias
    blocks.39.self_attn.norm_k.weight                      5120          39  attn.k_norm
    blocks.39.cross_attn.v.weight                          5120x5120     39  xattn.v
    blocks.39.cross_attn.k_img.weight                      5120x5120     39  xattn.k_added
    blocks.39.cross_attn.norm_q.weight                     5120          39  xattn.q_norm
    blocks.39.ffn.0.weight                                 13824x5120    39  ffn.up
    blocks.39.ffn.2.weight                                 5120x13824    39  ffn.down
    blocks.39.modulation                                   1x6x5120      39  mod.table
    blocks.39.norm3.weight                                 5120          39  norm.xattn
    head.head.weight                                       64x5120       -   head.out
    head.modulation                                        1x2x5120      -   mod.table`,
  DiT: `
    x_embedder.proj.weight                                 1152x4x2x2    -   embed.patch
    t_embedder.mlp.0.weight                                1152x256      -   embed.time
    y_embedder.embedding_table.weight                      1001x1152     -   embed.cls
    blocks.27.attn.qkv.weight                              3456x1152     27  attn.qkv
    blocks.27.mlp.fc2.weight                               1152x4608     27  ffn.down
    blocks.27.adaLN_modulation.1.weight                    6912x1152     27  mod.adaln
    final_layer.linear.weight                              32x1152       -   head.out`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
