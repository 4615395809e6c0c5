import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import { kohyaAdapter, peftAdapter } from "../../e2e/fixtures/adapters.ts";
import { type LlamaPairOptions, llamaPair } from "../../e2e/fixtures/models.ts";
import { fp8Model } from "../../e2e/fixtures/quantised.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { breaches, oracleStats, valuesOf } from "../../e2e/float64-oracle.ts";
import { mergedOracle } from "../../e2e/merged-oracle.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { readAdapter } from "../adapters/read-adapter.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { spanLength } from "../bytes/span.ts";
import type { Pair } from "../pairing/pair.ts";
import { type Operand, pairOperands } from "../pairing/pair-operands.ts";
import { checkpointOf } from "../tensors/testing/memory-checkpoint.ts";
import type { ScanCost } from "./read-plan.ts";
import { type ScannedHere, scanHere } from "./testing/scan-here.ts";

const SEGMENT = 4096;
/** Rows of 200 and 2048, the elements of a block, have only 8 in common. */
const SHAPE: LlamaPairOptions = { layers: 2, hidden: 200, vocab: 16, seed: 4 };
/** Between these lie tensors that are too long to be read along with them. */
const modules = /\.(?:q|o)_proj\.weight$/;

interface Case {
  name: string;
  base: FixtureTensor[];
  /** The base's file, where it is not just that. */
  stored?: FixtureTensor[];
  file: Uint8Array<ArrayBuffer>;
  config?: string;
  scale: number;
  /** Base tensors that change. */
  touched: number;
  /** Elements of a segment, where it is not a few. */
  segment?: number;
}

const { base } = llamaPair(SHAPE);
const wide = llamaPair({ ...SHAPE, dtype: "F64", hidden: 100 }).base;
const { stored: fp8, decoded } = fp8Model(llamaPair({ ...SHAPE, hidden: 264 }).base);
const peft = (of: FixtureTensor[], options: Parameters<typeof peftAdapter>[1] = {}) => {
  const files = peftAdapter(of, { modules, ...options });
  return { file: files["adapter_model.safetensors"], config: files["adapter_config.json"] };
};
const NORM = "model.norm.weight";
const rows160 = llamaPair({ ...SHAPE, dtype: "F32", hidden: 160 }).base;
/** Two chunks, of 256 rows at most. */
const large: FixtureTensor = {
  ...{ name: "model.layers.0.mlp.up_proj.weight", dtype: "BF16", shape: [400, 1000] },
  data: Uint8Array.from({ length: 800_000 }, (_, i) => (i % 2 === 0 ? (i * 7) % 251 : 60 - (i % 3))),
};
const CASES: Case[] = [
  { name: "PEFT", base, ...peft(base), scale: 2, touched: 4 },
  { name: "rslora in BF16", base, ...peft(base, { rslora: true, dtype: "BF16" }), scale: 4, touched: 4 },
  {
    name: "of rank 9, with a tensor that is replaced",
    base,
    ...peft(base, { rank: 9, alpha: 18, saved: [NORM] }),
    scale: 2,
    touched: 5,
  },
  { name: "DoRA", base, ...peft(base, { dora: true }), scale: 2, touched: 4 },
  { name: "DoRA in three segments", base: rows160, ...peft(rows160, { dora: true }), scale: 2, touched: 4 },
  {
    ...{ name: "DoRA in two chunks of a segment", base: [large], scale: 2, touched: 1, segment: 2 ** 20 },
    ...peft([large], { dora: true, modules: /./ }),
  },
  {
    name: "kohya, with a stored alpha",
    base,
    file: kohyaAdapter(base, { modules, alpha: 3 }),
    scale: 0.75,
    touched: 4,
  },
  { name: "over float64", base: wide, ...peft(wide), scale: 2, touched: 4 },
  { name: "over FP8 in blocks", base: decoded, stored: fp8, ...peft(decoded), scale: 2, touched: 4 },
];
const spellingOf = ({ config }: Case) => (config ? "peft" : "kohya");

let hub: HubServer;
beforeAll(async () => {
  const files = Object.fromEntries(
    CASES.flatMap(({ base: own, stored = own, file }, i) => [
      [`base-${i}.safetensors`, writeSafetensors(stored)],
      [`adapter-${i}.safetensors`, file],
    ]),
  );
  hub = await startHub({ plain: { files: { files } } });
});
afterEach(async () => {
  await hub.whenQuiet();
  hub.log.length = 0;
});
afterAll(() => hub.close());

function adapterOf({ file, config }: Case): Operand {
  const checkpoint = {
    ...checkpointOf([file]),
    ...(config ? { adapter: JSON.parse(config) as Record<string, unknown> } : {}),
  };
  return { checkpoint, adapter: readAdapter(checkpoint) };
}

const at = (name: string, size: number): FileLocation => ({
  ...{ kind: "http", url: `${hub.plain("files")}${name}`, size },
  resolver: `${hub.plain("files")}${name}?fresh`,
});

