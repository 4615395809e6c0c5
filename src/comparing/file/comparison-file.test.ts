import { gzipSync } from "node:zlib";
import { describe, expect, it, test } from "vitest";
import { emptyPairStats, type PairStats } from "../../kernels/pair-stats.ts";
import type { Pair, Unpaired } from "../../pairing/pair.ts";
import type { TableEncoding } from "../../tensors/encoding.ts";
import type { PairOutcome } from "../outcome.ts";
import { OutcomeList } from "../outcome-list.ts";
import { orderRows, tableRow } from "../table.ts";
import { readBack } from "../testing/read-back.ts";
import { comparisonOf, outcomeOf, pairsOf } from "../testing/sample-comparison.ts";
import { comparisonFile, comparisonText } from "./comparison-file.ts";
import { ComparisonFileError } from "./read-comparison-file.ts";

const PAIRS = pairsOf([
  ["model.embed_tokens.weight", [2, 3]],
  ["model.layers.0.self_attn.o_proj.weight", [2, 2]],
  ["model.layers.0.mlp.experts.3.down_proj.weight", [2, 2]],
  ["model.layers.1.self_attn.o_proj.weight", [2, 2]],
]);
const UNPAIRED: Unpaired[] = [{ side: "b", name: "lm_head.weight", reason: "A has no tensor of this name." }];
const COMPARISON = comparisonOf(PAIRS, UNPAIRED);
const RESULTS: (PairOutcome | null)[] = [
  outcomeOf([1, -2, 0, 0.5, 1e-30, 3], [1.1, -2, 0.25, 0, 1e-30, 1e30]),
  outcomeOf([Number.NaN, 1, 1, 1], [1, Number.POSITIVE_INFINITY, 1.003, 1]),
  { ...outcomeOf([5, 6], [5, 6.5], 0.5), engine: "wasm" },
  null,
];

type Outcomes = readonly (PairOutcome | null)[];
const saved = (comparison = COMPARISON, results: Outcomes = RESULTS) =>
  comparisonFile(comparison, OutcomeList.of(comparison.pairs, results), "reference");
const textOf = (comparison = COMPARISON, results: Outcomes = RESULTS) => [
  ...comparisonText(comparison, OutcomeList.of(comparison.pairs, results), "reference"),
];
const roundTrip = (comparison = COMPARISON, results: Outcomes = RESULTS) =>
  readBack(new Blob(textOf(comparison, results), { type: "application/json" }));

