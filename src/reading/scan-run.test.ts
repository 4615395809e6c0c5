import { afterAll, afterEach, beforeAll, describe, expect, it, test, vi } from "vitest";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { contractBreaches } from "../kernels/compare-stats.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import { createReferenceEngine } from "../kernels/reference/reference-engine.ts";
import type { Pair } from "../pairing/pair.ts";
import { planReads } from "./read-plan.ts";
import type { Run } from "./run.ts";
import { CHUNK_ELEMENTS, type RunHooks, scanRun } from "./scan-run.ts";
import type { Segment } from "./segment.ts";
import { localComputer, type StretchComputer } from "./stretch-computer.ts";
import { type SampleTensor, samplePairs } from "./testing/sample-pairs.ts";
import { type Draw, seededDraw } from "./testing/seeded-draw.ts";

const reference = createReferenceEngine();
const computer = localComputer(reference, reference);
const MIB = 2 ** 20;

/** Any bits at all, but for the halves of B's bytes that are A's. */
function randomFiles(draw: Draw): { a: Uint8Array<ArrayBuffer>; b: Uint8Array<ArrayBuffer> } {
  const a = Uint8Array.from({ length: 2 * MIB }, () => draw(256));
  const b = a.slice();
  for (let at = 0; at < b.length; at += 1 + draw(40)) b[at] = draw(256);
  return { a, b };
}
const FILES = randomFiles(seededDraw(5));
/** So long that no buffer on the way holds it whole. */
const LONG = new Uint8Array(64 * MIB);

let hub: HubServer;
beforeAll(async () => {
  const files = { "a.bin": FILES.a, "b.bin": FILES.b, "long-a.bin": LONG, "long-b.bin": LONG };
  hub = await startHub({ plain: { files: { files } } });
});
afterEach(async () => {
  await hub.whenQuiet();
  hub.set({
    only: undefined,
    truncateAfter: undefined,
    resetAfter: undefined,
    changeEtag: undefined,
    noRanges: undefined,
  });
  hub.log.length = 0;
});
afterAll(() => hub.close());

const served = (name: string, size: number): FileLocation => ({
  ...{ kind: "http", url: `${hub.plain("files")}${name}`, size, etag: `"${name}-${size}"` },
});
const blob = (bytes: Uint8Array<ArrayBuffer>): FileLocation => ({
  kind: "blob",
  blob: new Blob([bytes]),
  size: bytes.length,
});

/** All segments of the pairs as one run. */
function runOf(pairs: Pair[], elements: number, a: FileLocation, b: FileLocation): Run {
  const segments = [...planReads(pairs, elements)];
  return {
    id: 1,
    segments,
    folds: ["stats"],
    files: { a: new Map([[0, a]]), b: new Map([[0, b]]), adapter: new Map() },
  };
}

const long = (): Run => {
  const pairs = samplePairs([{ count: LONG.length, a: ["U8", 0, 0], b: ["U8", 0, 0] }]);
  return runOf(pairs, 2 * MIB, served("long-a.bin", LONG.length), served("long-b.bin", LONG.length));
};

/** Looks at one element of a stretch and says that it has seen them all. */
const glancing: StretchComputer = {
  engineFor: () => "reference",
  compute: ({ count, ...stretch }) => {
    const stats = reference.pairStats({ ...stretch, count: 1 });
    return { stats: { ...stats, count }, a: stretch.a, b: stretch.b };
  },
};

/** Runs and gathers what it says. */
async function scanned(run: Run, hooks: Partial<RunHooks> = {}, by: StretchComputer = computer) {
  const seen = { bytes: { a: 0, b: 0, adapter: 0 }, segments: [] as Segment[], stats: [] as PairStats[] };
  await scanRun(run, by, {
    signal: new AbortController().signal,
    endEarly: () => false,
    onBytes: (side, bytes) => {
      seen.bytes[side] += bytes;
    },
    onSegment: (segment, { stats }) => {
      seen.segments.push(segment);
      if (stats) seen.stats.push(stats);
    },
    ...hooks,
  });
  return seen;
}

