/**
 * @typedef {import("./safetensors-head.mjs").ShapedTensor} ShapedTensor
 *
 * What stands in for a published model: its tensors in the order in which the model declares them, its configuration and
 * the number of files it comes in.
 *
 * @typedef {{ tensors: ShapedTensor[], config: Record<string, unknown>, shards: number }} ModelShape
 */

/** @type {(name: string, ...shape: number[]) => ShapedTensor} */
const bf16 = (name, ...shape) => ({ name, shape, dtype: "BF16" });

/**
 * What a model's size is made of, `head` being the width of a head and `kv` that of all keys of a token.
 *
 * @typedef {{
 *   vocab: number, hidden: number, intermediate: number, layers: number, kv: number, head?: number, tied: boolean, shards: number,
 * }} DenseSizes
 */

/**
 * Llama and Qwen2: grouped queries, a gated MLP; Qwen2 has biases on q, k and v.
 *
 * @param {DenseSizes & { type: "llama" | "qwen2", biased: boolean }} sizes
 * @returns {ModelShape}
 */
function dense({ type, vocab, hidden, intermediate, layers, kv, head = 128, biased, tied, shards }) {
  const tensors = [bf16("model.embed_tokens.weight", vocab, hidden)];
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    for (const [part, rows] of Object.entries({ q: hidden, k: kv, v: kv })) {
      tensors.push(bf16(`${at}.self_attn.${part}_proj.weight`, rows, hidden));
      if (biased) tensors.push(bf16(`${at}.self_attn.${part}_proj.bias`, rows));
    }
    tensors.push(
      bf16(`${at}.self_attn.o_proj.weight`, hidden, hidden),
      bf16(`${at}.mlp.gate_proj.weight`, intermediate, hidden),
      bf16(`${at}.mlp.up_proj.weight`, intermediate, hidden),
      bf16(`${at}.mlp.down_proj.weight`, hidden, intermediate),
      bf16(`${at}.input_layernorm.weight`, hidden),
      bf16(`${at}.post_attention_layernorm.weight`, hidden),
    );
  }
  tensors.push(bf16("model.norm.weight", hidden));
  if (!tied) tensors.push(bf16("lm_head.weight", vocab, hidden));
  const config = {
    architectures: [type === "qwen2" ? "Qwen2ForCausalLM" : "LlamaForCausalLM"],
    model_type: type,
    hidden_size: hidden,
    intermediate_size: intermediate,
    num_hidden_layers: layers,
    num_attention_heads: hidden / head,
    num_key_value_heads: kv / head,
    vocab_size: vocab,
    tie_word_embeddings: tied,
  };
  return { tensors, config, shards };
}

/** @type {(at: string, hidden: number, intermediate: number) => ShapedTensor[]} */
const gated = (at, hidden, intermediate) => [
  bf16(`${at}.gate_proj.weight`, intermediate, hidden),
  bf16(`${at}.up_proj.weight`, intermediate, hidden),
  bf16(`${at}.down_proj.weight`, hidden, intermediate),
];

/** Of latent attention: its heads, the ranks that queries and keys are pressed through, the widths of a head's parts. */
const LATENT = { heads: 128, queryRank: 1536, keyRank: 512, plain: 128, rotary: 64, value: 128 };

/**
 * DeepSeek V3 without the layer that predicts a second token: latent attention, routed experts behind `denseLayers` layers.
 *
 * @param {{
 *   vocab: number, hidden: number, layers: number, denseLayers: number, intermediate: number, expertIntermediate: number,
 *   experts: number, shards: number,
 * }} sizes
 * @returns {ModelShape}
 */
