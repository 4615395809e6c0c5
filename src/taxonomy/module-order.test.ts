import { expect, test } from "vitest";
import { compareModules } from "./module-order.ts";
import { placeTensors } from "./place-tensors.ts";

/** Rows as they should stand; each list is shuffled by sorting it backwards first. */
const ORDERS: Record<string, { role: string; module: string }[]> = {
  "the paper's seven, then experts, embeddings and head": [
    { role: "attn.q", module: "q_proj" },
    { role: "attn.k", module: "k_proj" },
    { role: "attn.v", module: "v_proj" },
    { role: "attn.o", module: "o_proj" },
    { role: "ffn.gate", module: "gate_proj" },
    { role: "ffn.up", module: "up_proj" },
    { role: "ffn.down", module: "down_proj" },
    { role: "other", module: "block.2" },
    { role: "other", module: "block.10" },
    { role: "moe.router", module: "gate" },
    { role: "moe.expert.gate", module: "experts.w1" },
    { role: "moe.shared.down", module: "shared_expert.down_proj" },
    { role: "embed.tok", module: "embed_tokens" },
    { role: "embed.pos", module: "wpe" },
    { role: "head.lm", module: "lm_head" },
    { role: "norm.pre_attn", module: "input_layernorm" },
    { role: "attn.q_norm", module: "q_norm" },
    { role: "norm.pre_ffn", module: "post_attention_layernorm" },
    { role: "norm.final", module: "norm" },
    { role: "attn.q.bias", module: "q_proj.bias" },
    { role: "attn.k.bias", module: "k_proj.bias" },
    { role: "ffn.down.bias", module: "down_proj.bias" },
    { role: "head.lm.bias", module: "lm_head.bias" },
    { role: "norm.pre_attn.bias", module: "input_layernorm.bias" },
    { role: "buffer", module: "inv_freq" },
  ],
  "fused rows where their parts would be": [
    { role: "attn.qkv", module: "qkv_proj" },
    { role: "attn.o", module: "o_proj" },
    { role: "ffn.gate_up", module: "gate_up_proj" },
    { role: "ffn.down", module: "down_proj" },
  ],
  "latent attention": [
    { role: "attn.mla.q_a", module: "q_a_proj" },
    { role: "attn.mla.q_b", module: "q_b_proj" },
    { role: "attn.mla.kv_a", module: "kv_a_proj_with_mqa" },
    { role: "attn.mla.kv_b", module: "kv_b_proj" },
    { role: "attn.o", module: "o_proj" },
    { role: "ffn.gate", module: "mlp.gate_proj" },
    { role: "moe.router", module: "gate" },
    { role: "moe.expert.gate", module: "experts.gate_proj" },
  ],
  "a decoder that looks at its encoder": [
    { role: "attn.q", module: "self_attn.q_proj" },
    { role: "attn.o", module: "self_attn.out_proj" },
    { role: "xattn.q", module: "encoder_attn.q_proj" },
    { role: "xattn.o", module: "encoder_attn.out_proj" },
    { role: "ffn.up", module: "fc1" },
    { role: "ffn.down", module: "fc2" },
  ],
  "a state space": [
    { role: "ssm.in", module: "in_proj" },
    { role: "ssm.conv", module: "conv1d" },
    { role: "ssm.x", module: "x_proj" },
    { role: "ssm.dt", module: "dt_proj" },
    { role: "ssm.out", module: "out_proj" },
  ],
};

test.each(Object.entries(ORDERS))("%s", (_, rows) => {
  expect([...rows].reverse().sort(compareModules)).toEqual(rows);
  const odd = rows.filter((__, i) => i % 2 === 1);
  expect([...odd, ...rows.filter((__, i) => i % 2 === 0)].sort(compareModules)).toEqual(rows);
});

test("GPT-2's fused rows", () => {
  const names = ["mlp.c_proj", "mlp.c_fc", "attn.c_proj", "attn.c_attn"].map((path) => `h.0.${path}.weight`);
  const rows = placeTensors(names.map((name) => ({ name, shape: [4, 4] }))).sort(compareModules);
  expect(rows.map(({ module }) => module)).toEqual(["c_attn", "attn.c_proj", "c_fc", "mlp.c_proj"]);
});