interface Scanned extends ScannedHere {
  pairs: Pair[];
}

async function scanned(one: Case, { workers = 1, alone = false } = {}): Promise<Scanned> {
  const bytes = writeSafetensors(one.stored ?? one.base);
  const config = one.stored ? { quantization_config: { quant_method: "fp8", weight_block_size: [128, 128] } } : {};
  const model: Operand = { checkpoint: checkpointOf([bytes], config), adapter: null };
  const { pairs, unpaired } = alone ? pairOperands(adapterOf(one), null) : pairOperands(model, adapterOf(one));
  expect(unpaired.filter(({ name }) => name !== `base_model.model.${NORM}`)).toEqual([]);
  const i = CASES.indexOf(one);
  const [a, b] = [at(`base-${i}.safetensors`, bytes.length), at(`adapter-${i}.safetensors`, one.file.length)];
  const locations = alone ? { a: [b], b: [] } : { a: [a], b: [b] };
  const found = await scanHere({ pairs, locations, workers, segmentElements: one.segment ?? SEGMENT });
  expect(found.state).toEqual({ status: "finished" });
  return { ...found, pairs };
}

describe.each(CASES)("$name", (one) => {
  const { tuned } = mergedOracle(one.base, one.file, { scale: one.scale, spelling: spellingOf(one) });
  const byName = (list: FixtureTensor[], name: string) => list.find((tensor) => tensor.name === name);

  it("gives the numbers of the merged weights, and reads nothing of the others", async () => {
    const { pairs, stats } = await scanned(one);
    expect(tuned).toHaveLength(one.touched);
    expect(pairs.map(({ name }) => name)).toEqual(one.base.map(({ name }) => name));
    for (const { index, name, identical } of pairs) {
      const [left, right] = [byName(one.base, name), byName(tuned, name)];
      expect(identical ?? false).toBe(right === undefined);
      if (left && right) expect([name, ...breaches(plain(stats[index]), oracleStats(left, right))]).toEqual([name]);
      else expect(stats[index]).toBeUndefined();
    }
  });

  it("takes the bytes and requests that the plan says", async () => {
    const { costs, bytes, pairs } = await scanned(one);
    await hub.whenQuiet();
    const i = CASES.indexOf(one);
    const sent = (file: string) =>
      hub.log.filter(({ url }) => url.includes(file)).reduce((sum, entry) => sum + entry.bytes, 0);
    const sum = (of: (cost: ScanCost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
    expect([sent(`base-${i}.`), sent(`adapter-${i}.`)]).toEqual([
      sum(({ bytes: { a } }) => a),
      sum(({ bytes: { b } }) => b),
    ]);
    expect(hub.log.length).toBe(sum(({ requests }) => requests));
    expect(bytes.a + bytes.b).toBe(sum((cost) => cost.bytes.a + cost.bytes.b));
    const touched = pairs.filter(({ identical }) => !identical);
    if (!one.stored) expect(sent(`base-${i}.`)).toBe(touched.reduce((total, { a }) => total + spanLength(a.span), 0));
  });

  if (one.name.startsWith("DoRA in"))
    it("is cut between rows", async () => {
      const { plan } = await scanned(one);
      expect(plan.length).toBe(one.segment ? 1 : 3 * one.touched);
      for (const { b } of plan) expect((b?.from ?? 1) % (one.segment ? 1000 : 160)).toBe(0);
    });

  it("gives the same bits with three workers", async () => {
    expect((await scanned(one, { workers: 3 })).stats).toEqual((await scanned(one)).stats);
  });
});

/** As a comparison file has them. */
const plain = (stats: ScannedHere["stats"][number]) => JSON.parse(JSON.stringify(stats, lists));
const lists = (_: string, value: unknown) => (value instanceof Float64Array ? [...value] : value);

test.each(CASES.filter(({ name }) => !name.startsWith("DoRA")))(
  "$name alone has the norms of its updates",
  async (one) => {
    const { pairs, stats } = await scanned(one, { alone: true });
    const zeros = one.base.map((tensor) => ({ ...tensor, dtype: "F64", data: zerosOf(tensor) }));
    const { tuned } = mergedOracle(zeros, one.file, { scale: one.scale, spelling: spellingOf(one) });
    const updates = tuned.filter(({ name }) => name !== NORM);
    expect(pairs).toHaveLength(updates.length);
    for (const [i, update] of updates.entries()) {
      const squares = valuesOf(update).reduce((sum, value) => sum + value * value, 0);
      expect(stats[i].sumA2 / squares).toBeCloseTo(1, 9);
      expect(pairs[i].a.shape).toEqual(update.shape);
    }
    await hub.whenQuiet();
    // What a request skips at most is little; the base is not asked.
    expect(hub.log.every(({ url }) => url.includes("/adapter-"))).toBe(true);
  },
);

const zerosOf = ({ shape }: FixtureTensor) => new Uint8Array(shape.reduce((product, size) => product * size, 8));
