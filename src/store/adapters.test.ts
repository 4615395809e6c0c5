import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Checkpoint } from "../hub/checkpoint.ts";
import { comparisonFile } from "./comparison-file.ts";
import { inspect } from "./inspection.ts";
import { linkOf } from "./link.ts";
import { readBack } from "./testing/read-back.ts";
import { scriptedPage } from "./testing/scripted-page.ts";
import { COMMIT, checkpointOf, settle, type Tensors } from "./testing/scripted-pool.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

const AT = "base_model.model.model.layers.0.self_attn.o_proj";
const LORA: Tensors = [
  [`${AT}.lora_A.weight`, [2, 4]],
  [`${AT}.lora_B.weight`, [4, 2]],
];
const CONFIG = { peft_type: "LORA", r: 2, lora_alpha: 4, base_model_name_or_path: "org/base" };
const adapter = (ref: string, tensors: Tensors, config: Record<string, unknown> | null = CONFIG): Checkpoint => ({
  ...checkpointOf(ref, tensors),
  ...(config ? { adapter: config, baseModel: "org/base" } : {}),
});

/** A page that also finds adapters: one that fits, and some that do not. */
function page() {
  const scripted = scriptedPage();
  const all: [ref: string, tensors: Tensors, config?: Record<string, unknown> | null][] = [
    ["org/lora", LORA],
    ["org/lora-2", LORA],
    ["org/no-config", LORA, null],
    ["org/loha", [[`${AT}.hada_w1_a`, [4, 2]]], { peft_type: "LOHA", r: 2 }],
    ["org/elsewhere", LORA.map(([name, shape]) => [name.replace("o_proj", "qkv"), shape])],
    ["org/wide", LORA.map(([name, [rows, columns]]) => [name, [rows === 4 ? 6 : rows, columns]])],
    ["org/half", [...LORA, ["base_model.model.vera_lambda_b", [4]]]],
    ["org/odd-start", LORA, { ...CONFIG, init_lora_weights: "pissa" }],
  ];
  for (const [ref, tensors, config] of all) scripted.scripted.answers.set(ref, adapter(ref, tensors, config));
  return scripted;
}

test("typed as B it is applied, and shared back as an adapter", async () => {
  const { compare, state, scripted, open } = page();
  await compare("org/base", "org/lora");
  await scripted.drain();
  const { comparison, results } = state();
  expect(comparison?.pairs.map(({ identical }) => identical ?? false)).toEqual([false, true, true]);
  expect(state().phase.status).toBe("finished");
  expect(state().cost).toEqual({ bytesA: 32, bytesB: 32, requests: 2 });
  const link = linkOf(state());
  expect(link).toMatchObject({ a: `org/base@${COMMIT}`, b: null, adapter: `org/lora@${COMMIT}` });
  if (!comparison) throw new Error("There is a comparison.");
  const file = comparisonFile(comparison, results.list, "wasm");
  expect(file.b).toMatchObject({ ref: `org/lora@${COMMIT}`, adapter: true });
  expect(file.pairs.map(({ dtypeB, identical, coverage }) => [dtypeB, identical ?? false, coverage])).toEqual([
    ["F32", false, 1],
    ["BF16", true, 1],
    ["BF16", true, 1],
  ]);
  await open({ a: "org/base", adapter: "org/lora" });
  expect(linkOf(state())).toEqual(link);
});

test("what it does not touch is unchanged, and not the same file", async () => {
  const { compare, state, scripted } = page();
  await compare("org/base", "org/lora");
  await scripted.drain();
  const untouched = inspect(state(), "model.layers.1.self_attn.o_proj.weight");
  expect(untouched).toMatchObject({
    identical: true,
    words: "unchanged (the adapter does not touch it, not downloaded)",
    sentence: "Unchanged: the adapter does not touch it, so B has A's own weights and nothing was downloaded.",
    derived: { normD: 0 },
  });
});

