import type { Family } from "./family.ts";

/** Three maps in a list, one for each stream but the first. */
const numbered = (list: string, role: string): Record<string, string> =>
  Object.fromEntries([0, 1, 2].map((i) => [`${list}.${i}`, role]));

export const llama: Family = {
  models: "Llama 1–4, Mistral, Qwen2, Qwen2.5, Qwen3, Gemma, SmolLM, Granite, GLM-4, StableLM, Baichuan, Arctic",
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
    // Gemma 3n: inputs of each layer's own, four streams instead of one, and a low-rank path beside attention.
    per_layer_input_gate: "embed.layer_gate",
    per_layer_projection: "embed.layer_map",
    post_per_layer_input_norm: "norm.embed",
    "altup.modality_router": "altup.router",
    "altup.prediction_coefs": "altup.predict",
    "altup.correction_coefs": "altup.correct",
    "altup.correct_output_scale": "misc.scale",
    "altup.router_norm": "norm.altup",
    "laurel.linear_left": "laurel.down",
    "laurel.linear_right": "laurel.up",
    "laurel.post_laurel_norm": "norm.laurel",
    "residual_mlp.w1": "ffn.gate",
    "residual_mlp.w2": "ffn.down",
    "residual_mlp.w3": "ffn.up",
    residual_layernorm: "norm.pre_ffn",
  },
  outside: {
    embed_tokens: "embed.tok",
    norm: "norm.final",
    lm_head: "head.lm",
    score: "head.cls",
    embed_tokens_per_layer: "embed.tok_layer",
    per_layer_model_projection: "embed.layer_map",
    per_layer_projection_norm: "norm.embed",
    ...numbered("altup_projections", "altup.project"),
    ...numbered("altup_unembed_projections", "altup.unproject"),
  },
};
