import { describe, expect, test } from "vitest";
import { placesOf } from "../testing/places-of.ts";

const MODELS = {
  "Pythia 1.4B": `
    gpt_neox.embed_in.weight                                 50304x2048     -   embed.tok
    gpt_neox.layers.23.attention.query_key_value.weight      6144x2048      23  attn.qkv
    gpt_neox.layers.23.attention.query_key_value.bias        6144           23  attn.qkv.bias
    gpt_neox.layers.23.attention.dense.weight                2048x2048      23  attn.o
    gpt_neox.layers.23.attention.bias                        1x1x2048x2048  23  buffer
    gpt_neox.layers.23.attention.masked_bias                 []             23  buffer
    gpt_neox.layers.23.mlp.dense_h_to_4h.weight              8192x2048      23  ffn.up
    gpt_neox.layers.23.mlp.dense_4h_to_h.weight              2048x8192      23  ffn.down
    gpt_neox.layers.23.input_layernorm.weight                2048           23  norm.pre_attn
    gpt_neox.layers.23.post_attention_layernorm.bias         2048           23  norm.pre_ffn.bias
    gpt_neox.final_layer_norm.weight                         2048           -   norm.final
    embed_out.weight                                         50304x2048     -   head.lm`,
  "BLOOM 7B1": `
    word_embeddings.weight                            250880x4096  -  embed.tok
    word_embeddings_layernorm.weight                  4096         -  embed.tok_norm
    h.0.input_layernorm.weight                        4096         0  norm.pre_attn
    h.0.self_attention.query_key_value.weight         12288x4096   0  attn.qkv
    h.0.self_attention.dense.bias                     4096         0  attn.o.bias
    h.0.post_attention_layernorm.weight               4096         0  norm.pre_ffn
    h.0.mlp.dense_h_to_4h.weight                      16384x4096   0  ffn.up
    h.0.mlp.dense_4h_to_h.weight                      4096x16384   0  ffn.down
    ln_f.bias                                         4096         -  norm.final.bias`,
  "Falcon 7B and 180B": `
    transformer.word_embeddings.weight                       65024x4544   -   embed.tok
    transformer.h.0.self_attention.query_key_value.weight    4672x4544    0   attn.qkv
    transformer.h.0.self_attention.dense.weight              4544x4544    0   attn.o
    transformer.h.0.input_layernorm.weight                   4544         0   norm.pre_attn
    transformer.h.79.ln_attn.weight                          14848        79  norm.pre_attn
    transformer.h.79.ln_mlp.bias                             14848        79  norm.pre_ffn.bias`,
  "ChatGLM 3": `
    transformer.embedding.word_embeddings.weight                        65024x4096   -  embed.tok
    transformer.encoder.layers.0.self_attention.query_key_value.weight  4608x4096    0  attn.qkv
    transformer.encoder.layers.0.self_attention.dense.weight            4096x4096    0  attn.o
    transformer.encoder.layers.0.mlp.dense_h_to_4h.weight               27392x4096   0  ffn.up
    transformer.encoder.final_layernorm.weight                          4096         -  norm.final
    transformer.output_layer.weight                                     65024x4096   -  head.lm
    transformer.rotary_pos_emb.inv_freq                                 32           -  buffer`,
  "Ling and Bailing": `
    model.word_embeddings.weight                       126464x2048  -  embed.tok
    model.layers.1.attention.query_key_value.weight    3072x2048    1  attn.qkv
    model.layers.1.attention.dense.weight              2048x2048    1  attn.o
    model.layers.1.attention.query_layernorm.weight    128          1  attn.q_norm
    model.layers.1.attention.key_layernorm.weight      128          1  attn.k_norm
    model.layers.1.mlp.gate.expert_bias                256          1  moe.router.bias`,
};

describe.each(placesOf(MODELS))("%s", (_, cases) => {
  test.each(cases)("$name", ({ found, expected }) => {
    expect(found).toEqual(expected);
  });
});
