import type { Family } from "./family.ts";

export const gptNeox: Family = {
  models: "GPT-NeoX, Pythia, BLOOM, Falcon, ChatGLM, Ling",
  layer: {
    "attention.query_key_value": "attn.qkv",
    "attention.dense": "attn.o",
    "self_attention.query_key_value": "attn.qkv",
    "self_attention.dense": "attn.o",
    "attention.query_layernorm": "attn.q_norm",
    "attention.key_layernorm": "attn.k_norm",
    "mlp.dense_h_to_4h": "ffn.up",
    "mlp.dense_4h_to_h": "ffn.down",
    input_layernorm: "norm.pre_attn",
    post_attention_layernorm: "norm.pre_ffn",
    // Falcon 40B and 180B: attention and feed-forward run side by side, each behind its own norm.
    ln_attn: "norm.pre_attn",
    ln_mlp: "norm.pre_ffn",
  },
  outside: {
    embed_in: "embed.tok",
    word_embeddings: "embed.tok",
    "embedding.word_embeddings": "embed.tok",
    word_embeddings_layernorm: "embed.tok_norm",
    final_layer_norm: "norm.final",
    final_layernorm: "norm.final",
    embed_out: "head.lm",
    output_layer: "head.lm",
  },
};
