import type { Family } from "./family.ts";

export const gpt2: Family = {
  models: "GPT-2, DistilGPT2, GPT-BigCode, StarCoder 2, GPT-Neo, GPT-J, CodeGen, MPT, EXAONE 3",
  layer: {
    "attn.c_attn": "attn.qkv",
    "attn.qkv_proj": "attn.qkv",
    "attn.Wqkv": "attn.qkv",
    "attn.c_proj": "attn.o",
    "attn.q_proj": "attn.q",
    "attn.k_proj": "attn.k",
    "attn.v_proj": "attn.v",
    "attn.out_proj": "attn.o",
    "attn.attention.q_proj": "attn.q",
    "attn.attention.k_proj": "attn.k",
    "attn.attention.v_proj": "attn.v",
    "attn.attention.out_proj": "attn.o",
    "attn.q_ln": "attn.q_norm",
    "attn.k_ln": "attn.k_norm",
    "crossattention.q_attn": "xattn.q",
    "crossattention.c_attn": "xattn.kv",
    "crossattention.c_proj": "xattn.o",
    "mlp.c_fc": "ffn.up",
    "mlp.c_proj": "ffn.down",
    "mlp.fc_in": "ffn.up",
    "mlp.fc_out": "ffn.down",
    "mlp.c_fc_0": "ffn.gate",
    "mlp.c_fc_1": "ffn.up",
    "ffn.up_proj": "ffn.up",
    "ffn.down_proj": "ffn.down",
    ln_1: "norm.pre_attn",
    ln_2: "norm.pre_ffn",
    ln_cross_attn: "norm.xattn",
    norm_1: "norm.pre_attn",
    norm_2: "norm.pre_ffn",
  },
  outside: {
    wte: "embed.tok",
    wpe: "embed.pos",
    ln_f: "norm.final",
    norm_f: "norm.final",
    lm_head: "head.lm",
    score: "head.cls",
  },
};

/** Its w1 and w2 are the other way round than in every other family that numbers them. */
export const qwen1: Family = {
  models: "Qwen 1",
  when: (has) => has("attn.c_attn") && has("mlp.w2"),
  layer: { "mlp.w1": "ffn.up", "mlp.w2": "ffn.gate" },
};
