import type { Family } from "./family.ts";

export const deepseek: Family = {
  models: "DeepSeek V2 and V3, Kimi K2, Qwen3-Next: latent attention, and the layer that predicts a second token",
  layer: {
    "self_attn.q_a_proj": "attn.mla.q_a",
    "self_attn.q_a_layernorm": "attn.mla.q_a_norm",
    "self_attn.q_b_proj": "attn.mla.q_b",
    "self_attn.kv_a_proj_with_mqa": "attn.mla.kv_a",
    "self_attn.kv_a_layernorm": "attn.mla.kv_a_norm",
    "self_attn.kv_b_proj": "attn.mla.kv_b",
    "self_attn.indexer.wq_b": "attn.index.q",
    "self_attn.indexer.wk": "attn.index.k",
    "self_attn.indexer.k_norm": "attn.index.k_norm",
    "self_attn.indexer.weights_proj": "attn.index.weights",
    // The last layer of all repeats the embedding and the head, inside a layer.
    eh_proj: "mtp.join",
    enorm: "norm.mtp_embed",
    hnorm: "norm.mtp_hidden",
    embed_tokens: "embed.tok",
    "shared_head.norm": "norm.final",
    "shared_head.head": "head.lm",
  },
  // Qwen gives the same a stack of its own.
  outside: {
    "mtp.fc": "mtp.join",
    "mtp.pre_fc_norm_embedding": "norm.mtp_embed",
    "mtp.pre_fc_norm_hidden": "norm.mtp_hidden",
  },
};
