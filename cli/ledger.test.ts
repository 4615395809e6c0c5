import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeFloats } from "../e2e/fixtures/encode.ts";
import { expertsPair } from "../e2e/fixtures/experts.ts";
import { llamaPair } from "../e2e/fixtures/models.ts";
import { type FixtureTensor, writeSafetensors } from "../e2e/fixtures/write-safetensors.ts";
import { readPathsBy } from "../src/bytes/path-opener.ts";
import { comparisonText } from "../src/comparing/file/comparison-file.ts";
import { createReferenceEngine } from "../src/kernels/reference/reference-engine.ts";
import { inProcessWorkers } from "../src/reading/in-process-workers.ts";
import { planReads } from "../src/reading/read-plan.ts";
import { localComputer } from "../src/reading/stretch-computer.ts";
import { fileSource } from "./file-source.ts";
import { Ledger, type SegmentRecord } from "./ledger.ts";
import { openComparison } from "./open-comparison.ts";
import { partText } from "./part-file.ts";
import { type CompareRequest, readArguments } from "./read-arguments.ts";
import { readPart } from "./read-part.ts";
import { readSegments } from "./read-segments.ts";
import { DEMO, ownFolder } from "./testing/command-line.ts";

readPathsBy(fileSource);
const reference = createReferenceEngine();

/** One tensor that takes many segments of 2048 elements beside others that take one, and values of all sizes. */
function longPair(): { base: FixtureTensor[]; tuned: FixtureTensor[] } {
  const { base, tuned } = llamaPair({ layers: 1, hidden: 64, seed: 9, nonFinite: 2 });
  const values = Array.from({ length: 20_000 }, (_, i) => Math.sin(i) * 10 ** (i % 9));
  const name = "model.layers.0.mlp.long.weight";
  const shape = [200, 100];
  base.push({ name, dtype: "F64", shape, data: encodeFloats(values, "F64") });
  tuned.push({
    name,
    dtype: "F64",
    shape,
    data: encodeFloats(
      values.map((v, i) => v * (1 + Math.cos(i) / 7)),
      "F64",
    ),
  });
  return { base, tuned };
}

const PAIRS = {
  "segments of many sizes": longPair(),
  "experts that share histograms": expertsPair({
    ...{ layers: 2, experts: 20, hidden: 72 },
    loudest: { layer: 1, expert: 3, change: 0.3 },
  }),
};

/** All segments of a pair of models, 2048 elements each, and what to put them together with. */
async function segmentsOf({ base, tuned }: { base: FixtureTensor[]; tuned: FixtureTensor[] }) {
  const folder = ownFolder();
  for (const [name, tensors] of Object.entries({ base, tuned }))
    writeFileSync(join(folder, `${name}.safetensors`), writeSafetensors(tensors));
  const request = readArguments(["compare", join(folder, "base.safetensors"), join(folder, "tuned.safetensors")]);
  const opened = await openComparison(request as CompareRequest, {
    ...{ hub: "http://127.0.0.1:1", cache: folder, offline: true, demo: DEMO, signal: new AbortController().signal },
    onWait: () => () => {},
  });
  const { comparison } = opened;
  const plan = planReads(comparison.pairs, 2048);
  const segments: SegmentRecord[] = [];
  const why = await readSegments({
    ...{ ...opened, plan, pairs: comparison.pairs, settled: [], signal: new AbortController().signal },
    ledger: { add: (segment) => segments.push(segment) },
    crew: { begin: inProcessWorkers(2, localComputer(reference, reference)), end: async () => {} },
    onBytes: () => {},
    onWait: () => () => {},
  });
  expect(why).toBeNull();
  expect(segments).toHaveLength(plan.length);
  return { comparison, segments, folder };
}

const head = {
  index: 1,
  of: 1,
  left: 9,
  plan: { elements: 2048, segments: 1, bytes: 1 },
  contents: { a: [null], b: [null] },
};

describe.each(Object.entries(PAIRS))("%s", (_, models) => {
  test("are the same text in any order, put aside and taken up at any place", async () => {
    const { comparison, segments, folder } = await segmentsOf(models);
    const textOfAll = (ledger: Ledger) => [...comparisonText(comparison, ledger.outcomes, "reference")].join("");
    const whole = new Ledger(comparison.pairs);
    for (const segment of segments) whole.add(segment);
    const backwards = new Ledger(comparison.pairs);
    for (const segment of segments.toReversed()) backwards.add(segment);
    expect(textOfAll(backwards) === textOfAll(whole)).toBe(true);
    expect([...whole.segments()]).toEqual([]);

    // What the page's own collector makes of them is the same: a pair is the sum of its segments by their place.
    for (const share of [0.1, 0.35, 0.5, 0.8]) {
      const order = segments.map((_, i) => segments[(i * 7) % segments.length]);
      const unique = [...new Set([...order, ...segments])];
      const cut = Math.floor(share * unique.length);
      const before = new Ledger(comparison.pairs);
      for (const segment of unique.slice(0, cut)) before.add(segment);
      const path = join(folder, `${share}.json`);
      writeFileSync(path, [...partText(comparison, before, "reference", head)].join(""));
      const found = await readPart(path);
      if (found.kind !== "part") throw new Error(`It is ${found.kind}.`);
      const { saved } = found;
      expect(saved.part).toEqual(head);
      const after = new Ledger(saved.comparison.pairs);
      after.take(saved.outcomes);
      for (const segment of saved.segments) after.add(segment);
      expect([...after.segments()].length).toBe([...before.segments()].length);
      for (const segment of unique.slice(cut)) after.add(segment);
      const merged = [...comparisonText(saved.comparison, after.outcomes, "reference")].join("");
      expect(merged === textOfAll(whole)).toBe(true);
    }
  });

  test("count once, however often they are heard of", async () => {
    const { comparison, segments } = await segmentsOf(models);
    const ledgers = [new Ledger(comparison.pairs), new Ledger(comparison.pairs)];
    for (const segment of segments) ledgers[0].add(segment);
    for (const segment of [...segments, ...segments.slice(3)]) ledgers[1].add(segment);
    const [once, often] = ledgers.map(({ outcomes }) =>
      [...comparisonText(comparison, outcomes, "reference")].join(""),
    );
    expect(often === once).toBe(true);
  });
});
