import { afterEach, describe, expect, it, vi } from "vitest";
import { Survey } from "../reading/survey.ts";
import { PIECE } from "../store/opening.ts";
import { checkpointOf } from "../store/testing/scripted-pool.ts";
import { saveComparison } from "./file/save-comparison.ts";
import { gridOf } from "./grid.ts";
import { inspect } from "./inspection.ts";
import { ShortTasks } from "./short-tasks.ts";
import { orderRows, tableRow } from "./table.ts";
import { largeComparison, numbersOf } from "./testing/large-comparison.ts";
import { largeTensors } from "./testing/large-tensors.ts";
import { readBack } from "./testing/read-back.ts";

const { comparison, results } = largeComparison(1000);
const { pairs } = comparison;

/** Counts how often work asks whether it should make room for others, and makes it do so every time. */
function makeRoomAlways(): { asked: () => number } {
  const full = vi.spyOn(ShortTasks.prototype, "full", "get").mockReturnValue(true);
  vi.spyOn(ShortTasks.prototype, "next").mockResolvedValue();
  return { asked: () => full.mock.calls.length };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a comparison of 47,644 pairs", () => {
  it("is held in far less than 6 KB a pair", () => {
    const shared = results.shared.length;
    const own = pairs.filter(({ index }) => !results.sharesHistograms(index)).length;
    expect([shared, own]).toEqual([61 * 3, pairs.length - 61 * 3 * 256]);
    expect((shared + own) * 6064).toBeLessThan(8e6);
  });

  it("comes from the worker in pieces that are one list", async () => {
    const checkpoint = checkpointOf("org/large", largeTensors());
    const survey = new Survey({
      ...{ open: async () => checkpoint, relocate: async (location) => location },
      ...{ search: async () => [], hurry: () => {} },
    });
    const options = { hub: "", demo: "" };
    const ref = { kind: "hub", repo: "org/large" } as const;
    const opened = await survey.open(1, "a", ref, options);
    await survey.open(1, "b", ref, options);
    expect(opened).not.toHaveProperty("tensors");
    const size = await survey.pair(1, "");
    const bytes = checkpoint.files[0].size - 100;
    expect([size.pairs, size.cost.bytes.a, size.cost.bytes.b]).toEqual([pairs.length, bytes, bytes]);
    const names: string[] = [];
    for (let from = 0; from < size.pairs; from += PIECE) {
      const piece = await survey.pairing(1, from, from + PIECE);
      expect(piece.pairs.length).toBeLessThanOrEqual(PIECE);
      names.push(...piece.pairs.map(({ name }) => name));
    }
    expect(names).toEqual(pairs.map(({ name }) => name));
    await survey.cancel(1);
    expect(await survey.pairing(1, 0, PIECE)).toEqual({ pairs: [], unpaired: [] });
  });

  it("is written and read back to the last bit, gzipped", async () => {
    const { file, name } = await saveComparison(comparison, results, "wasm");
    expect(name).toMatch(/\.auscult\.json\.gz$/);
    expect(file.size).toBeLessThan(16e6);
    const back = await readBack(file);
    expect(back.comparison.pairs.length).toBe(pairs.length);
    // One assertion for 47,644 pairs each: they are compared as text.
    const text = (of: Iterable<unknown>) => Array.from(of, (one) => JSON.stringify(one)).join("\n");
    expect(text(back.comparison.pairs.map(({ place }) => place)) === text(pairs.map(({ place }) => place))).toBe(true);
    expect(text(back.results) === text(results)).toBe(true);
    for (const { pairs: cell } of results.shared) expect(back.results.pooled(cell)).toEqual(results.pooled(cell));
  });

  it("asks after every pair whether others should have the main thread", async () => {
    const { asked } = makeRoomAlways();
    const { file } = await saveComparison(comparison, results, "wasm");
    expect(asked()).toBeGreaterThan(pairs.length);
    const before = asked();
    await readBack(file);
    // Once a stretch of text, once a pair made of it, once its numbers are in place.
    expect(asked() - before).toBeGreaterThan(2 * pairs.length);
  });

  it("is sorted as the language would, in tasks of a few hundred rows", async () => {
    const { asked } = makeRoomAlways();
    const rows = (await orderRows(comparison, results, { find: "", sort: "-normD" })) ?? expect.fail();
    const norms = pairs.map((pair) => (results.numbers(pair.index) ? Math.sqrt(numbersOf(pair).sumD2) : -1));
    const expected = pairs.map(({ index }) => index).sort((x, y) => norms[y] - norms[x]);
    expect([...rows]).toEqual(expected);
    expect(asked()).toBeGreaterThan(pairs.length + (pairs.length * Math.log2(pairs.length)) / 512);
  });

  it("is searched, numbers in names counting as numbers", async () => {
    const choice = { find: "LAYERS.7. .experts. gate_proj", sort: "-name" };
    const found = await orderRows(comparison, results, choice);
    const names = Array.from(found ?? [], (index) => tableRow(comparison, results, index).name);
    expect(names.slice(0, 2)).toEqual(
      ["255", "254"].map((expert) => `model.layers.7.mlp.experts.${expert}.gate_proj.weight`),
    );
    expect(names).toHaveLength(256);
  });

  it("shows an expert alone, with the cell that pools it", () => {
    const name = "model.layers.60.mlp.experts.200.up_proj.weight";
    const found = inspect(comparison, results, name) ?? expect.fail();
    const { index } = pairs.find((pair) => pair.name === name) ?? expect.fail();
    expect(found).toMatchObject({
      ...{ title: "Layer 60 · experts.up_proj, expert 200", cell: "experts.up_proj@60", state: "exact", stats: null },
      numbers: { count: 7168 * 2048, sumD2: numbersOf(pairs[index]).sumD2 },
    });
    expect([found.pairs.length, found.siblings.length]).toEqual([1, 256]);
    expect(gridOf(pairs, "matrix").layers).toHaveLength(61);
  });
});