describe("a comparison file", () => {
  it("names its contract, its operands and every pair", () => {
    const { pairs, ...file } = saved();
    expect(file).toEqual({
      ...{ format: "auscult-comparison", version: 1, contract: "pair-stats-1", engine: "reference" },
      app: expect.stringMatching(/^auscult \d+\.\d+\.\d+$/),
      a: { ref: COMPARISON.a.ref, revision: COMPARISON.a.revision, files: COMPARISON.a.files },
      b: { ref: "https://files.test/tuned/", revision: null, files: COMPARISON.b?.files },
      unpaired: UNPAIRED,
    });
    expect(pairs.map(({ stats, ...pair }) => ({ ...pair, counted: stats?.count ?? null }))).toEqual([
      {
        ...{ name: "model.embed_tokens.weight", nameB: "model.embed_tokens.weight", layer: null, role: "embed.tok" },
        ...{ module: "embed_tokens", shape: [2, 3], dtypeA: "F32", dtypeB: "F32", coverage: 1, counted: 6 },
      },
      {
        ...{ name: PAIRS[1].name, nameB: PAIRS[1].name, layer: 0, role: "attn.o", module: "o_proj" },
        ...{ shape: [2, 2], dtypeA: "F32", dtypeB: "F32", coverage: 1, counted: 4 },
      },
      {
        ...{ name: PAIRS[2].name, nameB: PAIRS[2].name, layer: 0, role: "moe.expert.down", expert: 3 },
        ...{ module: PAIRS[2].place.module, shape: [2, 2], dtypeA: "F32", dtypeB: "F32", coverage: 0.5 },
        ...{ engine: "wasm", counted: 2 },
      },
      {
        ...{ name: PAIRS[3].name, nameB: PAIRS[3].name, layer: 1, role: "attn.o", module: "o_proj" },
        ...{ shape: [2, 2], dtypeA: "F32", dtypeB: "F32", coverage: 0, counted: null },
      },
    ]);
  });

  it("says how a tensor was stored, by its scheme where it is decoded, and so does the table when it is read back", async () => {
    const encoding: TableEncoding = {
      ...({ scheme: "table", name: "NF4", first: 0, bits: 4 } as const),
      ...{ auxiliary: [], blockSize: 64, nested: null },
    };
    const narrow = { scheme: "narrow", name: "F8_E8M0", first: 0, bits: 8, dtype: "F8_E8M0", auxiliary: [] } as const;
    const [first, second, ...rest] = PAIRS;
    const pairs: Pair[] = [
      { ...first, b: { ...first.a, encoding } },
      { ...second, a: { ...second.a, encoding: narrow } },
      ...rest,
    ];
    const comparison = { ...COMPARISON, pairs };
    const file = saved(comparison);
    const types = file.pairs.map(({ dtypeA, dtypeB }) => `${dtypeA} ${dtypeB}`);
    expect(types).toEqual(["F32 NF4", "F8_E8M0 F32", "F32 F32", "F32 F32"]);
    const back = await roundTrip(comparison);
    expect(comparisonFile(back.comparison, back.results, "reference")).toEqual(file);
    expect(back.comparison.pairs.map(({ b }) => b?.dtype)).toEqual(["F32", "F32", "F32", "F32"]);
    expect(tableRow(back.comparison, back.results, 0).dtype).toBe("F32 → NF4");
    const found = await orderRows(back.comparison, back.results, { find: "nf4", sort: "" });
    expect([...(found ?? [])]).toEqual([0]);
  });

  it("keeps the rule by which B's names were rewritten, and says nothing of one that there is not", async () => {
    const ruled = { ...COMPARISON, rename: "^net\\. => model." };
    expect([saved(ruled).rename, "rename" in saved()]).toEqual([ruled.rename, false]);
    expect((await roundTrip(ruled)).comparison.rename).toBe(ruled.rename);
    const odd = JSON.stringify({ ...saved(), rename: 3 });
    await expect(readBack(new Blob([odd]))).rejects.toThrow(/not a comparison saved by Auscult/);
  });

  it("holds plain data only", () => {
    const file = saved();
    expect(JSON.parse(JSON.stringify(file))).toEqual(file);
  });

  it("can be asked for some of its pairs", () => {
    const file = comparisonFile(
      COMPARISON,
      OutcomeList.of(PAIRS, RESULTS),
      "reference",
      ({ role }) => role === "attn.o",
    );
    expect(file.pairs.map(({ name }) => name)).toEqual([PAIRS[1].name, PAIRS[3].name]);
    expect(file.unpaired).toEqual(UNPAIRED);
  });

  it("is written in pieces of a pair each that make one JSON text", () => {
    const pieces = textOf();
    expect(JSON.parse(pieces.join(""))).toEqual(saved());
    expect(pieces.filter((piece) => piece.includes("dtypeA"))).toHaveLength(PAIRS.length);
    expect(JSON.parse(textOf(comparisonOf([]), []).join(""))).toEqual(saved(comparisonOf([]), []));
  });
});

describe("read back", () => {
  it("has the same numbers to the last bit", async () => {
    const { comparison, results } = await roundTrip();
    expect([...results]).toEqual(RESULTS);
    expect(comparison.id).toBe(99);
    expect(comparison.unpaired).toEqual(UNPAIRED);
    expect(comparison.pairs.map(({ place }) => place)).toEqual(PAIRS.map(({ place }) => place));
    expect(comparison.pairs.map(({ a, b }) => [a.name, a.dtype, a.shape, a.count, b?.dtype])).toEqual(
      PAIRS.map(({ a, b }) => [a.name, a.dtype, a.shape, a.count, b?.dtype]),
    );
  });

  it("says the same when it is saved again", async () => {
    const { comparison, results } = await roundTrip();
    expect(comparisonFile(comparison, results, "reference")).toEqual(saved());
  });

  it("calls a pinned repo by its name", async () => {
    const { comparison } = await roundTrip();
    expect([comparison.a.label, comparison.a.revision]).toEqual(["org/base", COMPARISON.a.revision]);
  });

  it("knows one model alone", async () => {
    const alone = comparisonOf(pairsOf([["w.weight", [2, 2]]], true));
    const results = [outcomeOf([1, 2, 3, 4], [1, 2, 3, 4])];
    const { comparison, results: back } = await roundTrip(alone, results);
    expect([comparison.b, comparison.pairs[0].b]).toEqual([null, null]);
    expect([...back]).toEqual(results);
  });

  it("may be gzipped", async () => {
    const { comparison, results } = await readBack(new Blob([gzipSync(textOf().join(""))]));
    expect(comparisonFile(comparison, results, "reference")).toEqual(saved());
  });

  it("keeps sums that left the range of numbers", async () => {
    // F64 tensors beyond 1e154 have squares that no float64 holds; JSON has no word for infinity.
    const [first, ...rest] = RESULTS as [PairOutcome, ...(PairOutcome | null)[]];
    const huge = {
      ...first,
      stats: { ...(first.stats as PairStats), sumA2: Number.POSITIVE_INFINITY, sumAD: Number.NaN },
    };
    const { results } = await roundTrip(COMPARISON, [huge, ...rest]);
    const { sumA2, sumAD, ...numbers } = results.at(0)?.stats ?? emptyPairStats();
    expect(first.stats).toMatchObject(numbers);
    expect([sumA2, sumAD].map(Number.isFinite)).toEqual([false, false]);
  });
});

