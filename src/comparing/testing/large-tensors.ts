const HIDDEN = 7168;
const EXPERT = 2048;
export const LARGE_LAYERS = 61;
export const LARGE_EXPERTS = 256;

type Tensor = readonly [name: string, shape: readonly number[]];

/** For tests: names and shapes of a mixture of experts of 671 B weights, 47,643 tensors in the order of a checkpoint. */
export function largeTensors(): Tensor[] {
  const tensors: Tensor[] = [["model.embed_tokens.weight", [129_280, HIDDEN]]];
  for (let layer = 0; layer < LARGE_LAYERS; layer++) {
    const at = `model.layers.${layer}`;
    tensors.push(
      [`${at}.input_layernorm.weight`, [HIDDEN]],
      [`${at}.self_attn.q_a_proj.weight`, [1536, HIDDEN]],
      [`${at}.self_attn.q_a_layernorm.weight`, [1536]],
      [`${at}.self_attn.q_b_proj.weight`, [24_576, 1536]],
      [`${at}.self_attn.kv_a_proj_with_mqa.weight`, [576, HIDDEN]],
      [`${at}.self_attn.kv_a_layernorm.weight`, [512]],
      [`${at}.self_attn.kv_b_proj.weight`, [32_768, 512]],
      [`${at}.self_attn.o_proj.weight`, [HIDDEN, 16_384]],
      [`${at}.post_attention_layernorm.weight`, [HIDDEN]],
      [`${at}.mlp.gate.weight`, [LARGE_EXPERTS, HIDDEN]],
    );
    for (const part of ["shared_experts", ...Array.from({ length: LARGE_EXPERTS }, (_, i) => `experts.${i}`)])
      tensors.push(
        [`${at}.mlp.${part}.gate_proj.weight`, [EXPERT, HIDDEN]],
        [`${at}.mlp.${part}.up_proj.weight`, [EXPERT, HIDDEN]],
        [`${at}.mlp.${part}.down_proj.weight`, [HIDDEN, EXPERT]],
      );
  }
  return [...tensors, ["model.norm.weight", [HIDDEN]], ["lm_head.weight", [129_280, HIDDEN]]];
}
