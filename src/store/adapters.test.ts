import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { comparisonFile } from "../comparing/file/comparison-file.ts";
import { inspect } from "../comparing/inspection.ts";
import { tableRow } from "../comparing/table.ts";
import { readBack } from "../comparing/testing/read-back.ts";
import type { Checkpoint } from "../hub/checkpoint.ts";
import { linkOf } from "./link.ts";
import { phaseOf, scanProgress } from "./phase.ts";
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
    ["org/of-another", LORA, { ...CONFIG, base_model_name_or_path: "org/Another" }],
    ["org/of-a-folder", LORA, { ...CONFIG, base_model_name_or_path: "/home/someone/models/base" }],
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
  expect(phaseOf(state()).status).toBe("finished");
  expect(state().cost).toEqual({ bytes: { a: 32, b: 32, adapter: 0 }, requests: 2 });
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
  const { comparison, results } = state();
  const untouched = comparison && inspect(comparison, results.list, "model.layers.1.self_attn.o_proj.weight");
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
    const again = inspect(saved.comparison, saved.results, name);
    const { words, isUpdate, sentence } = inspect(comparison, results.list, name) ?? {};
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
  expect(state().cost).toEqual({ bytes: { a: 32, b: 0, adapter: 0 }, requests: 1 });
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
    expect(phaseOf(state()).status).toBe("failed");
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

describe("beside two models", () => {
  const link = { a: "org/base", b: "org/tuned", adapter: "org/lora" };

  test("it marks what it changes, and the link leads back to all three", async () => {
    const { open, state, asked, scripted } = page();
    await open(link);
    await scripted.drain();
    expect(asked()).toEqual(["org/base", "org/tuned", "org/lora"]);
    expect(phaseOf(state())).toEqual({ status: "finished" });
    expect(state().operands.adapter).toMatchObject({ label: "org/lora", error: null });
    expect(state().comparison?.pairs.map(({ adapter }) => adapter?.update?.rank ?? null)).toEqual([2, null, null]);
    expect(state().cost).toEqual({ bytes: { a: 128, b: 128, adapter: 32 }, requests: 3 });
    expect(scanProgress(state())?.bytes.b).toEqual({ done: 160, total: 160 });
    const again = linkOf(state());
    expect(again).toMatchObject({
      ...{ a: `org/base@${COMMIT}`, b: `org/tuned@${COMMIT}`, adapter: `org/lora@${COMMIT}` },
    });
  });

  test("saved and opened again, it says the same", async () => {
    const { open, state, scripted, actions } = page();
    await open({ ...link, rename: "^zz => yy" });
    await scripted.drain();
    const { comparison, results } = state();
    if (!comparison) throw new Error("There is a comparison.");
    const stats = results.list.at(0)?.stats;
    if (!stats) throw new Error("The first pair was read.");
    const deltas = { count: 16, nonFinite: 0, sumU2: 4, sumD2: 16, sumUD: -4 };
    results.list.set(0, { stats, coverage: 1, engine: "wasm", deltas });
    const file = comparisonFile(comparison, results.list, "wasm");
    expect(file).toMatchObject({ adapter: { ref: `org/lora@${COMMIT}`, adapter: true }, rename: "^zz => yy" });
    expect(file.pairs.map((pair) => pair.deltas)).toEqual([deltas, undefined, undefined]);
    vi.useRealTimers();
    const text = new Blob([JSON.stringify(file)]);
    const saved = await readBack(text);
    expect(comparisonFile(saved.comparison, saved.results, "wasm")).toEqual(file);
    expect(tableRow(saved.comparison, saved.results, 0).adapter).toEqual({ cosine: -0.5, ratio: 0.5 });
    expect(inspect(saved.comparison, saved.results, comparison.pairs[0].name)?.deltas).toEqual(deltas);
    await actions.openFile(text);
    expect(linkOf(state())).toMatchObject({ adapter: `org/lora@${COMMIT}`, rename: "^zz => yy" });
    expect(state()).toMatchObject({ operands: { adapter: { label: "org/lora" } }, rename: { text: "^zz => yy" } });
    const damaged = JSON.stringify({ ...file, pairs: [{ ...file.pairs[0], deltas: { count: 3 } }] });
    await expect(readBack(new Blob([damaged]))).rejects.toThrow(/incomplete or damaged/);
  });

  test("it has a field of its own, which can be taken away", async () => {
    const { actions, state, asked, compare, scripted } = page();
    actions.setAdapter("org/lora");
    await compare("org/base", "org/tuned");
    await scripted.drain();
    expect(state().comparison?.adapter?.label).toBe("org/lora");
    actions.setAdapter(null);
    await compare("org/base", "org/tuned");
    expect([state().comparison?.adapter, state().operands.adapter]).toEqual([null, null]);
    expect(asked()).toHaveLength(5);
    // Without a second model it stands for B.
    actions.setAdapter("org/lora");
    await compare("org/base");
    expect(state()).toMatchObject({ operands: { adapter: null }, comparison: { b: { adapter: true } } });
  });

  test.each([
    ["org/tuned", /org\/tuned is not an adapter.*Open it as a model instead/],
    ["org/nowhere", /org\/nowhere does not exist/],
    ["not a ref", /not a ref/],
  ])("%s is refused at its field", async (adapter, sentence) => {
    const { open, state, errors } = page();
    await open({ ...link, adapter });
    expect(state().operands.adapter?.error).toMatch(sentence);
    expect([phaseOf(state()).status, ...errors()]).toEqual(["failed", null, null]);
  });

  test("one that belongs to nothing here is listed, and said", async () => {
    const { open, state } = page();
    await open({ ...link, adapter: "org/elsewhere" });
    expect(state().comparison?.unpaired).toEqual([
      { side: "adapter", name: expect.stringMatching(/qkv$/), reason: expect.stringMatching(/The base has no tensor/) },
    ]);
    expect(state().comparison?.adapter?.notes.join()).toMatch(/Nothing of the adapter org\/elsewhere can be compared/);
    const { comparison, results } = state();
    if (!comparison) throw new Error("There is a comparison.");
    expect(tableRow(comparison, results.list, comparison.pairs.length).module).toBe("in the adapter");
  });
});

test("a link that calls a whole model an adapter is told so, and by hand it is compared as the model it is", async () => {
  const { open, state, errors, actions } = page();
  await open({ a: "org/base", adapter: "org/tuned" });
  expect(errors()).toEqual([null, expect.stringMatching(/opens org\/tuned as an adapter, but it is a whole model/)]);
  await actions.compare();
  await settle();
  expect(state().comparison?.b).toMatchObject({ label: "org/tuned" });
});

test.each([
  ["org/base", "org/of-another", true],
  ["org/base", "org/of-a-folder", false],
  ["org/base", "org/lora", false],
  ["https://files.test/model/", "org/of-another", false],
])("over %s, %s is warned of its base: %j", async (a, b, warned) => {
  const { compare, state } = page();
  await compare(a, b);
  const notes = state().comparison?.b?.notes.join() ?? "no comparison";
  if (warned)
    expect(notes).toMatch(/of-another was trained on org\/Another, says its configuration, and A is org\/base/);
  else expect(notes).toBe("");
});
