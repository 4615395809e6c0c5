import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  "BERT base uncased, with the old names of its norms": `
    bert.embeddings.word_embeddings.weight                    30522x768  -  embed.tok
    bert.embeddings.position_embeddings.weight                512x768    -  embed.pos
    bert.embeddings.token_type_embeddings.weight              2x768      -  embed.type
    bert.embeddings.LayerNorm.gamma                           768        -  embed.tok_norm
    bert.embeddings.LayerNorm.beta                            768        -  embed.tok_norm.bias
    bert.encoder.layer.0.attention.self.query.weight          768x768    0  attn.q
    bert.encoder.layer.0.attention.self.key.bias              768        0  attn.k.bias
    bert.encoder.layer.0.attention.self.value.weight          768x768    0  attn.v
    bert.encoder.layer.0.attention.output.dense.weight        768x768    0  attn.o
    bert.encoder.layer.0.attention.output.LayerNorm.gamma     768        0  norm.post_attn
    bert.encoder.layer.0.intermediate.dense.weight            3072x768   0  ffn.up
    bert.encoder.layer.0.output.dense.weight                  768x3072   0  ffn.down
    bert.encoder.layer.0.output.LayerNorm.beta                768        0  norm.post_ffn.bias
    bert.pooler.dense.weight                                  768x768    -  head.pool
    cls.predictions.bias                                      30522      -  head.lm.bias
    cls.predictions.transform.dense.weight                    768x768    -  head.transform
    cls.predictions.transform.LayerNorm.gamma                 768        -  norm.head
    cls.seq_relationship.weight                               2x768      -  head.cls`,
  "RoBERTa with a classifier": `
    roberta.embeddings.word_embeddings.weight                 50265x1024  -  embed.tok
    roberta.encoder.layer.23.attention.self.query.weight      1024x1024   23 attn.q
    classifier.dense.weight                                   1024x1024   -  head.cls
    classifier.out_proj.bias                                  3           -  head.cls.bias
    lm_head.dense.weight                                      1024x1024   -  head.transform
    lm_head.layer_norm.weight                                 1024        -  norm.head
    lm_head.decoder.weight                                    50265x1024  -  head.lm
    lm_head.bias                                              50265       -  head.lm.bias`,
  DistilBERT: `
    distilbert.embeddings.word_embeddings.weight              30522x768   -  embed.tok
    distilbert.transformer.layer.5.attention.q_lin.weight     768x768     5  attn.q
    distilbert.transformer.layer.5.attention.out_lin.bias     768         5  attn.o.bias
    distilbert.transformer.layer.5.sa_layer_norm.weight       768         5  norm.post_attn
    distilbert.transformer.layer.5.ffn.lin1.weight            3072x768    5  ffn.up
    distilbert.transformer.layer.5.ffn.lin2.weight            768x3072    5  ffn.down
    distilbert.transformer.layer.5.output_layer_norm.bias     768         5  norm.post_ffn.bias
    vocab_projector.bias                                      30522       -  head.lm.bias
    vocab_transform.weight                                    768x768     -  head.transform
    vocab_layer_norm.weight                                   768         -  norm.head
    pre_classifier.weight                                     768x768     -  head.cls`,
  "DeBERTa v3": `
    deberta.embeddings.word_embeddings.weight                       128100x768  -  embed.tok
    deberta.encoder.layer.0.attention.self.query_proj.weight        768x768     0  attn.q
    deberta.encoder.layer.0.attention.self.value_proj.bias          768         0  attn.v.bias
    deberta.encoder.layer.0.attention.output.dense.weight           768x768     0  attn.o
    deberta.encoder.rel_embeddings.weight                           512x768     -  embed.pos
    deberta.encoder.LayerNorm.weight                                768         -  norm.final`,
  "ALBERT, whose layers share their weights": `
    albert.encoder.embedding_hidden_mapping_in.weight                                           768x128   -  embed.map
    albert.encoder.albert_layer_groups.0.albert_layers.0.attention.query.weight                 768x768   0  attn.q
    albert.encoder.albert_layer_groups.0.albert_layers.0.attention.key.weight                   768x768   0  attn.k
    albert.encoder.albert_layer_groups.0.albert_layers.0.attention.value.weight                 768x768   0  attn.v
    albert.encoder.albert_layer_groups.0.albert_layers.0.attention.dense.weight                 768x768   0  attn.o
    albert.encoder.albert_layer_groups.0.albert_layers.0.attention.LayerNorm.weight             768       0  norm.post_attn
    albert.encoder.albert_layer_groups.0.albert_layers.0.ffn.weight                             3072x768  0  ffn.up
    albert.encoder.albert_layer_groups.0.albert_layers.0.ffn_output.weight                      768x3072  0  ffn.down
    albert.encoder.albert_layer_groups.0.albert_layers.0.full_layer_layer_norm.bias             768       0  norm.post_ffn.bias`,
  MPNet: `
    encoder.layer.0.attention.attn.q.weight                768x768   0  attn.q
    encoder.layer.0.attention.attn.k.weight                768x768   0  attn.k
    encoder.layer.0.attention.attn.v.bias                  768       0  attn.v.bias
    encoder.layer.0.attention.attn.o.weight                768x768   0  attn.o
    encoder.layer.0.attention.LayerNorm.weight             768       0  norm.post_attn
    encoder.relative_attention_bias.weight                 32x12     -  misc.relpos`,
  ModernBERT: `
    model.embeddings.tok_embeddings.weight         50368x768    -  embed.tok
    model.embeddings.norm.weight                   768          -  embed.tok_norm
    model.layers.1.attn_norm.weight                768          1  norm.pre_attn
    model.layers.1.attn.Wqkv.weight                2304x768     1  attn.qkv
    model.layers.1.attn.Wo.weight                  768x768      1  attn.o
    model.layers.1.mlp_norm.weight                 768          1  norm.pre_ffn
    model.layers.1.mlp.Wi.weight                   2304x768     1  ffn.gate_up
    model.layers.1.mlp.Wo.weight                   768x1152     1  ffn.down
    model.final_norm.weight                        768          -  norm.final
    head.dense.weight                              768x768      -  head.transform
    head.norm.weight                               768          -  norm.head
    decoder.bias                                   50368        -  head.lm.bias`,
  "Nomic BERT": `
    emb_ln.weight                                  768          -  embed.tok_norm
    encoder.layers.0.attn.Wqkv.weight              2304x768     0  attn.qkv
    encoder.layers.0.attn.out_proj.weight          768x768      0  attn.o
    encoder.layers.0.mlp.fc11.weight               3072x768     0  ffn.up
    encoder.layers.0.mlp.fc12.weight               3072x768     0  ffn.gate
    encoder.layers.0.mlp.fc2.weight                768x3072     0  ffn.down`,
  "ESM 2": `
    esm.encoder.layer.0.attention.self.rotary_embeddings.inv_freq   10        0  buffer
    esm.encoder.layer.0.attention.LayerNorm.weight                  320       0  norm.pre_attn
    esm.encoder.layer.0.LayerNorm.weight                            320       0  norm.pre_ffn
    esm.encoder.layer.0.attention.self.query.weight                 320x320   0  attn.q
    esm.encoder.emb_layer_norm_after.weight                         320       -  norm.final
    esm.contact_head.regression.weight                              1x120     -  head.cls`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
