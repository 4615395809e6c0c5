import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readBack } from "../testing/read-back.ts";
import { type ComparisonFile, comparisonText } from "./comparison-file.ts";

/** Reads a file and writes it again: to be adapted where the form between changes, the files never. */
async function writtenAgain(file: Blob): Promise<string> {
  const { comparison, results, engine } = await readBack(file);
  return [...comparisonText(comparison, results, engine)].join("");
}

type Proof = (file: ComparisonFile) => boolean;
const by =
  (engine: string): Proof =>
  (file) =>
    file.engine === engine && file.pairs.length === 75 && file.pairs.every(({ coverage }) => coverage === 1);
const ofType =
  (dtype: string): Proof =>
  ({ pairs }) =>
    pairs.some(({ dtypeB }) => dtypeB === dtype);

/** Every file, and what it is there for. */
const FILES: [name: string, proof: Proof][] = [
  ["demo-tuned-wgsl", by("wgsl")],
  ["demo-tuned-wasm", by("wasm")],
  ["demo-tuned-reference", by("reference")],
  ["demo-rescaled", by("wasm")],
  ["alone", ({ b }) => b === null],
  ["sharded", ({ a, b }) => a.files.length === 3 && b?.files.length === 4],
  ["local-folders", ({ a, b }) => a.ref === "local:my base" && b?.ref === "local:my tuned"],
  ["quantised-fp8", ofType("FP8 E4M3, blocks of 128 × 128")],
  ["quantised-nf4", ofType("NF4")],
  ["adapter-over-base", ({ b, pairs }) => b?.adapter === true && pairs.some(({ identical }) => identical)],
  ["adapter-dora", ({ b }) => b?.adapter === true],
  ["adapter-beside-tuned", ({ adapter, pairs }) => adapter !== undefined && pairs.some(({ deltas }) => deltas)],
  ["adapter-alone", ({ a, b }) => a.adapter === true && b === null],
  ["experts", ({ pairs, shared }) => shared?.length === 6 && pairs.some(({ stats }) => stats && "counts" in stats)],
  ["renamed", ({ rename, pairs }) => rename !== undefined && pairs.some(({ name, nameB }) => name !== nameB)],
  ["whole-numbers", ({ engine, pairs }) => engine === "wasm" && pairs.some((pair) => pair.engine === "reference")],
  ["not-finite", ({ pairs, unpaired }) => unpaired.length === 4 && pairs.some(({ stats }) => stats?.nonFinite)],
  ["stopped", ({ pairs }) => pairs.some(({ coverage, stats }) => coverage > 0 && coverage < 1 && stats)],
  ["stopped-early", ({ pairs }) => pairs.some(({ stats }) => stats === null) && pairs.some(({ stats }) => stats)],
];

const ANY_APP = { app: expect.stringMatching(/^auscult \d+\.\d+\.\d+$/) };

describe.each(FILES)("the released file %s", (name, proof) => {
  const zipped = readFileSync(new URL(`../../../e2e/released/${name}.auscult.json.gz`, import.meta.url));
  const text = gunzipSync(zipped).toString();
  const file = JSON.parse(text) as ComparisonFile;

  test("is what it is there for", () => {
    expect(proof(file)).toBe(true);
  });

  test.each([
    ["gzipped", zipped],
    ["plain", text],
  ])("has the same numbers when it is read %s and saved again", async (_, content) => {
    expect(JSON.parse(await writtenAgain(new Blob([content])))).toEqual({ ...file, ...ANY_APP });
  });
});
