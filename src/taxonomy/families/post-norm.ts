import type { Family } from "./family.ts";

/** Norms on both sides of each part: here `post_attention_layernorm` does normalise what attention puts out. */
export const sandwichNorm: Family = {
  models: "Gemma 2, 3 and later",
  when: (has) => has("pre_feedforward_layernorm"),
  layer: {
    post_attention_layernorm: "norm.post_attn",
    pre_feedforward_layernorm: "norm.pre_ffn",
    post_feedforward_layernorm: "norm.post_ffn",
  },
};

/** Norms only behind each part. */
export const postNorm: Family = {
  models: "OLMo 2 and 3, EXAONE 4",
  when: (has) => has("post_feedforward_layernorm") && !has("input_layernorm"),
  layer: {
    post_attention_layernorm: "norm.post_attn",
    post_feedforward_layernorm: "norm.post_ffn",
  },
};
