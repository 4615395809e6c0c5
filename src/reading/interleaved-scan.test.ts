import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { contractBreaches } from "../kernels/compare-stats.ts";
import { createReferenceEngine } from "../kernels/reference/reference-engine.ts";
import { pairViews } from "../pairing/pair-views.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { checkpointOf } from "../tensors/testing/memory-checkpoint.ts";
import { viewsOf } from "../tensors/views-of.ts";
import { type ScannedHere, scanHere } from "./testing/scan-here.ts";

/* A fused matrix whose rows of q, k and v alternate by head: none of it is held whole, and none of it is read twice. */

const reference = createReferenceEngine();
const [HEADS, SIZE, COLUMNS] = [3, 64, 2048];
const PARTS = ["q", "k", "v"] as const;
const MODULE = "gpt_neox.layers.0.attention";
const FUSED = `${MODULE}.query_key_value.weight`;
const CONFIG = { model_type: "gpt_neox", num_attention_heads: HEADS, hidden_size: HEADS * SIZE };

/** Rows of the fused matrix that part `i` has, in its order. */
const rowsOf = (i: number): number[] =>
  Array.from({ length: HEADS * SIZE }, (_, row) => (Math.floor(row / SIZE) * 3 + i) * SIZE + (row % SIZE));
const rowsIn = (data: Uint8Array, rows: readonly number[]): Uint8Array => {
  const width = data.length / (3 * HEADS * SIZE);
  const out = new Uint8Array(rows.length * width);
  for (const [i, row] of rows.entries()) out.set(data.subarray(row * width, (row + 1) * width), i * width);
  return out;
};

const shape = [3 * HEADS * SIZE, COLUMNS];
/** Finite, and unlike from one element to the next. */
const bf16 = Uint8Array.from({ length: shape[0] * COLUMNS * 2 }, (_, i) =>
  i % 2 === 0 ? (i * 13) % 255 : 60 - (i % 5),
);
const moved = bf16.map((byte, i) => (i % 14 === 0 ? byte ^ 4 : byte));
const codes = Uint8Array.from({ length: shape[0] * COLUMNS }, (_, i) => (i * 7) % 127);
const scales = Float32Array.from({ length: shape[0] }, (_, row) => 2 ** -(row % 9));
/** Codes of E4M3 with a scale a row, as float32. */
const decoded = new Uint8Array(
  Float32Array.from(codes, (code, i) => {
    const [exponent, fraction] = [code >> 3, (code & 7) / 8];
    const value = exponent === 0 ? fraction * 2 ** -6 : (1 + fraction) * 2 ** (exponent - 7);
    return value * scales[Math.floor(i / COLUMNS)];
  }).buffer,
);

const CASES: { name: string; fused: FixtureTensor[]; as: { dtype: Dtype; data: Uint8Array } }[] = [
  { name: "BF16", fused: [{ name: FUSED, dtype: "BF16", shape, data: bf16 }], as: { dtype: "BF16", data: bf16 } },
  {
    name: "FP8 with a scale a row",
    fused: [
      { name: FUSED, dtype: "F8_E4M3", shape, data: codes },
      { name: `${FUSED}_scale`, dtype: "F32", shape: [shape[0], 1], data: new Uint8Array(scales.buffer) },
    ],
    as: { dtype: "F32", data: decoded },
  },
];

const split = writeSafetensors(
  PARTS.map((part, i) => ({
    ...{ name: `${MODULE}.${part}_proj.weight`, dtype: "BF16", shape: [HEADS * SIZE, COLUMNS] },
    data: rowsIn(moved, rowsOf(i)),
  })),
);
const files = CASES.map(({ fused }) => writeSafetensors(fused));

let hub: HubServer;
beforeAll(async () => {
  const fused = Object.fromEntries(files.map((file, i) => [`fused-${i}.safetensors`, file]));
  hub = await startHub({ plain: { files: { files: { ...fused, "split.safetensors": split } } } });
});
afterEach(async () => {
  await hub.whenQuiet();
  hub.log.length = 0;
});
afterAll(() => hub.close());

const at = (file: string, { length }: Uint8Array): FileLocation[] => [
  { kind: "http", url: `${hub.plain("files")}${file}`, size: length },
];

describe.each(CASES)("$name", ({ fused, as }) => {
  const i = files.findIndex((_, index) => CASES[index].fused === fused);
  const operands = {
    fused: viewsOf(checkpointOf([files[i]], CONFIG)),
    split: viewsOf(checkpointOf([split])),
  };

  async function scanned({ fusedIsA = true, workers = 1, segment = 2 ** 16 } = {}): Promise<ScannedHere> {
    const [own, other] = [at(`fused-${i}.safetensors`, files[i]), at("split.safetensors", split)];
    const [a, b] = fusedIsA ? [operands.fused, operands.split] : [operands.split, operands.fused];
    const { pairs, unpaired } = pairViews(a, b);
    expect([pairs.length, unpaired]).toEqual([3, []]);
    const locations = fusedIsA ? { a: own, b: other } : { a: other, b: own };
    const found = await scanHere({ pairs, locations, workers, segmentElements: segment });
    expect(found.state).toEqual({ status: "finished" });
    return found;
  }

  it.each([true, false])("has the numbers of its parts (the fused one is A: %s)", async (fusedIsA) => {
    const { stats } = await scanned({ fusedIsA });
    const [dtype, count] = [as.dtype, HEADS * SIZE * COLUMNS];
    for (const part of [0, 1, 2]) {
      const [own, other] = [rowsIn(as.data, rowsOf(part)), rowsIn(moved, rowsOf(part))];
      const expected = fusedIsA
        ? reference.pairStats({ dtypeA: dtype, a: own, dtypeB: "BF16", b: other, count })
        : reference.pairStats({ dtypeA: "BF16", a: other, dtypeB: dtype, b: own, count });
      expect(contractBreaches(stats[part], expected)).toEqual([]);
    }
  });

  it("is read once, and in pieces", async () => {
    const { plan, bytes } = await scanned();
    await hub.whenQuiet();
    const sent = (file: string) =>
      hub.log.filter(({ url }) => url.includes(file)).reduce((sum, entry) => sum + entry.bytes, 0);
    const stored = fused.reduce((sum, { data }) => sum + data.length, 0);
    expect([sent("fused"), sent("split")]).toEqual([stored, bf16.length]);
    expect([bytes.a, bytes.b]).toEqual([stored, bf16.length]);
    expect([...plan].filter(({ a, b }) => a.whole || b?.whole)).toEqual([]);
    expect(plan.length).toBe(3 * HEADS * 2);
  });

  it("gives the same bits with three workers", async () => {
    expect((await scanned({ workers: 3 })).stats).toEqual((await scanned()).stats);
  });
});
