import type { Family } from "./family.ts";

export const llama: Family = {
  models: "Llama 1–4, Mistral, Qwen2, Qwen2.5, Qwen3, Gemma, SmolLM, Granite, GLM-4, StableLM, Baichuan",
  layer: {
    "self_attn.q_proj": "attn.q",
    "self_attn.k_proj": "attn.k",
    "self_attn.v_proj": "attn.v",
    "self_attn.o_proj": "attn.o",
    "self_attn.W_pack": "attn.qkv",
    "self_attn.q_norm": "attn.q_norm",
    "self_attn.k_norm": "attn.k_norm",
    "self_attn.q_layernorm": "attn.q_norm",
    "self_attn.k_layernorm": "attn.k_norm",
    "self_attn.query_layernorm": "attn.q_norm",
    "self_attn.key_layernorm": "attn.k_norm",
    "self_attn.sinks": "attn.sinks",
    "mlp.gate_proj": "ffn.gate",
    "mlp.up_proj": "ffn.up",
    "mlp.down_proj": "ffn.down",
    "feed_forward.gate_proj": "ffn.gate",
    "feed_forward.up_proj": "ffn.up",
    "feed_forward.down_proj": "ffn.down",
    input_layernorm: "norm.pre_attn",
    // The word says where it stands, not what it feeds: it normalises what the feed-forward part reads.
    post_attention_layernorm: "norm.pre_ffn",
    post_self_attn_layernorm: "norm.post_attn",
    post_mlp_layernorm: "norm.post_ffn",
    layer_scalar: "misc.scale",
  },
  outside: {
    embed_tokens: "embed.tok",
    norm: "norm.final",
    lm_head: "head.lm",
    score: "head.cls",
  },
};
