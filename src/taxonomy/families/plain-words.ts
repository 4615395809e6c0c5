import type { Family } from "./family.ts";

const ATTENTION = ["self_attn", "attn", "attention", "self_attention"];
const FEED_FORWARD = ["mlp", "feed_forward", "ffn"];

const attentionWords = {
  q_proj: "attn.q",
  k_proj: "attn.k",
  v_proj: "attn.v",
  o_proj: "attn.o",
  out_proj: "attn.o",
  qkv_proj: "attn.qkv",
  q_norm: "attn.q_norm",
  k_norm: "attn.k_norm",
};
const feedForwardWords = {
  gate_proj: "ffn.gate",
  up_proj: "ffn.up",
  down_proj: "ffn.down",
  gate_up_proj: "ffn.gate_up",
};

const join = (parents: readonly string[], words: Record<string, string>): Record<string, string> =>
  Object.fromEntries(
    parents.flatMap((parent) => Object.entries(words).map(([word, role]) => [`${parent}.${word}`, role])),
  );

/** Words that mean one thing under any of the usual names of the part they belong to. */
export const plainWords: Family = {
  models: "whoever builds new names from the usual words",
  layer: { ...join(ATTENTION, attentionWords), ...join(FEED_FORWARD, feedForwardWords) },
};
