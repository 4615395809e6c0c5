import type { Family } from "./family.ts";

export const olmo: Family = {
  models: "OLMo 1 and Molmo in their makers' own layout",
  layer: {
    att_proj: "attn.qkv",
    attn_out: "attn.o",
    ff_proj: "ffn.gate_up",
    ff_out: "ffn.down",
    attn_norm: "norm.pre_attn",
    ff_norm: "norm.pre_ffn",
    q_norm: "attn.q_norm",
    k_norm: "attn.k_norm",
  },
  outside: { ff_out: "head.lm" },
};
