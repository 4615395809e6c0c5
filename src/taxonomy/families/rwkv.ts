import type { Family } from "./family.ts";

const all = (names: string, role: string): Record<string, string> =>
  Object.fromEntries(names.split(" ").map((name) => [name, role]));

export const rwkv: Family = {
  models: "RWKV 4 to 7",
  layer: {
    "attention.receptance": "attn.r",
    "attention.key": "attn.k",
    "attention.value": "attn.v",
    "attention.gate": "attn.gate",
    "attention.output": "attn.o",
    "attention.time_decay": "ssm.decay",
    "attention.time_first": "ssm.skip",
    ...all("attention.time_mix_key attention.time_mix_value attention.time_mix_receptance", "ssm.shift"),
    "feed_forward.key": "ffn.up",
    "feed_forward.receptance": "ffn.gate",
    "feed_forward.value": "ffn.down",
    ...all("feed_forward.time_mix_key feed_forward.time_mix_receptance", "ssm.shift"),
    pre_ln: "norm.embed",
    // In its makers' own layout.
    "att.receptance": "attn.r",
    "att.key": "attn.k",
    "att.value": "attn.v",
    "att.gate": "attn.gate",
    "att.output": "attn.o",
    "att.ln_x": "norm.post_attn",
    ...all("att.time_decay att.w0", "ssm.decay"),
    ...all("att.time_first att.time_faaaa", "ssm.skip"),
    ...all("att.w1 att.time_decay_w1", "ssm.decay_a"),
    ...all("att.w2 att.time_decay_w2", "ssm.decay_b"),
    "att.a0": "ssm.rate",
    "att.a1": "ssm.rate_a",
    "att.a2": "ssm.rate_b",
    "att.v0": "ssm.first",
    "att.v1": "ssm.first_a",
    "att.v2": "ssm.first_b",
    "att.g1": "ssm.gate_a",
    "att.g2": "ssm.gate_b",
    ...all("att.k_k att.k_a att.r_k", "ssm.key_scale"),
    ...all("att.x_r att.x_w att.x_k att.x_v att.x_a att.x_g ffn.x_k", "ssm.shift"),
    ...all("att.time_mix_k att.time_mix_v att.time_mix_r att.time_mix_g ffn.time_mix_k ffn.time_mix_r", "ssm.shift"),
    "ffn.key": "ffn.up",
    "ffn.receptance": "ffn.gate",
    "ffn.value": "ffn.down",
    ln0: "norm.embed",
    ln1: "norm.pre_attn",
    ln2: "norm.pre_ffn",
  },
  outside: { emb: "embed.tok", ln_out: "norm.final" },
};

export const rwkvHead: Family = {
  models: "the head of RWKV, called as an image classifier's is elsewhere",
  when: (has) => has("emb") || has("rwkv.embeddings"),
  outside: { head: "head.lm" },
};
