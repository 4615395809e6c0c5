import { type Endpoint, expose } from "comlink";
import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { emptyPairStats } from "../kernels/pair-stats.ts";
import type { Run } from "../reading/run.ts";
import type { ScanEvent, ScanWorkerApi } from "../reading/worker-contract.ts";
import { PageWorkers } from "./page-workers.ts";
import { scanWorkerCount } from "./worker-pool.ts";

/** What a page sees of a worker whose script never answers. */
class SilentWorker extends EventTarget {
  static started: SilentWorker[] = [];
  readonly url: string;
  terminated = false;

  constructor(url: URL) {
    super();
    this.url = url.pathname.replace(/^.*\//, "");
    SilentWorker.started.push(this);
  }

  postMessage(): void {}

  terminate(): void {
    this.terminated = true;
  }

  /** A script that cannot be fetched or does not parse. */
  breakDown(): void {
    this.dispatchEvent(new Event("error"));
  }
}

beforeEach(() => {
  SilentWorker.started = [];
  vi.stubGlobal("Worker", SilentWorker);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

/** A constructor of workers that serve an API; their ports are to be closed. */
function serving(api: object, ports: MessagePort[]) {
  return function start() {
    const { port1, port2 } = new MessageChannel();
    ports.push(port1, port2);
    expose(api, port1 as unknown as Endpoint);
    return port2;
  };
}

const names = () => SilentWorker.started.map(({ url }) => url);

test.each([
  [1, 2],
  [2, 2],
  [3, 2],
  [4, 3],
  [8, 3],
  [128, 3],
])("with %i cores there are %i scan workers", (cores, workers) => {
  expect(scanWorkerCount(cores)).toBe(workers);
});

describe("PageWorkers", () => {
  it("starts a worker when it is first needed, and once", () => {
    const pool = new PageWorkers(4);
    expect(names()).toEqual([]);
    void pool.survey.cancel(1);
    void pool.survey.cancel(2);
    expect(names()).toEqual(["survey-worker.ts"]);
    void pool.startDevice(false, () => {});
    void pool.startDevice(false, () => {});
    expect(names()).toEqual(["survey-worker.ts", "device-worker.ts"]);
  });

  const WAYS: [name: string, ask: (pool: PageWorkers) => Promise<unknown>][] = [
    ["survey", (pool) => pool.survey.cancel(1)],
    ["device", (pool) => pool.startDevice(false, () => {})],
    ["scan", (pool) => pool.lease().scanners("wasm", () => undefined)],
  ];

  test.each(WAYS)("a %s worker that cannot be loaded rejects, and is started anew when asked again", async (_, ask) => {
    const pool = new PageWorkers(2);
    const asked = ask(pool);
    const before = SilentWorker.started.length;
    SilentWorker.started[before - 1].breakDown();
    await expect(asked).rejects.toMatchObject({ name: "WorkerFailed", message: expect.stringMatching(/reload/i) });
    void ask(pool).catch(() => undefined);
    expect(SilentWorker.started.length).toBeGreaterThan(before);
  });

  it("carries calls and events, and a call's error as it was thrown", async () => {
    const ports: MessagePort[] = [];
    const api: ScanWorkerApi = {
      configure: async (setup, onEvent) => {
        ports.push(...("device" in setup ? [setup.device] : []));
        api.run = async (run) => {
          if (run.folds.length > 0) throw Object.assign(new Error("A sentence."), { name: "LinkExpired" });
          await onEvent({
            kind: "segment",
            run: run.id,
            position: 7,
            parts: { stats: emptyPairStats() },
            engine: "wasm",
          });
        };
      },
      run: () => Promise.reject(new Error("Not set up.")),
      finishEarly: async () => undefined,
      cancel: async () => undefined,
      hurry: async () => undefined,
    };
    vi.stubGlobal("Worker", serving(api, ports));
    const events: ScanEvent[] = [];
    // The last of them, which alone reports: all have this one API.
    const [, scanner] = await new PageWorkers(2).lease().scanners("wasm", (event) => void events.push(event));
    const run: Run = { id: 1, segments: [], folds: [], files: { a: new Map(), b: new Map(), adapter: new Map() } };
    await scanner.run(run);
    expect(events).toEqual([
      { kind: "segment", run: 1, position: 7, parts: { stats: emptyPairStats() }, engine: "wasm" },
    ]);
    await expect(scanner.run({ ...run, id: 2, folds: ["stats"] })).rejects.toMatchObject({
      name: "LinkExpired",
      message: "A sentence.",
    });
    for (const port of ports) port.close();
  });

  it("asks what WebGPU can do once for each way of asking, and again after the device was lost", async () => {
    const ports: MessagePort[] = [];
    const starts: boolean[] = [];
    let lose: (sentence: string) => void | Promise<void> = () => undefined;
    const api = {
      start: async (force: boolean, onLost: typeof lose) => {
        lose = onLost;
        return { available: starts.push(force) > 0 };
      },
    };
    vi.stubGlobal("Worker", serving(api, ports));
    const pool = new PageWorkers(2);
    const sentences: string[] = [];
    const ask = (force: boolean) => pool.startDevice(force, (sentence) => void sentences.push(sentence));
    expect(await ask(false)).toEqual({ available: true });
    await ask(false);
    expect(starts).toEqual([false]);
    await ask(true);
    expect(starts).toEqual([false, true]);
    await lose("The GPU was lost.");
    await ask(true);
    expect([starts, sentences]).toEqual([[false, true, true], ["The GPU was lost."]]);
    for (const port of ports) port.close();
  });
});