function mixture({ vocab, hidden, layers, denseLayers, intermediate, expertIntermediate, experts, shards }) {
  const { heads, queryRank, keyRank, plain, rotary, value } = LATENT;
  const tensors = [bf16("model.embed_tokens.weight", vocab, hidden)];
  for (let layer = 0; layer < layers; layer++) {
    const at = `model.layers.${layer}`;
    tensors.push(
      bf16(`${at}.self_attn.q_a_proj.weight`, queryRank, hidden),
      bf16(`${at}.self_attn.q_a_layernorm.weight`, queryRank),
      bf16(`${at}.self_attn.q_b_proj.weight`, heads * (plain + rotary), queryRank),
      bf16(`${at}.self_attn.kv_a_proj_with_mqa.weight`, keyRank + rotary, hidden),
      bf16(`${at}.self_attn.kv_a_layernorm.weight`, keyRank),
      bf16(`${at}.self_attn.kv_b_proj.weight`, heads * (plain + value), keyRank),
      bf16(`${at}.self_attn.o_proj.weight`, hidden, heads * value),
    );
    if (layer < denseLayers) tensors.push(...gated(`${at}.mlp`, hidden, intermediate));
    else {
      tensors.push(
        bf16(`${at}.mlp.gate.weight`, experts, hidden),
        { name: `${at}.mlp.gate.e_score_correction_bias`, shape: [experts], dtype: "F32" },
        ...gated(`${at}.mlp.shared_experts`, hidden, expertIntermediate),
      );
      for (let expert = 0; expert < experts; expert++)
        tensors.push(...gated(`${at}.mlp.experts.${expert}`, hidden, expertIntermediate));
    }
    tensors.push(bf16(`${at}.input_layernorm.weight`, hidden), bf16(`${at}.post_attention_layernorm.weight`, hidden));
  }
  tensors.push(bf16("model.norm.weight", hidden), bf16("lm_head.weight", vocab, hidden));
  const config = {
    architectures: ["DeepseekV3ForCausalLM"],
    model_type: "deepseek_v3",
    hidden_size: hidden,
    intermediate_size: intermediate,
    moe_intermediate_size: expertIntermediate,
    num_hidden_layers: layers,
    first_k_dense_replace: denseLayers,
    n_routed_experts: experts,
    n_shared_experts: 1,
    num_attention_heads: heads,
    num_key_value_heads: heads,
    vocab_size: vocab,
    tie_word_embeddings: false,
  };
  return { tensors, config, shards };
}

/** @param {DenseSizes} sizes */
const qwen = (sizes) => dense({ type: "qwen2", biased: true, ...sizes });

/** @type {Record<string, () => ModelShape>} the shapes by the name that the tables have for them */
export const MODEL_SHAPES = {
  /** To see that everything works. */
  tiny: () => qwen({ vocab: 4096, hidden: 512, intermediate: 1408, layers: 4, kv: 128, tied: true, shards: 2 }),
  "tiny MoE": () =>
    mixture({
      ...{ vocab: 2048, hidden: 256, layers: 5, denseLayers: 1 },
      ...{ intermediate: 512, expertIntermediate: 128, experts: 32, shards: 3 },
    }),
  /** Qwen2.5-0.5B */
  "0.5B": () =>
    qwen({
      ...{ vocab: 151_936, hidden: 896, intermediate: 4864, layers: 24 },
      ...{ kv: 128, head: 64, tied: true, shards: 1 },
    }),
  /** Qwen2.5-1.5B */
  "1.5B": () => qwen({ vocab: 151_936, hidden: 1536, intermediate: 8960, layers: 28, kv: 256, tied: true, shards: 1 }),
  /** Qwen2.5-14B */
  "14B": () =>
    qwen({ vocab: 152_064, hidden: 5120, intermediate: 13_824, layers: 48, kv: 1024, tied: false, shards: 8 }),
  /** Llama-3-70B */
  "70B": () =>
    dense({
      ...{ type: "llama", vocab: 128_256, hidden: 8192, intermediate: 28_672, layers: 80 },
      ...{ kv: 1024, biased: false, tied: false, shards: 30 },
    }),
  /** DeepSeek-V3 as its BF16 copies have it */
  "671B MoE": () =>
    mixture({
      ...{ vocab: 129_280, hidden: 7168, layers: 61, denseLayers: 3 },
      ...{ intermediate: 18_432, expertIntermediate: 2048, experts: 256, shards: 163 },
    }),
};
