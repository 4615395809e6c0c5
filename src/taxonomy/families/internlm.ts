import type { Family } from "./family.ts";

export const internlm: Family = {
  models: "InternLM 2, LFM 2, Llama and Mistral in their makers' own layout",
  layer: {
    "attention.wqkv": "attn.qkv",
    "attention.wq": "attn.q",
    "attention.wk": "attn.k",
    "attention.wv": "attn.v",
    "attention.wo": "attn.o",
    "feed_forward.w1": "ffn.gate",
    "feed_forward.w2": "ffn.down",
    "feed_forward.w3": "ffn.up",
    attention_norm: "norm.pre_attn",
    operator_norm: "norm.pre_attn",
    ffn_norm: "norm.pre_ffn",
  },
  outside: {
    tok_embeddings: "embed.tok",
    norm: "norm.final",
    output: "head.lm",
  },
};
