import type { Family } from "./family.ts";

/** Blocks with an attention to the prompt beside their own; the first linear holds value and gate in one. */
export const unet: Family = {
  models: "Stable Diffusion 1, 2 and XL",
  when: (has) => has("attn1.to_q"),
  layer: {
    "attn1.to_q": "attn.q",
    "attn1.to_k": "attn.k",
    "attn1.to_v": "attn.v",
    "attn1.to_out.0": "attn.o",
    "attn2.to_q": "xattn.q",
    "attn2.to_k": "xattn.k",
    "attn2.to_v": "xattn.v",
    "attn2.to_out.0": "xattn.o",
    "ff.net.0.proj": "ffn.gate_up",
    "ff.net.2": "ffn.down",
    norm1: "norm.pre_attn",
    norm2: "norm.xattn",
    norm3: "norm.pre_ffn",
  },
};

/** What stands around such blocks, under the names of both layouts. */
export const unetAttention: Family = {
  models: "U-Nets and the autoencoders of images",
  when: (has) => has("proj_in") || has("to_q") || (has("q") && has("proj_out")),
  layer: {
    norm: "norm.pre_block",
    group_norm: "norm.pre_block",
    proj_in: "block.in",
    proj_out: "block.out",
    q: "attn.q",
    k: "attn.k",
    v: "attn.v",
    to_q: "attn.q",
    to_k: "attn.k",
    to_v: "attn.v",
    "to_out.0": "attn.o",
  },
};

/** Two convolutions with a norm before each, and a shortcut where the width changes. */
export const residualBlock: Family = {
  models: "U-Nets and the autoencoders of images",
  when: (has) => has("conv1") || has("conv_shortcut") || has("in_layers.2"),
  layer: {
    norm1: "norm.conv",
    norm2: "norm.conv",
    conv1: "conv.in",
    conv2: "conv.out",
    conv_shortcut: "conv.shortcut",
    nin_shortcut: "conv.shortcut",
    time_emb_proj: "embed.time",
    "in_layers.0": "norm.conv",
    "in_layers.2": "conv.in",
    "emb_layers.1": "embed.time",
    "out_layers.0": "norm.conv",
    "out_layers.3": "conv.out",
    skip_connection: "conv.shortcut",
  },
};

export const unetEnds: Family = {
  models: "U-Nets and the autoencoders of images",
  layer: { conv: "conv.sample", op: "conv.sample" },
  outside: {
    conv_in: "embed.conv",
    conv_norm_out: "norm.final",
    norm_out: "norm.final",
    conv_out: "head.out",
    quant_conv: "projector",
    post_quant_conv: "projector",
    "time_embedding.linear_1": "embed.time",
    "time_embedding.linear_2": "embed.time",
    "add_embedding.linear_1": "embed.time",
    "add_embedding.linear_2": "embed.time",
    "time_embed.0": "embed.time",
    "time_embed.2": "embed.time",
    "label_emb.0.0": "embed.time",
    "label_emb.0.2": "embed.time",
    "input_blocks.0.0": "embed.conv",
    "out.0": "norm.final",
    "out.2": "head.out",
  },
};
