import type { Family } from "./family.ts";

export const deepseek: Family = {
  models: "DeepSeek V2 and V3, Kimi K2: latent attention, and the layer that predicts a second token",
  layer: {
    "self_attn.q_a_proj": "attn.mla.q_a",
    "self_attn.q_a_layernorm": "attn.mla.q_a_norm",
    "self_attn.q_b_proj": "attn.mla.q_b",
    "self_attn.kv_a_proj_with_mqa": "attn.mla.kv_a",
    "self_attn.kv_a_layernorm": "attn.mla.kv_a_norm",
    "self_attn.kv_b_proj": "attn.mla.kv_b",
    // The last layer of all repeats the embedding and the head, inside a layer.
    eh_proj: "mtp.join",
    enorm: "norm.mtp_embed",
    hnorm: "norm.mtp_hidden",
    embed_tokens: "embed.tok",
    "shared_head.norm": "norm.final",
    "shared_head.head": "head.lm",
  },
};