interface Written extends Record<string, unknown> {
  pairs: (Record<string, unknown> & { stats: Record<string, unknown> & { relative: Record<string, unknown> } })[];
}

/** The file with something done to it. */
function damaged(damage: (file: Written) => unknown): Blob {
  const file = JSON.parse(textOf().join("")) as Written;
  damage(file);
  return new Blob([JSON.stringify(file)]);
}
/** The file without one member of something in it. */
const without = (key: string, of: (file: Written) => object = (file) => file) =>
  damaged((file) => Reflect.deleteProperty(of(file), key));
const withSlots = (slots: unknown) =>
  damaged(({ pairs }) => Object.assign(pairs[0].stats.relative, { positive: slots }));

const NO_JSON = /not readable as JSON/;
const NO_COMPARISON = /not a comparison/;
const BROKEN = /embed_tokens\.weight .*(incomplete|damaged)/;
const DAMAGED = /incomplete|damaged/;

const FILES: [what: string, file: () => Blob, sentence: RegExp][] = [
  ["nothing", () => new Blob([]), NO_JSON],
  ["text", () => new Blob(["Hello."]), NO_JSON],
  ["a file cut short", () => new Blob([textOf().join("").slice(0, -50)]), NO_JSON],
  ["a gzip cut short", () => new Blob([gzipSync(textOf().join("")).subarray(0, 400)]), NO_JSON],
  ["gzip's first two bytes", () => new Blob([Uint8Array.of(0x1f, 0x8b)]), NO_JSON],
  ["null", () => new Blob(["null"]), NO_COMPARISON],
  ["a number", () => new Blob(["7"]), NO_COMPARISON],
  ["a list", () => new Blob(["[]"]), NO_COMPARISON],
  ["a config.json", () => new Blob(['{"model_type":"llama"}']), NO_COMPARISON],
  ["no list of pairs", () => damaged((file) => Object.assign(file, { pairs: {} })), NO_COMPARISON],
  ["no operand", () => without("a"), NO_COMPARISON],
  ["an operand without a reference", () => damaged((file) => Object.assign(file, { a: { files: [] } })), NO_COMPARISON],
  ["an operand B that is none", () => damaged((file) => Object.assign(file, { b: 7 })), NO_COMPARISON],
  ["no list of what is in no pair", () => damaged((file) => Object.assign(file, { unpaired: 7 })), NO_COMPARISON],
  ["a later version", () => damaged((file) => Object.assign(file, { version: 2 })), /another version .*version 2/],
  [
    "another contract",
    () => damaged((file) => Object.assign(file, { contract: "pair-stats-9" })),
    /another version .*pair-stats-9/,
  ],
  ["a pair that is null", () => damaged((file) => Object.assign(file, { pairs: [null] })), DAMAGED],
  ["a pair without a shape", () => without("shape", ({ pairs }) => pairs[0]), DAMAGED],
  ["a pair without a name", () => without("name", ({ pairs }) => pairs[0]), DAMAGED],
  ["a pair that does not speak of its numbers", () => without("stats", ({ pairs }) => pairs[0]), DAMAGED],
  ["numbers that are none", () => damaged(({ pairs }) => Object.assign(pairs[0], { stats: 7 })), BROKEN],
  ...Object.keys(emptyPairStats()).map((key): [string, () => Blob, RegExp] => [
    `no ${key}`,
    () => without(key, ({ pairs }) => pairs[0].stats),
    BROKEN,
  ]),
  ["too few slots", () => withSlots(new Array(258).fill(0)), BROKEN],
  ["a slot that is no number", () => withSlots([...new Array(258).fill(0), "1"]), BROKEN],
  ["slots that are no list", () => withSlots({ length: 259 }), BROKEN],
];

describe("a file that is no comparison, or a damaged one,", () => {
  test.each(FILES)("says so: %s", async (_, file, sentence) => {
    const failure = await readBack(file()).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(ComparisonFileError);
    expect(failure).toMatchObject({ message: expect.stringMatching(sentence) });
  });
});
