/**
 * What a parameter is for the purpose of pooling: weights, biases and norms are never averaged together. In the order in
 * which they are offered; they stand in links.
 */
export const PARAMETER_GROUPS = ["matrix", "norm", "bias", "other"] as const;
export type ParameterGroup = (typeof PARAMETER_GROUPS)[number];

/** What a tensor's name says about it. */
export interface Place {
  /** e.g. `attn.o`, `ffn.gate`, `norm.pre_attn`, `embed.tok`; a bias has its weight's role with `.bias` behind it; `other` where no rule knows the name. */
  role: string;
  /** The row it stands in, in the checkpoint's own word (`o_proj`, `c_attn`, `q_proj.bias`); unique to a role within a model's stack. */
  module: string;
  /** The stack the layer counts in (`model.layers`, `encoder.layer`, `vision_tower.encoder.layers`); empty outside layers. */
  stack: string;
  layer: number | null;
  expert?: number;
  group: ParameterGroup;
}
