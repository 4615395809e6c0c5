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
  };
}

export const mamba: Family = {
  models: "Mamba 1 and 2, Jamba, Falcon-H1, Qwen3-Next",
  layer: {
    ...mixer("mixer"),
    ...mixer("mamba"),
    ...mixer("linear_attn"),
    "linear_attn.in_proj_qkvz": "ssm.in",
    "linear_attn.in_proj_ba": "ssm.gates",
    norm: "norm.pre_mixer",
    pre_ff_layernorm: "norm.pre_ffn",
  },
  outside: { embeddings: "embed.tok", norm_f: "norm.final", final_layernorm: "norm.final" },
};
