import { afterAll, afterEach, beforeAll, describe, expect, it, test } from "vitest";
import { baseOf, decodedOf, quantisedSamples } from "../../e2e/fixtures/quantised.ts";
import { type FixtureTensor, writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { contractBreaches } from "../kernels/compare-stats.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import { createReferenceEngine } from "../kernels/reference/reference-engine.ts";
import type { Pair } from "../pairing/pair.ts";
import { pairViews } from "../pairing/pair-views.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import { checkpointOf } from "../tensors/testing/memory-checkpoint.ts";
import { viewsOf } from "../tensors/views-of.ts";
import { costOf, type ScanCost } from "./read-plan.ts";
import { distinctBytes, type ScannedHere, scanHere } from "./testing/scan-here.ts";

const reference = createReferenceEngine();
const SEGMENT = 2048;

const SAMPLES = quantisedSamples().map((sample) => ({ sample, base: baseOf(sample), decoded: decodedOf(sample) }));
const slug = (scheme: string) => scheme.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
const FILES: Record<string, Uint8Array<ArrayBuffer>> = Object.fromEntries(
  SAMPLES.flatMap(({ sample, base }) => [
    [`${slug(sample.scheme)}.safetensors`, writeSafetensors(sample.tensors, { alignHeader: false })],
    [`${slug(sample.scheme)}-base.safetensors`, writeSafetensors([base])],
    // The weights before what they are scaled by, in another file.
    [`${slug(sample.scheme)}-1.safetensors`, writeSafetensors(sample.tensors.slice(0, 1))],
    [`${slug(sample.scheme)}-2.safetensors`, writeSafetensors(sample.tensors.slice(1))],
  ]),
);

let hub: HubServer;
beforeAll(async () => {
  hub = await startHub({ plain: { files: { files: FILES } } });
});
afterEach(async () => {
  await hub.whenQuiet();
  hub.log.length = 0;
});
afterAll(() => hub.close());

interface Operand {
  files: string[];
  config?: Record<string, unknown>;
}

const operandOf = ({ files, config }: Operand) =>
  viewsOf(
    checkpointOf(
      files.map((file) => FILES[file]),
      config,
    ),
  );
const locationsOf = ({ files }: Operand): FileLocation[] =>
  files.map((file) => ({
    ...{ kind: "http", url: `${hub.plain("files")}${file}`, size: FILES[file].length },
    ...{ resolver: `${hub.plain("files")}${file}?fresh` },
  }));

interface Scanned extends ScannedHere {
  pairs: Pair[];
  relocated: string[];
}

/** Scans a pair of operands. */
async function scanned(
  a: Operand,
  b: Operand | null,
  workers = 1,
  { expires, refused = 0 }: { expires?: number; refused?: number } = {},
): Promise<Scanned> {
  const { pairs, unpaired } = pairViews(operandOf(a), b && operandOf(b));
  expect(unpaired.filter(({ reason }) => !reason.endsWith("is no weight."))).toEqual([]);
  const relocated: string[] = [];
  const stale = (location: FileLocation): FileLocation =>
    location.kind === "http" && expires !== undefined
      ? { ...location, url: `${location.url}-stale`, expires }
      : location;
  const found = await scanHere({
    ...{ pairs, workers, refused, segmentElements: SEGMENT },
    locations: { a: locationsOf(a).map(stale), b: b ? locationsOf(b).map(stale) : [] },
    relocate: async (location) => {
      if (location.kind !== "http") return location;
      relocated.push(new URL(location.url).pathname.split("/").at(-1) ?? "");
      const { expires: _, ...fresh } = location;
      return { ...fresh, url: location.url.replace("-stale", "") };
    },
  });
  expect(found.state).toEqual({ status: "finished" });
  return { ...found, pairs, relocated };
}

function expected(a: FixtureTensor, b: FixtureTensor): PairStats {
  const [dtypeA, dtypeB] = [a.dtype as Dtype, b.dtype as Dtype];
  const count = a.shape.reduce((product, size) => product * size, 1);
  return reference.pairStats({ dtypeA, a: a.data, dtypeB, b: b.data, count });
}

describe.each(SAMPLES)("$sample.scheme", ({ sample, base, decoded }) => {
  const quantised: Operand = { files: [`${slug(sample.scheme)}.safetensors`], config: sample.config };
  const plain: Operand = { files: [`${slug(sample.scheme)}-base.safetensors`] };
  const scattered: Operand = { ...quantised, files: [1, 2].map((n) => `${slug(sample.scheme)}-${n}.safetensors`) };

  it("against the weights it came from has the numbers of its own, on either side", async () => {
    const forth = await scanned(plain, quantised);
    expect(forth.pairs.map(({ name, nameB, count }) => [name, nameB, count])).toEqual([
      [sample.name, sample.name, sample.values.length],
    ]);
    expect(contractBreaches(forth.stats[0], expected(base, decoded))).toEqual([]);
    const back = await scanned(quantised, plain);
    expect(contractBreaches(back.stats[0], expected(decoded, base))).toEqual([]);
  });

  it("takes the bytes and requests that the plan says", async () => {
    const { runs, costs, bytes } = await scanned(plain, quantised);
    await hub.whenQuiet();
    const sent = (file: string) =>
      hub.log.filter(({ url }) => url.includes(file)).reduce((sum, entry) => sum + entry.bytes, 0);
    const sum = (of: (cost: ScanCost) => number) => costs.reduce((total, cost) => total + of(cost), 0);
    expect([sent(plain.files[0]), sent(quantised.files[0])]).toEqual([
      sum(({ bytes: { a } }) => a),
      sum(({ bytes: { b } }) => b),
    ]);
    expect(hub.log.length).toBe(sum(({ requests }) => requests));
    // What was read twice, or only lay between, is not progress.
    expect([bytes.a, bytes.b]).toEqual([distinctBytes(runs, ({ a }) => a), distinctBytes(runs, ({ b }) => b)]);
  });

  it("gives the same bits with three workers, and from two files", async () => {
    const one = await scanned(plain, quantised);
    expect((await scanned(plain, quantised, 3)).stats).toEqual(one.stats);
    expect((await scanned(plain, scattered)).stats).toEqual(one.stats);
  });

  it("alone has its own norm", async () => {
    const { stats } = await scanned(quantised, null);
    expect(contractBreaches(stats[0], expected(decoded, decoded))).toEqual([]);
  });
});

test("addresses of files that hold nothing but scales are renewed as well", async () => {
  const [{ sample, base, decoded }] = SAMPLES;
  const files = [1, 2].map((n) => `${slug(sample.scheme)}-${n}.safetensors`);
  const plain = `${slug(sample.scheme)}-base.safetensors`;
  const { stats, relocated } = await scanned({ files: [plain] }, { files, config: sample.config }, 1, {
    expires: Date.now(),
  });
  expect(new Set(relocated)).toEqual(new Set([plain, ...files].map((file) => `${file}-stale`)));
  expect(contractBreaches(stats[0], expected(base, decoded))).toEqual([]);
  const late = await scanned({ files: [plain] }, { files, config: sample.config }, 1, { refused: 1 });
  expect(new Set(late.relocated)).toEqual(new Set([plain, ...files]));
  expect(late.stats).toEqual(stats);
});

test("neighbours that share a file of scales read them in one request", async () => {
  const name = (i: number) => `model.layers.${i}.mlp.up_proj.weight`;
  const scale = (i: number) => ({
    name: `${name(i)}_scale`,
    dtype: "F32",
    shape: [],
    data: new Uint8Array(4).fill(60),
  });
  const weight = (i: number) => ({
    name: name(i),
    dtype: "F8_E4M3",
    shape: [8, 8],
    data: new Uint8Array(64).fill(i + 50),
  });
  FILES["many.safetensors"] = writeSafetensors([scale(0), scale(1), scale(2), weight(0), weight(1), weight(2)]);
  const { plan, costs } = await scanned({ files: ["many.safetensors"] }, null);
  expect(costOf(plan)).toEqual({ bytes: { a: 3 * 64 + 3 * 4, b: 0, adapter: 0 }, requests: 2 });
  await hub.whenQuiet();
  expect(hub.log.length).toBe(2 * costs.length);
  expect(hub.log.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(3 * 64 + 3 * 4);
});
