import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { peftAdapter } from "../../e2e/fixtures/adapters.ts";
import { llamaPair } from "../../e2e/fixtures/models.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { valuesOf } from "../../e2e/float64-oracle.ts";
import { mergedOracle } from "../../e2e/merged-oracle.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { readAdapter } from "../adapters/read-adapter.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { deltaCosine, deltaRatio } from "../kernels/low-rank/delta-sums.ts";
import { type Operand, pairOperands } from "../pairing/pair-operands.ts";
import { checkpointOf } from "../tensors/testing/memory-checkpoint.ts";
import { scanHere } from "./testing/scan-here.ts";

/** Rows of 200 and 2048, the elements of a block, have only 8 in common. */
const { base, tuned } = llamaPair({ layers: 2, hidden: 200, vocab: 16, seed: 8 });
const modules = /\.(?:q|o)_proj\.weight$/;
const LORA = peftAdapter(base, { modules });
const DORA = peftAdapter(base, { modules, dora: true });
const NORM = "model.norm.weight";
const SAVED = peftAdapter(base, { modules, saved: [NORM] });
const FILES = {
  "a.safetensors": writeSafetensors(base),
  "b.safetensors": writeSafetensors(tuned),
  "lora.safetensors": LORA["adapter_model.safetensors"],
  "dora.safetensors": DORA["adapter_model.safetensors"],
};

let hub: HubServer;
beforeAll(async () => {
  hub = await startHub({ plain: { files: { files: FILES } } });
});
afterEach(async () => {
  await hub.whenQuiet();
  hub.log.length = 0;
});
afterAll(() => hub.close());

const at = (name: keyof typeof FILES): FileLocation => ({
  ...{ kind: "http", url: `${hub.plain("files")}${name}`, size: FILES[name].length },
});

function adapterOf(files: typeof LORA): Operand {
  const adapter = JSON.parse(files["adapter_config.json"]) as Record<string, unknown>;
  const checkpoint = { ...checkpointOf([files["adapter_model.safetensors"]]), adapter };
  return { checkpoint, adapter: readAdapter(checkpoint) };
}
const model = (tensors: FixtureTensor[]): Operand => ({
  checkpoint: checkpointOf([writeSafetensors(tensors)]),
  adapter: null,
});
const beside = (files: typeof LORA, b = tuned) => pairOperands(model(base), model(b), null, adapterOf(files));

async function scanned(files: typeof LORA, { workers = 1, alone = false } = {}) {
  const { pairs } = alone ? pairOperands(model(base), model(tuned)) : beside(files);
  const adapter = [at(files === DORA ? "dora.safetensors" : "lora.safetensors")];
  const locations = { a: [at("a.safetensors")], b: [at("b.safetensors")], adapter };
  const found = await scanHere({ pairs, locations, workers, segmentElements: 4096 });
  expect(found.state).toEqual({ status: "finished" });
  return { ...found, pairs };
}

