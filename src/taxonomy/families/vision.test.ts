import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  CLIP: `
    text_model.embeddings.token_embedding.weight                 49408x768    -   embed.tok
    text_model.embeddings.position_embedding.weight              77x768       -   embed.pos
    text_model.embeddings.position_ids                           1x77         -   buffer
    text_model.encoder.layers.0.self_attn.q_proj.weight          768x768      0   attn.q
    text_model.encoder.layers.0.layer_norm1.weight               768          0   norm.pre_attn
    text_model.encoder.layers.0.layer_norm2.bias                 768          0   norm.pre_ffn.bias
    text_model.encoder.layers.0.mlp.fc1.weight                   3072x768     0   ffn.up
    text_model.final_layer_norm.weight                           768          -   norm.final
    vision_model.embeddings.class_embedding                      1024         -   embed.cls
    vision_model.embeddings.patch_embedding.weight               1024x3x14x14 -   embed.patch
    vision_model.pre_layrnorm.weight                             1024         -   norm.pre_stack
    vision_model.encoder.layers.23.self_attn.out_proj.weight     1024x1024    23  attn.o
    vision_model.encoder.layers.23.mlp.fc2.bias                  1024         23  ffn.down.bias
    vision_model.post_layernorm.bias                             1024         -   norm.final.bias
    visual_projection.weight                                     768x1024     -   projector
    text_projection.weight                                       768x768      -   projector
    logit_scale                                                  []           -   misc.scale`,
  SigLIP: `
    text_model.head.weight                                       768x768      -   head.pool
    vision_model.head.probe                                      1x1x768      -   embed.query
    vision_model.head.attention.in_proj_weight                   2304x768     -   head.pool
    vision_model.head.attention.out_proj.weight                  768x768      -   head.pool
    vision_model.head.layernorm.weight                           768          -   norm.head
    vision_model.head.mlp.fc1.weight                             3072x768     -   head.pool
    vision_model.encoder.layers.11.self_attn.v_proj.weight       768x768      11  attn.v
    logit_bias                                                   1            -   misc.scale`,
  OpenCLIP: `
    visual.conv1.weight                                          1024x3x14x14 -   embed.patch
    visual.class_embedding                                       1024         -   embed.cls
    visual.positional_embedding                                  257x1024     -   embed.pos
    visual.ln_pre.weight                                         1024         -   norm.pre_stack
    visual.transformer.resblocks.0.attn.in_proj_weight           3072x1024    0   attn.qkv
    visual.transformer.resblocks.0.attn.in_proj_bias             3072         0   attn.qkv.bias
    visual.transformer.resblocks.0.attn.out_proj.weight          1024x1024    0   attn.o
    visual.transformer.resblocks.0.mlp.c_fc.weight               4096x1024    0   ffn.up
    visual.ln_post.weight                                        1024         -   norm.final
    visual.proj                                                  1024x768     -   projector
    transformer.resblocks.11.ln_2.weight                         768          11  norm.pre_ffn
    token_embedding.weight                                       49408x768    -   embed.tok
    positional_embedding                                         77x768       -   embed.pos
    text_projection                                              768x768      -   projector
    ln_final.weight                                              768          -   norm.final`,
  "ViT and DeiT": `
    vit.embeddings.cls_token                                     1x1x768      -   embed.cls
    vit.embeddings.position_embeddings                           1x197x768    -   embed.pos
    vit.embeddings.patch_embeddings.projection.weight            768x3x16x16  -   embed.patch
    vit.encoder.layer.11.attention.attention.query.weight        768x768      11  attn.q
    vit.encoder.layer.11.attention.output.dense.weight           768x768      11  attn.o
    vit.encoder.layer.11.layernorm_before.weight                 768          11  norm.pre_attn
    vit.encoder.layer.11.layernorm_after.weight                  768          11  norm.pre_ffn
    vit.encoder.layer.11.intermediate.dense.weight               3072x768     11  ffn.up
    vit.encoder.layer.11.output.dense.weight                     768x3072     11  ffn.down
    vit.layernorm.weight                                         768          -   norm.final
    classifier.weight                                            1000x768     -   head.cls`,
  DINOv2: `
    embeddings.cls_token                                         1x1x768      -   embed.cls
    embeddings.mask_token                                        1x768        -   embed.mask
    encoder.layer.0.norm1.weight                                 768          0   norm.pre_attn
    encoder.layer.0.attention.attention.key.weight               768x768      0   attn.k
    encoder.layer.0.layer_scale1.lambda1                         768          0   misc.scale
    encoder.layer.0.mlp.fc1.weight                               3072x768     0   ffn.up
    encoder.layer.0.mlp.weights_in.weight                        8192x1536    0   ffn.gate_up
    encoder.layer.0.mlp.weights_out.weight                       1536x4096    0   ffn.down
    layernorm.weight                                             768          -   norm.final`,
  "timm ViT and DiT": `
    patch_embed.proj.weight                                      384x3x16x16  -   embed.patch
    cls_token                                                    1x1x384      -   embed.cls
    pos_embed                                                    1x197x384    -   embed.pos
    blocks.0.attn.qkv.weight                                     1152x384     0   attn.qkv
    blocks.0.attn.proj.weight                                    384x384      0   attn.o
    blocks.0.mlp.fc1.bias                                        1536         0   ffn.up.bias
    norm.weight                                                  384          -   norm.final
    head.weight                                                  1000x384     -   head.cls`,
  "Swin, stage by stage": `
    swin.encoder.layers.0.blocks.1.attention.self.query.weight                       96x96    1  attn.q
    swin.encoder.layers.0.blocks.1.attention.self.relative_position_bias_table       169x3    1  misc.relpos
    swin.encoder.layers.0.blocks.1.attention.self.relative_position_index            49x49    1  buffer
    swin.encoder.layers.0.blocks.1.attention.output.dense.weight                     96x96    1  attn.o
    swin.encoder.layers.0.blocks.1.layernorm_before.weight                           96       1  norm.pre_attn
    swin.encoder.layers.0.blocks.1.intermediate.dense.weight                         384x96   1  ffn.up
    swin.encoder.layers.0.downsample.reduction.weight                                192x384  0  projector
    swin.encoder.layers.2.blocks.1.attention.self.query.weight                       384x384  1  attn.q`,
  LLaVA: `
    language_model.model.embed_tokens.weight                                         32064x4096   -   embed.tok
    language_model.model.layers.31.self_attn.o_proj.weight                           4096x4096    31  attn.o
    language_model.lm_head.weight                                                    32064x4096   -   head.lm
    vision_tower.vision_model.embeddings.patch_embedding.weight                      1024x3x14x14 -   embed.patch
    vision_tower.vision_model.encoder.layers.23.self_attn.k_proj.bias                1024         23  attn.k.bias
    vision_tower.vision_model.post_layernorm.weight                                  1024         -   norm.final
    multi_modal_projector.linear_1.weight                                            4096x1024    -   projector
    multi_modal_projector.linear_2.bias                                              4096         -   projector.bias
    image_newline                                                                    4096         -   embed.mark`,
  "LLaVA in its makers' own layout": `
    model.mm_projector.0.weight                                                      4096x1024    -   projector
    model.mm_projector.2.weight                                                      4096x4096    -   projector
    model.vision_tower.vision_tower.vision_model.encoder.layers.0.mlp.fc1.weight     4096x1024    0   ffn.up`,
  "Gemma 3 with its tower": `
    language_model.model.layers.0.pre_feedforward_layernorm.weight                   5376         0   norm.pre_ffn
    language_model.model.layers.0.post_attention_layernorm.weight                    5376         0   norm.post_attn
    multi_modal_projector.mm_input_projection_weight                                 1152x5376    -   projector
    multi_modal_projector.mm_soft_emb_norm.weight                                    1152         -   norm.projector
    vision_tower.vision_model.encoder.layers.26.layer_norm1.weight                   1152         26  norm.pre_attn`,
  "Qwen2-VL and Qwen2.5-VL": `
    visual.patch_embed.proj.weight              1280x3x2x14x14  -   embed.patch
    visual.blocks.31.norm1.weight               1280            31  norm.pre_attn
    visual.blocks.31.attn.qkv.weight            3840x1280       31  attn.qkv
    visual.blocks.31.attn.proj.bias             1280            31  attn.o.bias
    visual.blocks.31.mlp.fc1.weight             5120x1280       31  ffn.up
    visual.blocks.30.mlp.gate_proj.weight       3420x1280       30  ffn.gate
    visual.merger.ln_q.weight                   1280            -   norm.projector
    visual.merger.mlp.0.weight                  5120x5120       -   projector
    visual.merger.mlp.2.bias                    3584            -   projector.bias
    model.layers.27.self_attn.q_proj.weight     3584x3584       27  attn.q
    model.norm.weight                           3584            -   norm.final`,
  "Qwen3-VL": `
    model.visual.patch_embed.proj.weight                      1152x3x2x16x16  -   embed.patch
    model.visual.pos_embed.weight                             2304x1152       -   embed.pos
    model.visual.blocks.0.mlp.linear_fc1.weight               4304x1152       0   ffn.up
    model.visual.blocks.0.mlp.linear_fc2.weight               1152x4304       0   ffn.down
    model.visual.deepstack_merger_list.0.linear_fc1.weight    4608x4608       0   projector
    model.visual.deepstack_merger_list.2.linear_fc1.weight    4608x4608       2   projector
    model.visual.deepstack_merger_list.0.norm.weight          4608            0   norm.projector
    model.visual.merger.linear_fc2.weight                     4096x4608       -   projector
    model.visual.merger.norm.bias                             1152            -   norm.projector.bias
    model.language_model.layers.35.self_attn.q_norm.weight    128             35  attn.q_norm`,
  "Llama 3.2 Vision": `
    language_model.model.layers.3.cross_attn.q_proj.weight              4096x4096  3   xattn.q
    language_model.model.layers.3.cross_attn.o_proj.weight              4096x4096  3   xattn.o
    language_model.model.layers.3.cross_attn.k_norm.weight              128        3   xattn.k_norm
    language_model.model.layers.3.cross_attn_attn_gate                  1          3   misc.scale
    language_model.model.layers.3.cross_attn_mlp_gate                   1          3   misc.scale
    vision_model.transformer.layers.31.self_attn.o_proj.weight          1280x1280  31  attn.o
    vision_model.global_transformer.layers.7.gate_attn                  1          7   misc.scale
    vision_model.global_transformer.layers.7.gate_ffn                   1          7   misc.scale
    vision_model.class_embedding                                        1280       -   embed.cls
    vision_model.gated_positional_embedding.embedding                   1601x1280  -   embed.pos
    vision_model.layernorm_pre.weight                                   1280       -   norm.pre_stack
    vision_model.layernorm_post.weight                                  1280       -   norm.final
    multi_modal_projector.weight                                        4096x7680  -   projector`,
  "Pixtral and Mistral 3": `
    vision_tower.patch_conv.weight                                      1024x3x14x14  -   embed.patch
    vision_tower.ln_pre.weight                                          1024          -   norm.pre_stack
    vision_tower.transformer.layers.23.attention.q_proj.weight          1024x1024     23  attn.q
    vision_tower.transformer.layers.23.attention_norm.weight            1024          23  norm.pre_attn
    vision_tower.transformer.layers.23.feed_forward.gate_proj.weight    4096x1024     23  ffn.gate
    multi_modal_projector.patch_merger.merging_layer.weight             1024x4096     -   projector
    multi_modal_projector.norm.weight                                   1024          -   norm.projector`,
  InternVL: `
    vision_model.embeddings.class_embedding                1x1x1024     -   embed.cls
    vision_model.embeddings.position_embedding             1x1025x1024  -   embed.pos
    vision_model.encoder.layers.23.attn.qkv.weight         3072x1024    23  attn.qkv
    vision_model.encoder.layers.23.ls1                     1024         23  misc.scale
    vision_model.encoder.layers.23.mlp.fc2.weight          1024x4096    23  ffn.down
    mlp1.0.weight                                          4096         -   norm.projector
    mlp1.0.bias                                            4096         -   norm.projector.bias
    mlp1.1.weight                                          3584x4096    -   projector
    mlp1.3.bias                                            3584         -   projector.bias`,
  "Idefics 3 and SmolVLM": `
    model.vision_model.encoder.layers.0.self_attn.q_proj.weight     768x768    0   attn.q
    model.connector.modality_projection.proj.weight                 960x12288  -   projector
    model.text_model.layers.31.mlp.up_proj.weight                   2560x960   31  ffn.up
    model.text_model.norm.weight                                    960        -   norm.final`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
