import type { Family } from "./family.ts";

/** Maps from what a tower sees to what the language model reads. */
export const projector: Family = {
  models: "the projectors of LLaVA, Gemma 3, Mistral 3, Llama 4, Qwen-VL, InternVL, SmolVLM",
  outside: {
    multi_modal_projector: "projector",
    "multi_modal_projector.linear_1": "projector",
    "multi_modal_projector.linear_2": "projector",
    "multi_modal_projector.mm_input_projection": "projector",
    "multi_modal_projector.mm_soft_emb_norm": "norm.projector",
    "multi_modal_projector.norm": "norm.projector",
    "multi_modal_projector.patch_merger.merging_layer": "projector",
    "mm_projector.0": "projector",
    "mm_projector.2": "projector",
    "mlp1.0": "norm.projector",
    "mlp1.1": "projector",
    "mlp1.3": "projector",
    "connector.modality_projection.proj": "projector",
    "vision_adapter.mlp.fc1": "projector",
    "vision_adapter.mlp.fc2": "projector",
    "merger.ln_q": "norm.projector",
    "merger.norm": "norm.projector",
    "merger.mlp.0": "projector",
    "merger.mlp.2": "projector",
    "merger.linear_fc1": "projector",
    "merger.linear_fc2": "projector",
    image_newline: "embed.mark",
  },
};

/** Several of them, one for each depth at which the tower is listened to. */
export const deepProjectors: Family = {
  models: "Qwen3-VL",
  when: (has) => has("linear_fc1") && has("norm"),
  layer: { linear_fc1: "projector", linear_fc2: "projector", norm: "norm.projector" },
};
