import type { Family } from "./family.ts";

const attention = {
  "layer.0.SelfAttention.q": "attn.q",
  "layer.0.SelfAttention.k": "attn.k",
  "layer.0.SelfAttention.v": "attn.v",
  "layer.0.SelfAttention.o": "attn.o",
  "layer.0.SelfAttention.relative_attention_bias": "misc.relpos",
  "layer.0.layer_norm": "norm.pre_attn",
};

/** Three parts to a block: the second looks at the encoder, so the feed-forward part comes third. */
export const t5Decoder: Family = {
  models: "T5, Flan-T5 and Switch decoders",
  when: (has) => has("layer.1.EncDecAttention.q"),
  layer: {
    ...attention,
    "layer.1.EncDecAttention.q": "xattn.q",
    "layer.1.EncDecAttention.k": "xattn.k",
    "layer.1.EncDecAttention.v": "xattn.v",
    "layer.1.EncDecAttention.o": "xattn.o",
    "layer.1.layer_norm": "norm.xattn",
    "layer.2.mlp.wi": "ffn.up",
    "layer.2.mlp.wo": "ffn.down",
    "layer.2.mlp.router.classifier": "moe.router",
    "layer.2.mlp.experts.wi": "moe.expert.up",
    "layer.2.mlp.experts.wo": "moe.expert.down",
    "layer.2.DenseReluDense.wi": "ffn.up",
    "layer.2.DenseReluDense.wi_0": "ffn.gate",
    "layer.2.DenseReluDense.wi_1": "ffn.up",
    "layer.2.DenseReluDense.wo": "ffn.down",
    "layer.2.layer_norm": "norm.pre_ffn",
  },
};

export const t5Encoder: Family = {
  models: "T5, Flan-T5 and Switch encoders",
  layer: {
    ...attention,
    "layer.1.mlp.wi": "ffn.up",
    "layer.1.mlp.wo": "ffn.down",
    "layer.1.mlp.router.classifier": "moe.router",
    "layer.1.mlp.experts.wi": "moe.expert.up",
    "layer.1.mlp.experts.wo": "moe.expert.down",
    "layer.1.DenseReluDense.wi": "ffn.up",
    "layer.1.DenseReluDense.wi_0": "ffn.gate",
    "layer.1.DenseReluDense.wi_1": "ffn.up",
    "layer.1.DenseReluDense.wo": "ffn.down",
    "layer.1.layer_norm": "norm.pre_ffn",
  },
  outside: { shared: "embed.tok", final_layer_norm: "norm.final" },
};
