import type { Family } from "./family.ts";

export const wav2vec2: Family = {
  models: "wav2vec 2.0, HuBERT, WavLM",
  layer: {
    // The small models norm behind each part, the large ones before it, under the same names.
    layer_norm: "norm.attn",
    final_layer_norm: "norm.ffn",
    "feed_forward.intermediate_dense": "ffn.up",
    "feed_forward.output_dense": "ffn.down",
  },
  outside: {
    masked_spec_embed: "embed.mask",
    "feature_projection.projection": "embed.map",
    "feature_projection.layer_norm": "norm.embed",
    "encoder.pos_conv_embed.conv": "embed.pos",
    "encoder.pos_conv_embed.conv.weight_g": "embed.pos",
    "encoder.pos_conv_embed.conv.weight_v": "embed.pos",
    "encoder.pos_conv_embed.conv.parametrizations.weight.original0": "embed.pos",
    "encoder.pos_conv_embed.conv.parametrizations.weight.original1": "embed.pos",
    "quantizer.codevectors": "embed.code",
    "quantizer.weight_proj": "embed.code_map",
    project_hid: "projector",
    project_q: "projector",
  },
};

/** The convolutions that turn sound into frames. */
export const soundConvolutions: Family = {
  models: "the feature extractor of wav2vec 2.0",
  when: (has) => has("conv") && has("layer_norm"),
  layer: { conv: "conv.in", layer_norm: "norm.conv" },
};