test.each([
  ["org/base", "org/lora"],
  ["org/lora", ""],
])("saved and opened again, %s and %s are still what they were", async (a, b) => {
  const { compare, state, scripted } = page();
  await compare(a, b);
  await scripted.drain();
  const { comparison, results } = state();
  if (!comparison) throw new Error("There is a comparison.");
  const file = comparisonFile(comparison, results.list, "wasm");
  vi.useRealTimers();
  const saved = await readBack(new Blob([JSON.stringify(file)]));
  expect(comparisonFile(saved.comparison, saved.results, "wasm")).toEqual(file);
  expect(linkOf({ ...state(), comparison: saved.comparison })).toEqual(linkOf(state()));
  for (const { name } of comparison.pairs) {
    const again = inspect(
      { ...state(), comparison: saved.comparison, results: { version: 1, list: saved.results } },
      name,
    );
    const { words, isUpdate, sentence } = inspect(state(), name) ?? {};
    expect(again).toMatchObject({ words, isUpdate, sentence });
    expect(isUpdate).toBe(b === "");
  }
});

test("alone it is looked at as what it adds, and its base is on offer", async () => {
  const { compare, state, scripted, actions, asked } = page();
  await compare("org/lora");
  await scripted.drain();
  expect(state().comparison).toMatchObject({ b: null, a: { adapter: true, baseModel: "org/base" } });
  expect(state().comparison?.pairs.map(({ name }) => name)).toEqual(["model.layers.0.self_attn.o_proj.weight"]);
  expect(state().cost).toEqual({ bytesA: 32, bytesB: 0, requests: 1 });
  expect(linkOf(state())).toMatchObject({ a: `org/lora@${COMMIT}`, b: null, adapter: null });
  await actions.compareWithBase();
  await settle();
  expect(asked().slice(-2)).toEqual(["org/base", `org/lora@${COMMIT}`]);
});

describe("it is refused", () => {
  const REFUSED: [what: string, a: string, b: string, side: "a" | "b", sentence: RegExp][] = [
    [
      "without its configuration",
      "org/base",
      "org/no-config",
      "b",
      /without its adapter_config\.json.*Give the folder/,
    ],
    ["over an adapter", "org/lora", "org/lora-2", "a", /both adapters.*Put the base model into A\.$/],
    ["as the base of a model", "org/lora", "org/base", "a", /org\/lora is an adapter.*Swap the two/],
    ["of an unknown kind", "org/base", "org/loha", "b", /Nothing in the adapter org\/loha.*the kind LoHa/],
    ["of an unknown kind alone", "org/loha", "", "a", /Nothing in the adapter org\/loha.*the kind LoHa/],
    [
      "for another model",
      "org/base",
      "org/elsewhere",
      "b",
      /belongs to org\/base.*no tensor model.layers.0.self_attn.qkv/,
    ],
    [
      "for another size",
      "org/base",
      "org/wide",
      "b",
      /shape \[6, 4\], but .* has \[4, 4\]\. The adapter belongs to another/,
    ],
  ];
  test.each(REFUSED)("%s", async (_, a, b, side, sentence) => {
    const { compare, errors, state } = page();
    await compare(a, b);
    const [ofA, ofB] = errors();
    expect(side === "a" ? ofA : ofB).toMatch(sentence);
    expect(side === "a" ? ofB : ofA).toBeNull();
    expect(state().phase.status).toBe("failed");
  });
});

test("parts of unknown kinds are listed by name beside what is applied", async () => {
  const { compare, state } = page();
  await compare("org/base", "org/half");
  expect(state().comparison?.unpaired).toEqual([
    { side: "b", name: "base_model.model.vera_lambda_b", reason: expect.stringMatching(/the kind VeRA/) },
  ]);
});

test("what is odd about an adapter is said", async () => {
  const { compare, state } = page();
  await compare("org/base", "org/odd-start");
  expect(state().comparison?.b?.notes.join()).toMatch(/pissa/i);
});
