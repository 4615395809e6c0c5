import type { Family } from "./family.ts";

export const phi: Family = {
  models: "Phi-1.5, Phi-2, Phi-3, Phi-4",
  layer: {
    "self_attn.qkv_proj": "attn.qkv",
    "self_attn.dense": "attn.o",
    "mlp.gate_up_proj": "ffn.gate_up",
    "mlp.fc1": "ffn.up",
    "mlp.fc2": "ffn.down",
  },
  outside: { final_layernorm: "norm.final" },
};
