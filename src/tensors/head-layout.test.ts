import { describe, expect, test } from "vitest";
import { headCountsOf, headLayoutOf } from "./head-layout.ts";

/** `config.json` of published models, as far as it matters here. */
test.each<[string, Record<string, unknown>, ReturnType<typeof headLayoutOf>]>([
  [
    "Pythia 6.9B",
    { model_type: "gpt_neox", num_attention_heads: 32, hidden_size: 4096 },
    { groups: 32, queries: 1, size: 128 },
  ],
  ["BLOOM 7B1", { model_type: "bloom", n_head: 32, hidden_size: 4096 }, { groups: 32, queries: 1, size: 128 }],
  [
    "BLOOM, as it was first written",
    { model_type: "bloom", num_attention_heads: 112, n_embed: 14336 },
    { groups: 112, queries: 1, size: 128 },
  ],
  [
    "Falcon 7B",
    {
      model_type: "falcon",
      num_attention_heads: 71,
      hidden_size: 4544,
      multi_query: true,
      new_decoder_architecture: false,
    },
    { groups: 1, queries: 71, size: 64 },
  ],
  [
    "Falcon 40B",
    {
      model_type: "falcon",
      num_attention_heads: 128,
      num_kv_heads: 8,
      hidden_size: 8192,
      new_decoder_architecture: true,
    },
    { groups: 8, queries: 16, size: 64 },
  ],
  [
    "Falcon 40B under its first name",
    { model_type: "RefinedWeb", n_head: 128, n_head_kv: 8, hidden_size: 8192 },
    { groups: 8, queries: 16, size: 64 },
  ],
  [
    "InternLM2 7B",
    { model_type: "internlm2", num_attention_heads: 32, num_key_value_heads: 8, hidden_size: 4096 },
    { groups: 8, queries: 4, size: 128 },
  ],
  [
    "ChatGLM 6B",
    { model_type: "chatglm", num_attention_heads: 32, hidden_size: 4096, inner_hidden_size: 16384 },
    { groups: 32, queries: 1, size: 128 },
  ],
  [
    "ChatGLM2 6B",
    {
      ...{ model_type: "chatglm", num_attention_heads: 32, hidden_size: 4096, kv_channels: 128 },
      ...{ multi_query_attention: true, multi_query_group_num: 2 },
    },
    { groups: 1, queries: 16, size: 256 },
  ],
  [
    "ChatGLM that does not say how many share",
    { model_type: "chatglm", num_attention_heads: 32, hidden_size: 4096, multi_query_attention: true },
    null,
  ],
  ["Llama, whose heads do not alternate", { model_type: "llama", num_attention_heads: 32, hidden_size: 4096 }, null],
  ["no heads", { model_type: "bloom", hidden_size: 64 }, null],
  ["heads that do not divide the width", { model_type: "bloom", n_head: 3, hidden_size: 64 }, null],
])("%s", (_, config, layout) => {
  expect(headLayoutOf(config)).toEqual(layout);
});

test("no config says nothing", () => {
  expect(headLayoutOf(undefined)).toBeNull();
});

describe("headCountsOf", () => {
  test.each([
    ["Llama with shared keys", { num_attention_heads: 32, num_key_value_heads: 8, hidden_size: 4096 }, [32, 8, 128]],
    ["a head size of its own", { num_attention_heads: 16, head_dim: 128, hidden_size: 1024 }, [16, 16, 128]],
    ["GPT-2", { n_head: 12, n_embd: 768 }, [12, 12, 64]],
    ["a model of several parts", { text_config: { num_attention_heads: 4, hidden_size: 64 } }, [4, 4, 16]],
    ["heads that do not fit", { num_attention_heads: 3, hidden_size: 64 }, null],
    ["nothing of heads", { hidden_size: 64 }, null],
    ["no configuration", undefined, null],
  ] as const)("%s", (_, config, expected) => {
    const found = headCountsOf(config);
    expect(found && [found.queries, found.keys, found.size]).toEqual(expected);
  });
});