/** The reference engine on a segment's bytes as they lie in the files. */
function directly({ count, a: ofA, b: ofB }: Segment): PairStats {
  const a = FILES.a.slice(ofA.span.begin, ofA.span.end);
  const b = ofB ? FILES.b.slice(ofB.span.begin, ofB.span.end) : a;
  return reference.pairStats({ dtypeA: ofA.dtype, a, dtypeB: (ofB ?? ofA).dtype, b, count });
}

/** What is read in one go, and in segments of how many elements. */
const RUNS: { name: string; tensors: SampleTensor[]; elements: number }[] = [
  { name: "one tensor", tensors: [{ count: 5000, a: ["BF16", 0, 64], b: ["BF16", 0, 128] }], elements: 2048 },
  {
    name: "a tensor of several chunks",
    tensors: [{ count: CHUNK_ELEMENTS + 77, a: ["I8", 0, 10], b: ["I8", 0, 10] }],
    elements: 1e9,
  },
  {
    name: "tensors at odd bytes, of another dtype on each side",
    tensors: [
      { count: 3001, a: ["BF16", 0, 33], b: ["F32", 0, 7] },
      { count: 555, a: ["F16", 0, 33 + 6002], b: ["F32", 0, 7 + 12004] },
      { count: 99, a: ["F32", 0, 33 + 6002 + 1110], b: ["BF16", 0, 7 + 12004 + 2220] },
    ],
    elements: 2048,
  },
  {
    name: "gaps on either side",
    tensors: [
      { count: 700, a: ["F16", 0, 0], b: ["F16", 0, 1000] },
      { count: 700, a: ["F16", 0, 1401], b: ["F16", 0, 2400] },
      { count: 700, a: ["F16", 0, 2801], b: ["F16", 0, 60_000] },
    ],
    elements: 2048,
  },
  {
    name: "integers and doubles",
    tensors: [
      { count: 1000, a: ["I8", 0, 3], b: ["F64", 0, 3] },
      { count: 1000, a: ["F64", 0, 1003], b: ["I16", 0, 8003] },
    ],
    elements: 2048,
  },
  {
    name: "one model alone",
    tensors: [
      { count: 4000, a: ["BF16", 0, 11], b: null },
      { count: 100, a: ["F32", 0, 9000], b: null },
    ],
    elements: 2048,
  },
  {
    name: "the end of a file",
    tensors: [{ count: 50, a: ["F32", 0, 2 * MIB - 200], b: ["U8", 0, 2 * MIB - 50] }],
    elements: 32,
  },
];

describe.each(["http", "blob"])("scanRun over %s", (kind) => {
  const locations = (): [FileLocation, FileLocation] =>
    kind === "blob" ? [blob(FILES.a), blob(FILES.b)] : [served("a.bin", 2 * MIB), served("b.bin", 2 * MIB)];

  test.each(RUNS)("gives the numbers of $name", async ({ tensors, elements }) => {
    const run = runOf(samplePairs(tensors), elements, ...locations());
    const { segments, stats, bytes } = await scanned(run);
    expect(segments).toEqual(run.segments);
    for (const [i, segment] of segments.entries()) expect(contractBreaches(stats[i], directly(segment))).toEqual([]);
    const [first, last] = [run.segments[0], run.segments[run.segments.length - 1]];
    expect(bytes.a).toBe(last.a.span.end - first.a.span.begin);
    expect(bytes.b).toBe(last.b && first.b ? last.b.span.end - first.b.span.begin : 0);
  });

  it("gives the same bits when it is done again", async () => {
    const run = () => runOf(samplePairs(RUNS[0].tensors), 2048, ...locations());
    expect((await scanned(run())).stats).toEqual((await scanned(run())).stats);
  });
});