describe.each([
  ["a LoRA", LORA],
  ["a DoRA", DORA],
] as const)("%s beside two models", (_, files) => {
  // Over a base of doubles the oracle does not round what it adds.
  const wide = base.map((tensor) => ({ ...tensor, dtype: "F64", data: doublesOf(tensor) }));
  const { tuned: merged } = mergedOracle(wide, files["adapter_model.safetensors"], { scale: 2, spelling: "peft" });

  it("has the angle and the sizes of the two changes, of the oracle's", async () => {
    const { pairs, deltas } = await scanned(files);
    expect(merged).toHaveLength(4);
    for (const { index, name } of pairs) {
      const values = (list: FixtureTensor[]) => list.find((tensor) => tensor.name === name);
      const [a, b, own] = [values(base), values(tuned), values(merged)];
      if (!a || !b) throw new Error("Every pair has both.");
      if (!own) {
        expect(deltas[index]).toBeUndefined();
        continue;
      }
      const [x, y, z] = [valuesOf(a), valuesOf(b), valuesOf(own)];
      const u = z.map((value, i) => value - x[i]);
      const d = y.map((value, i) => Math.fround(value - x[i]));
      const sum = (of: (i: number) => number) => u.reduce((total, _value, i) => total + of(i), 0);
      const [uu, dd, ud] = [sum((i) => u[i] ** 2), sum((i) => d[i] ** 2), sum((i) => u[i] * d[i])];
      const found = deltas[index];
      if (!found) throw new Error(`There are no sums for ${name}.`);
      expect([found.count, found.nonFinite]).toEqual([u.length, 0]);
      expect(found.sumU2 / uu).toBeCloseTo(1, 9);
      expect(found.sumD2 / dd).toBeCloseTo(1, 12);
      expect(deltaCosine(found)).toBeCloseTo(ud / Math.sqrt(uu * dd), 9);
      expect(deltaRatio(found)).toBeCloseTo(Math.sqrt(uu / dd), 9);
    }
  });

  it("changes nothing of what is known of A and B, and reads nothing of theirs twice", async () => {
    const together = await scanned(files);
    await hub.whenQuiet();
    const sent = (file: string) =>
      hub.log.filter(({ url }) => url.includes(file)).reduce((sum, { bytes }) => sum + bytes, 0);
    const sizeOf = (tensors: FixtureTensor[]) => tensors.reduce((sum, { data }) => sum + data.length, 0);
    expect([sent("/a."), sent("/b.")]).toEqual([sizeOf(base), sizeOf(tuned)]);
    const cost = together.costs.reduce((sum, { bytes }) => sum + bytes.adapter, 0);
    expect(sent("ora.")).toBe(cost);
    expect(hub.log.length).toBe(together.costs.reduce((sum, { requests }) => sum + requests, 0));
    expect(together.bytes).toEqual({ a: sizeOf(base), b: sizeOf(tuned), adapter: cost });
    // A DoRA is cut between its rows, and the sums elsewhere than without it.
    if (files === LORA) expect(together.stats).toEqual((await scanned(files, { alone: true })).stats);
  });

  it("gives the same bits with three workers", async () => {
    const [one, three] = [await scanned(files), await scanned(files, { workers: 3 })];
    expect([three.stats, three.deltas]).toEqual([one.stats, one.deltas]);
  });
});

describe("what of it cannot be compared is listed with the reason", () => {
  const reasonsOf = ({ unpaired }: ReturnType<typeof beside>) =>
    unpaired.filter(({ side }) => side === "adapter").map(({ name, reason }) => `${name}: ${reason}`);
  const Q = "model.layers.0.self_attn.q_proj";

  it("where it replaces a tensor", () => {
    expect(reasonsOf(beside(SAVED))).toEqual([
      expect.stringMatching(/^base_model\.model\.model\.norm\.weight: .*whole/),
    ]);
  });

  it("where A has no such tensor, or B has none", () => {
    const elsewhere = base.map((tensor) => ({ ...tensor, name: tensor.name.replace("q_proj", "qkv") }));
    expect(reasonsOf(beside(peftAdapter(elsewhere, { modules: /layers\.0.*qkv/ })))).toEqual([
      expect.stringMatching(
        /layers\.0\.self_attn\.qkv: The base has no tensor model\.layers\.0\.self_attn\.qkv\.weight/,
      ),
    ]);
    const without = tuned.filter(({ name }) => name !== `${Q}.weight`);
    expect(reasonsOf(beside(LORA, without))).toEqual([
      `base_model.model.${Q}: ${Q}.weight of A has no partner in B, so there is no change of B to compare it with.`,
    ]);
  });

  it("and beside an adapter in B there is none", () => {
    expect(() => pairOperands(model(base), adapterOf(LORA), null, adapterOf(DORA))).toThrow(
      /in B is an adapter, and so is .* beside it\. Put a whole model into B/,
    );
  });
});

function doublesOf(tensor: FixtureTensor): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float64Array.from(valuesOf(tensor)).buffer);
}
