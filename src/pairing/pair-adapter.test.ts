import { describe, expect, test } from "vitest";
import { peftAdapter } from "../../e2e/fixtures/adapters.ts";
import { llamaPair } from "../../e2e/fixtures/models.ts";
import { quantisedSamples } from "../../e2e/fixtures/quantised.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { type Adapter, readAdapter } from "../adapters/read-adapter.ts";
import { checkpointOf } from "../tensors/testing/memory-checkpoint.ts";
import { viewsOf } from "../tensors/views-of.ts";
import { adapterAlone, pairAdapter } from "./pair-adapter.ts";
import { pairOperands } from "./pair-operands.ts";
import { parseRenameRule } from "./rename-rule.ts";

const Q = "model.layers.0.self_attn.q_proj.weight";
const NORM = "model.norm.weight";
const { base } = llamaPair({ layers: 1, hidden: 8, vocab: 8 });
const viewsIn = (tensors: readonly FixtureTensor[], config?: Record<string, unknown>) =>
  viewsOf(checkpointOf([writeSafetensors(tensors)], config));

function adapterFor(of: readonly FixtureTensor[], options: Parameters<typeof peftAdapter>[1] = {}): Adapter {
  const files = peftAdapter(of, options);
  return readAdapter({
    ...checkpointOf([files["adapter_model.safetensors"]]),
    adapter: JSON.parse(files["adapter_config.json"]),
  });
}

describe("an adapter over a base", () => {
  const { pairs, unpaired } = pairAdapter(viewsIn(base), adapterFor(base, { saved: [NORM] }));

  test("leaves every tensor of the base in a pair, in its order", () => {
    expect(pairs.map(({ name, index }) => [name, index])).toEqual(base.map(({ name }, i) => [name, i]));
    expect(unpaired).toEqual([]);
  });

  test("computes what it updates, reads what it replaces, and leaves the rest as it is", () => {
    const kind = ({ identical, b }: (typeof pairs)[number]) =>
      identical ? "identical" : b?.update ? "computed" : "read";
    const kinds = Object.fromEntries(pairs.map((pair) => [pair.name, kind(pair)]));
    expect(kinds).toEqual({
      ...Object.fromEntries(base.map(({ name }) => [name, "identical"])),
      ...{ [Q]: "computed", [Q.replace("q_", "v_")]: "computed", [NORM]: "read" },
    });
    const updated = pairs.find(({ name }) => name === Q);
    expect(updated).toMatchObject({
      nameB: "base_model.model.model.layers.0.self_attn.q_proj",
      a: { dtype: "BF16", shape: [8, 8] },
      b: { dtype: "F32", shape: [8, 8], count: 64, span: { begin: 0, end: 0 } },
    });
    const untouched = pairs.find(({ identical }) => identical);
    expect(untouched?.b).toBe(untouched?.a);
  });

  test("finds its targets by a rule where they are called otherwise", () => {
    const other = base.map((tensor) => ({ ...tensor, name: tensor.name.replace("self_attn", "attention") }));
    const adapter = adapterFor(base, { saved: [NORM] });
    const plain = pairAdapter(viewsIn(other), adapter);
    expect(plain.pairs.filter(({ b }) => b?.update)).toEqual([]);
    expect(plain.unpaired.map(({ side, name }) => [side, name])).toEqual(
      ["q", "v"].map((part) => ["b", `base_model.model.model.layers.0.self_attn.${part}_proj`]),
    );
    const ruled = pairAdapter(viewsIn(other), adapter, parseRenameRule("self_attn => attention"));
    expect(ruled.pairs.filter(({ identical }) => !identical)).toHaveLength(3);
    expect(ruled.unpaired).toEqual([]);
  });

  test("gives a base that does not tell its shape that of the update", () => {
    const sample = quantisedSamples().find(({ scheme }) => scheme.startsWith("NF4"));
    if (!sample) throw new Error("There is such a sample.");
    const views = viewsIn(sample.tensors, sample.config);
    const [view] = views.views;
    const shape = [4, view.count / 4];
    const like: FixtureTensor = { name: view.name, dtype: "F32", shape, data: new Uint8Array(0) };
    const found = pairAdapter({ ...views, views: [{ ...view, unshaped: true }] }, adapterFor([like], { modules: /./ }));
    expect(found.pairs[0]).toMatchObject({ a: { shape, dtype: "F32" }, b: { shape, dtype: "F32" } });
    expect(found.pairs[0].a.unshaped).toBeUndefined();
  });

  test("lists what of the base cannot be read, and what of itself cannot", () => {
    const odd = { name: "mask", dtype: "BOOL", shape: [4], data: new Uint8Array(4) };
    const adapter = adapterFor(base, { saved: [NORM] });
    const [{ stored, ...rest }] = adapter.replaced;
    const replaced = [{ ...rest, stored: { ...stored, tensor: { ...stored.tensor, dtype: "BOOL" as const } } }];
    const found = pairAdapter(viewsIn([...base, odd]), { ...adapter, replaced });
    expect(found.unpaired).toEqual([
      { side: "a", name: "mask", reason: expect.stringContaining("BOOL") },
      { side: "b", name: `base_model.model.${NORM}`, reason: expect.stringContaining("BOOL") },
    ]);
    expect(found.pairs.find(({ name }) => name === NORM)?.identical).toBe(true);
  });
});

describe("an adapter alone", () => {
  test("is one ΔW for each update, as the weight is called, and names what takes the base", () => {
    const { pairs, unpaired } = adapterAlone(adapterFor(base, { saved: [NORM] }));
    expect(pairs.map(({ name, a, b, place }) => [name, a.shape, b, place.layer])).toEqual([
      [Q, [8, 8], null, 0],
      [Q.replace("q_", "v_"), [4, 8], null, 0],
    ]);
    expect(unpaired).toEqual([
      {
        side: "a",
        name: `base_model.model.${NORM}`,
        reason: expect.stringMatching(/Compare the adapter with its base/),
      },
    ]);
  });

  test("says of a DoRA that it takes the base", () => {
    const checkpoint = checkpointOf([writeSafetensors(base)]);
    const adapter = adapterFor(base, { dora: true });
    const sentence =
      /^Nothing in the adapter org\/name can be computed here, for example .*q_proj: How far a DoRA moves a weight depends/;
    expect(() => pairOperands({ checkpoint, adapter }, null)).toThrow(sentence);
  });
});