describe("scanRun", () => {
  it("asks for one range a side and for nothing else", async () => {
    await scanned(runOf(samplePairs(RUNS[3].tensors), 300, served("a.bin", 2 * MIB), served("b.bin", 2 * MIB)));
    expect(hub.log.map(({ url, range }) => `${url} ${range}`).sort()).toEqual([
      "/plain/files/a.bin bytes=0-4200",
      "/plain/files/b.bin bytes=1000-61399",
    ]);
  });

  it("never reads ahead of the chunk that is computed", async () => {
    const ahead = { a: 0, b: 0 };
    const most = { a: 0, b: 0 };
    const slow: StretchComputer = {
      engineFor: () => "reference",
      async compute(stretch) {
        // Time for anything that is read without being asked for to arrive.
        for (let i = 0; i < 20; i++) await new Promise((resolve) => setImmediate(resolve));
        ahead.a -= stretch.a.length;
        ahead.b -= stretch.b.length;
        return glancing.compute(stretch);
      },
    };
    const onBytes: RunHooks["onBytes"] = (side, bytes) => {
      if (side === "adapter") throw new Error("There is no adapter.");
      ahead[side] += bytes;
      most[side] = Math.max(most[side], ahead[side]);
    };
    const tensors: SampleTensor[] = [{ count: MIB, a: ["U8", 0, 0], b: ["U8", 0, MIB - 5] }];
    const run = runOf(samplePairs(tensors), 1e9, served("a.bin", 2 * MIB), served("b.bin", 2 * MIB));
    await scanned(run, { onBytes }, slow);
    expect(most).toEqual({ a: CHUNK_ELEMENTS, b: CHUNK_ELEMENTS });
  });

  it("hands its buffers back and forth, though they be others after a transfer", async () => {
    const given: ArrayBuffer[] = [];
    const far: StretchComputer = {
      engineFor: () => "reference",
      async compute(stretch) {
        given.push(stretch.a.buffer, stretch.b.buffer);
        const there = structuredClone(stretch, { transfer: [stretch.a.buffer, stretch.b.buffer] });
        const stats = reference.pairStats(there);
        return {
          stats,
          ...structuredClone({ a: there.a, b: there.b }, { transfer: [there.a.buffer, there.b.buffer] }),
        };
      },
    };
    const run = runOf(samplePairs(RUNS[2].tensors), 1000, blob(FILES.a), blob(FILES.b));
    const { stats } = await scanned(run, {}, far);
    for (const [i, segment] of run.segments.entries()) expect(stats[i]).toEqual(directly(segment));
    // What was given away is empty here.
    expect(new Set(given.map(({ byteLength }) => byteLength))).toEqual(new Set([0]));
  });

  it("allocates one buffer a side, however many chunks there are", async () => {
    let allocated = 0;
    const counted = new Proxy(Uint8Array, {
      construct(target, args, type) {
        if (typeof args[0] === "number" && args[0] >= CHUNK_ELEMENTS) allocated++;
        return Reflect.construct(target, args, type);
      },
    });
    const tensors: SampleTensor[] = [{ count: 2 * MIB, a: ["U8", 0, 0], b: ["U8", 0, 0] }];
    const run = runOf(samplePairs(tensors), 1e9, blob(FILES.a), blob(FILES.b));
    vi.stubGlobal("Uint8Array", counted);
    await scanned(run, {}, glancing).finally(() => vi.unstubAllGlobals());
    expect(allocated).toBe(2);
  });

  it("ends after the segment in hand when asked to, and its requests with it", async () => {
    const run = long();
    const { segments } = await scanned(run, { endEarly: () => true }, glancing);
    expect(segments).toEqual(run.segments.slice(0, 1));
    await hub.whenQuiet();
    expect(hub.log.map(({ end }) => end)).toEqual(["aborted", "aborted"]);
  });
});

