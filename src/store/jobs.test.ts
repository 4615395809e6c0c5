import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { parseRef } from "../hub/parse-ref.ts";
import type { Run } from "../reading/run.ts";
import { namedError } from "../reading/testing/hand-workers.ts";
import { Course } from "./course.ts";
import { isIdle } from "./idle.ts";
import { type Job, jobOf } from "./job.ts";
import { isFinished, phaseOf } from "./phase.ts";
import type { Reading } from "./scan-job.ts";
import { SMALL, scriptedPage } from "./testing/scripted-page.ts";
import { settle } from "./testing/scripted-pool.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A comparison that is read to its end, and what reads some of its tensors again as a job of a kind. */
async function compared() {
  const page = scriptedPage();
  const { scripted, store, environment, state } = page;
  const course = new Course(store, environment);
  const { hub } = state();
  const refs = { a: parseRef("org/base", { hub }), b: parseRef("org/tuned", { hub }), adapter: null, isAdapter: false };
  await course.open(refs);
  await settle();
  await scripted.drain();
  expect(isFinished(state())).toBe(true);
  const read = async (kind: string, given: Partial<Reading> = {}) => {
    const [pair] = state().comparison?.pairs ?? [];
    const found: number[] = [];
    const onResult = (at: number) => void found.push(at);
    course.read({
      kind,
      pairs: [{ ...pair, index: 0 }],
      folds: ["stats"],
      bytes: { a: 32, b: 32 },
      onResult,
      ...given,
    });
    await settle();
    const workers = scripted.scans.at(-1) ?? expect.fail("No worker was asked for.");
    return { workers, found };
  };
  const list = () => state().jobs.map(({ kind, status }): [string, Job["status"]] => [kind, status]);
  return { ...page, course, read, list };
}

describe("jobs that read at the same time", () => {
  it("come to their end each on its own hold of workers", async () => {
    const { scripted, read, list, state } = await compared();
    const [first, second] = [await read("first"), await read("second")];
    expect(list().slice(1)).toEqual([
      ["first", "running"],
      ["second", "running"],
    ]);
    await scripted.drain(second.workers);
    expect([second.found, isIdle(state())]).toEqual([[0], false]);
    await scripted.drain(first.workers);
    expect([first.found, isIdle(state())]).toEqual([[0], true]);
    expect(jobOf(state(), "first")?.progress).toMatchObject({ items: { done: 1, total: 1 }, reading: null });
  });

  it("end one by one: of what is put away nothing is heard any more", async () => {
    const { scripted, course, read, list, state } = await compared();
    const [first, second] = [await read("first"), await read("second")];
    course.stopReading("first");
    expect([list().slice(1), isIdle(state())]).toEqual([[["second", "running"]], false]);
    for (const worker of first.workers) if (worker.current) worker.finishSegment();
    await scripted.drain(second.workers);
    expect([first.found, second.found, isIdle(state())]).toEqual([[], [0], true]);
  });

  it("end with their comparison, and take the place of one of their kind", async () => {
    const { course, read, list } = await compared();
    const { workers } = await read("first");
    await read("first");
    expect([workers.every(({ current }) => current?.cancelled !== false), list().length]).toEqual([true, 2]);
    course.stop();
    expect(list()).toEqual([["scan", "stopped"]]);
  });

  it("fail of what only pauses a scan, and say why", async () => {
    const { read, state } = await compared();
    const { workers } = await read("first");
    for (let attempt = 0; attempt < 3; attempt++) {
      for (const worker of workers) worker.fail(namedError("NetworkFailed", "The network is gone."));
      await vi.advanceTimersByTimeAsync(2000);
    }
    expect(jobOf(state(), "first")).toMatchObject({ status: "failed", error: "The network is gone." });
    expect([isIdle(state()), isFinished(state())]).toEqual([true, true]);
  });
});

describe("a revoked lease of the scripted pool", () => {
  it("rejects what is awaited and reports nothing more, as the page's does", async () => {
    const { scripted } = scriptedPage();
    const lease = scripted.lease();
    const heard: string[] = [];
    const [api] = await lease.scanners("wasm", ({ kind }) => void heard.push(kind));
    const side = { file: 0, span: { begin: 0, end: 1 }, dtype: "U8" } as const;
    const segment = { position: 0, pair: 0, slice: 0, from: 0, count: 1, columns: 1, a: side, b: null, adapter: null };
    const files = { a: new Map(), b: new Map(), adapter: new Map() };
    const run: Run = { id: 1, segments: [segment], folds: ["stats"], files };
    const running = api.run(run);
    lease.revoke();
    await expect(running).rejects.toMatchObject({ name: "LeaseRevoked" });
    const [[worker]] = scripted.scans;
    expect(worker.current?.cancelled).toBe(true);
    worker.finishSegment();
    expect(heard).toEqual([]);
    await expect(api.run(run)).rejects.toMatchObject({ name: "LeaseRevoked" });
  });
});

describe("WebAssembly that fails its self-test in the middle of a scan", () => {
  it("leads to the reference engine, which is said with the reason", async () => {
    const { compare, scripted, state } = scriptedPage();
    await compare("org/base", "org/tuned");
    expect(state().engine).toMatchObject({ chosen: "wasm", workers: 2 });
    scripted.failWasm("F32 gave one too many.");
    expect(state().engine).toMatchObject({
      ...{ chosen: "reference", workers: 2 },
      reason: expect.stringMatching(/WebAssembly cannot serve either: F32 gave one too many\.$/),
    });
    await scripted.drain();
    expect(phaseOf(state())).toEqual({ status: "finished" });
    await compare("org/tuned", "org/base");
    expect(scripted.engines).toEqual(["wasm", "reference"]);
    expect(state().comparison?.pairs).toHaveLength(SMALL.length);
  });
});
