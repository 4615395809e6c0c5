import { MessageChannel } from "node:worker_threads";
import { type Endpoint, proxy, type Remote, wrap } from "comlink";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { createReferenceEngine } from "../kernels/reference/reference-engine.ts";
import { planReads } from "../reading/read-plan.ts";
import type { Run } from "../reading/run.ts";
import { samplePairs } from "../reading/testing/sample-pairs.ts";
import type { ScanEvent, ScanWorkerApi } from "../reading/worker-contract.ts";

/* The scan worker's own file, run here with a channel in place of the worker's global port. */

const MIB = 2 ** 20;
const FILES = { "a.bin": new Uint8Array(32 * MIB).fill(60), "b.bin": new Uint8Array(32 * MIB).fill(61) };
const { port1: inside, port2: outside } = new MessageChannel();

let hub: HubServer;
let worker: Remote<ScanWorkerApi>;
let events: ScanEvent[] = [];
let onEvent: (event: ScanEvent) => void = () => undefined;

beforeAll(async () => {
  hub = await startHub({ plain: { files: { files: FILES } } });
  vi.stubGlobal("addEventListener", inside.addEventListener.bind(inside));
  vi.stubGlobal("postMessage", inside.postMessage.bind(inside));
  await import("../../workers/scan-worker.ts");
  inside.start();
  worker = wrap<ScanWorkerApi>(outside as unknown as Endpoint);
  const hear = (event: ScanEvent) => {
    events.push(event);
    onEvent(event);
  };
  await worker.configure({ engine: "reference" }, proxy(hear));
});
beforeEach(() => {
  events = [];
  onEvent = () => undefined;
  hub.log.length = 0;
});
afterAll(async () => {
  inside.close();
  vi.unstubAllGlobals();
  await hub.close();
});

/** Segments of `elements` bytes out of the first `count` of both files. */
function runOf(id: number, count: number, elements: number): Run {
  const plan = [...planReads(samplePairs([{ count, a: ["U8", 0, 0], b: ["U8", 0, 0] }]), elements)];
  const at = (name: string): FileLocation => ({ kind: "http", url: hub.plain("files") + name, size: 32 * MIB });
  const files = { a: new Map([[0, at("a.bin")]]), b: new Map([[0, at("b.bin")]]), adapter: new Map() };
  return { id, segments: plan, folds: ["stats"], files };
}

const positions = () => events.flatMap((event) => (event.kind === "segment" ? event.position : []));

it("has told of every segment and every byte when a run is over", async () => {
  await worker.run(runOf(1, 10_000, 4096));
  const reference = createReferenceEngine();
  const numbers = [4096, 4096, 1808].map((count) => {
    const stretch = { dtypeA: "U8", a: FILES["a.bin"], dtypeB: "U8", b: FILES["b.bin"], count } as const;
    return reference.pairStats(stretch);
  });
  expect(events.filter(({ kind }) => kind === "segment")).toEqual(
    numbers.map((stats, position) => ({ kind: "segment", run: 1, position, parts: { stats }, engine: "reference" })),
  );
  // A segment's bytes are told before its numbers.
  let bytes = 0;
  for (const event of events) {
    if (event.kind === "bytes") bytes += event.bytes.a + event.bytes.b;
    else if (event.kind === "segment")
      expect(bytes).toBeGreaterThanOrEqual(2 * Math.min(10_000, 4096 * (event.position + 1)));
  }
  expect(bytes).toBe(20_000);
});

it("ends a run when it is cancelled, by its number, without another byte", async () => {
  onEvent = (event) => {
    if (event.kind !== "segment") return;
    // What is read by now can only end by being broken off.
    hub.set({ allowance: 0 });
    void worker.cancel(99);
    void worker.cancel(2);
  };
  await expect(worker.run(runOf(2, 32 * MIB, 4096))).rejects.toMatchObject({ name: "AbortError" });
  await hub.whenQuiet();
  hub.set({ allowance: undefined });
  expect(hub.log.map(({ end }) => end)).toEqual(["aborted", "aborted"]);
});

it("ends a run after the segment in hand when it is to finish early", async () => {
  onEvent = (event) => {
    if (event.kind === "segment") void worker.finishEarly(3);
  };
  await worker.run(runOf(3, 32 * MIB, 4096));
  await hub.whenQuiet();
  expect(positions()).toEqual([...positions().keys()]);
  expect(positions().length).toBeLessThan(32 * 256);
  expect(hub.log.map(({ end }) => end)).toEqual(["aborted", "aborted"]);
});

it("passes on the name and the sentence of what went wrong", async () => {
  const run = runOf(4, 100, 100);
  run.files.b.set(0, { kind: "http", url: `${hub.plain("files")}missing.bin`, size: 100 });
  await expect(worker.run(run)).rejects.toMatchObject({
    ...{ name: "NotFound", message: expect.stringMatching(/missing\.bin.*\.$/) },
  });
});

it("begins the run behind when the one before it is over, or not at all where that failed", async () => {
  const order: string[] = [];
  const first = worker.run(runOf(5, 8192, 4096)).then(() => order.push("first"));
  const second = worker.run(runOf(6, 8192, 4096)).then(() => order.push("second"));
  await Promise.all([first, second]);
  expect(order).toEqual(["first", "second"]);
  expect(events.flatMap((event) => (event.kind === "segment" ? event.run : []))).toEqual([5, 5, 6, 6]);

  const lost = runOf(7, 100, 100);
  lost.files.a.set(0, { kind: "http", url: `${hub.plain("files")}missing.bin`, size: 100 });
  const failing = worker.run(lost);
  const behind = worker.run(runOf(8, 8192, 4096));
  await expect(failing).rejects.toMatchObject({ name: "NotFound" });
  await behind;
  expect(events.filter(({ run }) => run === 8)).toEqual([]);
  await worker.run(runOf(9, 4096, 4096));
  expect(events.filter(({ run, kind }) => run === 9 && kind === "segment")).toHaveLength(1);
});

it("heeds words about a run that has not begun", async () => {
  const first = worker.run(runOf(10, 32 * MIB, 4096));
  const early = worker.run(runOf(11, 8192, 4096));
  const cancelled = worker.run(runOf(12, 8192, 4096));
  await worker.finishEarly(11);
  await worker.cancel(12);
  await worker.finishEarly(10);
  await Promise.all([first, early, expect(cancelled).rejects.toMatchObject({ name: "AbortError" })]);
  expect(events.filter(({ run }) => run > 10)).toEqual([]);
});

it("heeds words about runs that are over", async () => {
  await worker.cancel(1);
  await worker.finishEarly(1);
  await worker.run(runOf(1, 10, 5));
  expect(positions()).toEqual([0, 1]);
});
