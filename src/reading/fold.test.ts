import { afterAll, beforeAll, expect, it, test } from "vitest";
import { peftAdapter } from "../../e2e/fixtures/adapters.ts";
import { llamaPair } from "../../e2e/fixtures/models.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { valuesOf } from "../../e2e/float64-oracle.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { readAdapter } from "../adapters/read-adapter.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { createReferenceEngine } from "../kernels/reference/reference-engine.ts";
import { type Operand, pairOperands } from "../pairing/pair-operands.ts";
import { checkpointOf } from "../tensors/testing/memory-checkpoint.ts";
import { FOLDS } from "./folds/fold-list.ts";
import type { FoldName } from "./folds/fold-parts.ts";
import { inProcessWorkers } from "./in-process-workers.ts";
import { planReads } from "./read-plan.ts";
import { scanToEnd } from "./scan-to-end.ts";
import { localComputer } from "./stretch-computer.ts";

const { base, tuned } = llamaPair({ layers: 2, hidden: 120, vocab: 16, seed: 3 });
const LORA = peftAdapter(base, { modules: /\.(?:q|o)_proj\.weight$/ });
const FILES = {
  "a.safetensors": writeSafetensors(base),
  "b.safetensors": writeSafetensors(tuned),
  "lora.safetensors": LORA["adapter_model.safetensors"],
};
const ALL = Object.keys(FOLDS) as FoldName[];

let hub: HubServer;
beforeAll(async () => {
  hub = await startHub({ plain: { files: { files: FILES } } });
});
afterAll(() => hub.close());

const model = (file: keyof typeof FILES): Operand => ({ checkpoint: checkpointOf([FILES[file]]), adapter: null });
function lora(): Operand {
  const adapter = JSON.parse(LORA["adapter_config.json"]) as Record<string, unknown>;
  const checkpoint = { ...checkpointOf([LORA["adapter_model.safetensors"]]), adapter };
  return { checkpoint, adapter: readAdapter(checkpoint) };
}
const { pairs } = pairOperands(model("a.safetensors"), model("b.safetensors"), null, lora());
const reference = createReferenceEngine();

async function scanned(folds: readonly FoldName[], { workers = 1, segment = 4096 } = {}) {
  hub.log.length = 0;
  const at = (name: keyof typeof FILES): FileLocation[] => [
    { kind: "http", url: `${hub.plain("files")}${name}`, size: FILES[name].length },
  ];
  const found = await scanToEnd({
    pairs,
    plan: planReads(pairs, segment),
    folds,
    locations: { a: at("a.safetensors"), b: at("b.safetensors"), adapter: at("lora.safetensors") },
    relocate: async (location) => location,
    startWorkers: inProcessWorkers(workers, localComputer(reference, reference)),
  });
  await hub.whenQuiet();
  expect(found.state).toEqual({ status: "finished" });
  return { ...found, sent: hub.log.reduce((sum, { bytes }) => sum + bytes, 0) };
}

it("has several computed in the one pass over the bytes, each as if it were alone", async () => {
  const together = await scanned(ALL);
  for (const name of ALL) {
    const alone = await scanned([name]);
    expect(alone.results.map((result) => result?.[name])).toEqual(together.results.map((result) => result?.[name]));
    expect(alone.sent).toBe(together.sent);
  }
});

it("gives the same bits whatever the number of workers", async () => {
  expect((await scanned(ALL, { workers: 3 })).results).toEqual((await scanned(ALL)).results);
});

it("says nothing of what is not a fold's", async () => {
  const { results } = await scanned(ALL);
  expect(pairs.filter((_, i) => results[i]?.deltas).map(({ adapter }) => adapter?.update?.rank)).toEqual([4, 4, 4, 4]);
  for (const [i, { a }] of pairs.entries())
    expect(results[i]?.profile !== undefined).toBe(a.shape.length > 1 || a.count > 1);
});

test.each([4096, 2048])("has the norms of every row and column, cut at %i elements", async (segment) => {
  const { results } = await scanned(["profile"], { segment });
  const elementsOf = (list: FixtureTensor[], name: string) => {
    const tensor = list.find((one) => one.name === name);
    if (!tensor) throw new Error(`There is no ${name}.`);
    return valuesOf(tensor);
  };
  const matrices = pairs.filter(({ a }) => a.shape.length === 2);
  expect(matrices.length).toBeGreaterThan(4);
  for (const { index, name, a } of matrices) {
    const [x, y] = [elementsOf(base, name), elementsOf(tuned, name)];
    const [rows, columns] = a.shape;
    const norm = (from: number, step: number, count: number) =>
      Math.sqrt(
        Array.from({ length: count }, (_, i) => Math.fround(y[from + i * step] - x[from + i * step]) ** 2).reduce(
          (sum, square) => sum + square,
        ),
      );
    const found = results[index]?.profile;
    if (!found) throw new Error(`Nothing was found for ${name}.`);
    expect([found.rows.d.length, found.columns.d.length, found.nonFinite]).toEqual([rows, columns, 0]);
    for (let row = 0; row < rows; row++) expect(found.rows.d[row]).toBeCloseTo(norm(row * columns, 1, columns), 9);
    for (let column = 0; column < columns; column++)
      expect(found.columns.d[column]).toBeCloseTo(norm(column, columns, rows), 9);
  }
});