describe("a failing side", () => {
  const onlyB = /\/long-b\.bin/;
  const FAULTS: { name: string; faults: Parameters<HubServer["set"]>[0]; error: string }[] = [
    { name: "a body that ends early", faults: { truncateAfter: MIB }, error: "FileTruncated" },
    { name: "a cut connection", faults: { resetAfter: MIB }, error: "NetworkFailed" },
    { name: "another ETag", faults: { changeEtag: true }, error: "FileChanged" },
    { name: "a server without ranges", faults: { noRanges: true }, error: "RangeUnsupported" },
  ];

  test.each(FAULTS)("$name: $error, and the other side's request ends", async ({ faults, error }) => {
    hub.set({ only: onlyB, ...faults });
    const failure = await scanned(long(), {}, glancing).catch((cause: Error) => cause);
    expect(failure).toMatchObject({ name: error });
    await hub.whenQuiet();
    expect(hub.log.find(({ url }) => url.includes("long-a.bin"))?.end).toBe("aborted");
  });

  test.each(["a", "b"] as const)("a file %s that is not there: NotFound, and the other request ends", async (side) => {
    const run = long();
    run.files[side].set(0, served("missing.bin", LONG.length));
    await expect(scanned(run, {}, glancing)).rejects.toMatchObject({ name: "NotFound" });
    await hub.whenQuiet();
    expect(hub.log.filter(({ end }) => end === "sent").map(({ url }) => url)).toEqual(["/plain/files/missing.bin"]);
  });

  it("keeps the segments that were finished before", async () => {
    hub.set({ only: onlyB, resetAfter: 5 * MIB });
    const stats: PairStats[] = [];
    const failure = scanned(long(), { onSegment: (_, parts) => parts.stats && stats.push(parts.stats) }, glancing);
    await expect(failure).rejects.toMatchObject({ name: "NetworkFailed" });
    expect(stats.map(({ count }) => count)).toEqual([2 * MIB, 2 * MIB]);
  });

  it("is the computer, too", async () => {
    const broken: StretchComputer = {
      engineFor: () => "reference",
      compute: () => Promise.reject(new Error("The device was lost.")),
    };
    await expect(scanned(long(), {}, broken)).rejects.toThrow("The device was lost.");
    await hub.whenQuiet();
    expect(hub.log.map(({ end }) => end)).toEqual(["aborted", "aborted"]);
  });
});

describe("an abort", () => {
  const aborted = async (controller: AbortController, hooks: Partial<RunHooks>) => {
    const run = scanned(long(), { signal: controller.signal, ...hooks }, glancing);
    await expect(run).rejects.toMatchObject({ name: "AbortError" });
  };

  it("ends both requests without another byte", async () => {
    const controller = new AbortController();
    const onSegment = () => {
      // What is read by now can only end by being broken off.
      hub.set({ allowance: 0 });
      controller.abort();
    };
    await aborted(controller, { onSegment });
    await hub.whenQuiet();
    hub.set({ allowance: undefined });
    expect(hub.log.map(({ end }) => end)).toEqual(["aborted", "aborted"]);
  });

  it("in the middle of a chunk keeps its numbers to itself", async () => {
    const controller = new AbortController();
    const onSegment = vi.fn();
    await aborted(controller, {
      onSegment,
      onBytes: () => controller.abort(),
    });
    expect(onSegment).not.toHaveBeenCalled();
  });

  it("during the last chunk is heeded before the segment counts", async () => {
    const controller = new AbortController();
    const onSegment = vi.fn();
    const run = runOf(samplePairs(RUNS[0].tensors), 1e9, blob(FILES.a), blob(FILES.b));
    const late: StretchComputer = {
      engineFor: () => "reference",
      compute: (stretch) => {
        controller.abort();
        return computer.compute(stretch);
      },
    };
    const failure = scanned(run, { signal: controller.signal, onSegment }, late);
    await expect(failure).rejects.toMatchObject({ name: "AbortError" });
    expect(onSegment).not.toHaveBeenCalled();
  });

  it("before the start makes no request", async () => {
    const controller = new AbortController();
    controller.abort();
    await aborted(controller, {});
    expect(hub.log).toEqual([]);
  });
});
