import type { Family } from "./family.ts";

function mixer(prefix: string): Record<string, string> {
  return {
    [`${prefix}.in_proj`]: "ssm.in",
    [`${prefix}.conv1d`]: "ssm.conv",
    [`${prefix}.x_proj`]: "ssm.x",
    [`${prefix}.dt_proj`]: "ssm.dt",
    [`${prefix}.dt_bias`]: "ssm.dt.bias",
    [`${prefix}.out_proj`]: "ssm.out",
    [`${prefix}.A_log`]: "ssm.decay",
    [`${prefix}.D`]: "ssm.skip",
    [`${prefix}.norm`]: "norm.ssm",
    [`${prefix}.dt_layernorm`]: "norm.ssm_dt",
    [`${prefix}.b_layernorm`]: "norm.ssm_b",
    [`${prefix}.c_layernorm`]: "norm.ssm_c",
  };
}

/** Zamba's layers of attention, which are one set of weights under several numbers. */
function shared(prefix: string): Record<string, string> {
  return {
    [`${prefix}.self_attn.q_proj`]: "attn.q",
    [`${prefix}.self_attn.k_proj`]: "attn.k",
    [`${prefix}.self_attn.v_proj`]: "attn.v",
    [`${prefix}.self_attn.o_proj`]: "attn.o",
    [`${prefix}.feed_forward.gate_proj`]: "ffn.gate",
    [`${prefix}.feed_forward.up_proj`]: "ffn.up",
    [`${prefix}.feed_forward.gate_up_proj`]: "ffn.gate_up",
    [`${prefix}.feed_forward.down_proj`]: "ffn.down",
    [`${prefix}.input_layernorm`]: "norm.pre_attn",
    [`${prefix}.pre_ff_layernorm`]: "norm.pre_ffn",
  };
}

export const mamba: Family = {
  models: "Mamba 1 and 2, Jamba, Zamba, Bamba, Falcon-H1, Nemotron-H, LFM 2, Qwen3-Next",
  layer: {
    ...mixer("mixer"),
    ...mixer("mamba"),
    ...mixer("linear_attn"),
    ...mixer("mamba_decoder.mamba"),
    "mamba_decoder.input_layernorm": "norm.pre_mixer",
    ...shared("shared_transformer"),
    ...shared("shared_transf"),
    linear: "shared.out",
    "linear_attn.in_proj_qkv": "ssm.in",
    "linear_attn.in_proj_z": "ssm.z",
    "linear_attn.in_proj_a": "ssm.a",
    "linear_attn.in_proj_b": "ssm.b",
    "mixer.q_proj": "attn.q",
    "mixer.k_proj": "attn.k",
    "mixer.v_proj": "attn.v",
    "mixer.o_proj": "attn.o",
    "mixer.up_proj": "ffn.up",
    "mixer.down_proj": "ffn.down",
    "conv.in_proj": "conv.in",
    "conv.conv": "conv.mix",
    "conv.out_proj": "conv.out",
    "linear_attn.in_proj_qkvz": "ssm.in",
    "linear_attn.in_proj_ba": "ssm.gates",
    norm: "norm.pre_mixer",
    pre_ff_layernorm: "norm.pre_ffn",
  },
  outside: {
    embeddings: "embed.tok",
    norm_f: "norm.final",
    final_layernorm: "norm.final",
    embedding_norm: "norm.final",
  },
};
