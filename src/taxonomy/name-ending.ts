/**
 * Tensors that a family cannot know because any module may carry them: masks and tables that no training touches, the
 * bookkeeping of quantised weights, and low-rank updates.
 */

const BUFFER =
  /(?:^|\.)(?:rotary_emb\.inv_freq|rotary_pos_emb\.inv_freq|inv_freq|masked_bias|position_ids|num_batches_tracked|running_mean|running_var|forward_basis_buffer|rope\.freqs|relative_pe\.slopes|relative_position_index|relative_coords_table|attn_mask)$/;
const MASK = /(?:^|\.)(?:attn|attention)\.bias$/;
const PACKED = /(?:^|[._])(?:qweight|weight_packed|blocks)$/;
const BOOKKEEPING =
  /(?:^|[._])(?:weight_scale_inv|weight_scale(?:_2)?|input_scale|global_scale|scales|biases|absmax|qzeros|g_idx|zero_point|weight_shape|quant_map|quant_state\.\w+)$/;
const LOW_RANK: readonly (readonly [RegExp, string])[] = [
  // Zamba tells apart the places where it uses one set of weights by low-rank updates.
  [/_adapter_list\.\d+\.0(?:\.|$)/, "lora.a"],
  [/_adapter_list\.\d+\.1(?:\.|$)/, "lora.b"],
  [/(?:^|\.)lora_(?:A|a|down|embedding_A)(?:\.|$)/, "lora.a"],
  [/(?:^|\.)lora_(?:B|b|up|embedding_B)(?:\.|$)/, "lora.b"],
  [/(?:^|\.)(?:lora_magnitude_vector|dora_scale)(?:\.|$)/, "lora.magnitude"],
  [/lora.*\.alpha$/, "lora.alpha"],
];

/** The role that the end of a name alone decides, or undefined. `rest` is the name behind the layer number. */
export function roleByEnding(rest: string, shape: readonly number[]): string | undefined {
  // GPT-2 and GPT-NeoX keep their causal mask under `attn.bias`; one dimension would be a real bias.
  if (BUFFER.test(rest) || (MASK.test(rest) && shape.length !== 1)) return "buffer";
  if (PACKED.test(rest)) return "quant.packed";
  if (BOOKKEEPING.test(rest)) return "quant.scale";
  return LOW_RANK.find(([pattern]) => pattern.test(rest))?.[1];
}
