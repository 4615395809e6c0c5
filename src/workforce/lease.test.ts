import { expose } from "comlink";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { emptyPairStats } from "../kernels/pair-stats.ts";
import type { Run } from "../reading/run.ts";
import { namedError } from "../reading/testing/hand-workers.ts";
import type { EngineSetup, ScanEvent, ScanWorkerApi } from "../reading/worker-contract.ts";
import type { Lease } from "./lease.ts";
import { PageWorkers } from "./page-workers.ts";

/** A scan worker on the other end of a channel: its runs end when the test says so, or when they are cancelled. */
class StagedWorker extends EventTarget {
  static all: StagedWorker[] = [];
  readonly setups: EngineSetup["engine"][] = [];
  readonly runs: Run[] = [];
  /** It does not hear of cancelled runs. */
  isDeaf = false;
  terminated = false;
  readonly #ends = new Map<number, (error?: Error) => void>();
  readonly #ports: MessagePort[];
  readonly #port: MessagePort;
  #report: (event: ScanEvent) => void | Promise<void> = () => undefined;

  constructor() {
    super();
    const { port1, port2 } = new MessageChannel();
    this.#ports = [port1, port2];
    this.#port = port2;
    const api: ScanWorkerApi = {
      configure: async ({ engine }, onEvent) => {
        this.setups.push(engine);
        this.#report = onEvent;
      },
      run: (run) =>
        new Promise((resolve, reject) => {
          this.runs.push(run);
          this.#ends.set(run.id, (error) => (error ? reject(error) : resolve()));
        }),
      finishEarly: async (id) => this.end(id),
      cancel: async (id) => {
        if (!this.isDeaf) this.end(id, namedError("AbortError"));
      },
      hurry: async () => undefined,
    };
    expose(api, port1);
    port2.addEventListener("message", ({ data }) => this.dispatchEvent(new MessageEvent("message", { data })));
    port2.start();
    StagedWorker.all.push(this);
  }

  postMessage(message: unknown, transfer: Transferable[] = []): void {
    this.#port.postMessage(message, transfer);
  }

  terminate(): void {
    this.terminated = true;
    for (const port of this.#ports) port.close();
  }

  end(id: number, error?: Error): void {
    this.#ends.get(id)?.(error);
    this.#ends.delete(id);
  }

  /** Tells of a finished segment of its latest run, once the page has heard. */
  async tell(position: number): Promise<void> {
    const run = this.runs.at(-1)?.id ?? expect.fail("It has no run.");
    await this.#report({ kind: "segment", run, position, parts: { stats: emptyPairStats() }, engine: "wasm" });
  }
}

beforeEach(() => {
  StagedWorker.all = [];
  vi.stubGlobal("Worker", StagedWorker);
});
afterEach(() => {
  for (const worker of StagedWorker.all) if (!worker.terminated) worker.terminate();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const runOf = (id: number): Run => ({
  id,
  segments: [],
  folds: ["stats"],
  files: { a: new Map(), b: new Map(), adapter: new Map() },
});
/** Workers of a lease, and the positions that it hears of as `run:position`. */
async function hold(lease: Lease, engine: "wasm" | "reference" = "wasm") {
  const heard: string[] = [];
  const apis = await lease.scanners(engine, (event) => {
    if (event.kind === "segment") heard.push(`${event.run}:${event.position}`);
  });
  return { apis, heard };
}
const runsOf = (worker: StagedWorker, count: number) =>
  vi.waitFor(() => {
    expect(worker.runs).toHaveLength(count);
  });
const all = () => StagedWorker.all;

describe("a lease", () => {
  it("keeps its workers from nobody: jobs at the same time share them, each under its own numbers", async () => {
    const pool = new PageWorkers(2);
    const [first, second] = [pool.lease(), pool.lease()];
    const [one, other] = [await hold(first), await hold(second)];
    expect(all().map(({ setups }) => setups)).toEqual([["wasm"], ["wasm"]]);
    const [worker] = all();
    const done = [one.apis[0].run(runOf(7)), other.apis[0].run(runOf(7))];
    await runsOf(worker, 2);
    const [mine, theirs] = worker.runs.map(({ id }) => id);
    expect(mine).not.toBe(theirs);
    await worker.tell(3);
    expect([one.heard, other.heard]).toEqual([[], ["7:3"]]);
    worker.end(mine);
    worker.end(theirs);
    await Promise.all(done);
  });

  it("once revoked rejects what is awaited, cancels its own runs alone and hears nothing more", async () => {
    const pool = new PageWorkers(2);
    const [first, second] = [pool.lease(), pool.lease()];
    const [one, other] = [await hold(first), await hold(second)];
    const [worker] = all();
    const theirs = other.apis[0].run(runOf(1));
    const mine = one.apis[0].run(runOf(1));
    await runsOf(worker, 2);
    first.revoke("The person stopped it.");
    await expect(mine).rejects.toMatchObject({ name: "LeaseRevoked", message: "The person stopped it." });
    await expect(one.apis[1].run(runOf(2))).rejects.toMatchObject({ name: "LeaseRevoked" });
    await expect(first.scanners("wasm", () => undefined)).rejects.toMatchObject({ name: "LeaseRevoked" });
    await one.apis[0].cancel(1);
    await worker.tell(4);
    expect(one.heard).toEqual([]);
    worker.end(worker.runs[0].id);
    await theirs;
    expect(all().map(({ terminated }) => terminated)).toEqual([false, false]);
  });

  it("rejects while its workers are still being set up, and lets go of them", async () => {
    const pool = new PageWorkers(2);
    const lease = pool.lease();
    const asked = lease.scanners("wasm", () => undefined);
    lease.revoke();
    await expect(asked).rejects.toMatchObject({ name: "LeaseRevoked", message: expect.stringMatching(/\.$/) });
    await hold(pool.lease(), "reference");
    expect(all().map(({ setups }) => setups)).toEqual(new Array(2).fill(["wasm", "reference"]));
  });

  it("leaves its workers warm: the next has them as they are, or set up anew", async () => {
    const pool = new PageWorkers(2);
    for (const engine of ["wasm", "wasm", "reference"] as const) {
      const lease = pool.lease();
      await hold(lease, engine);
      lease.revoke();
    }
    expect(all().map(({ setups }) => setups)).toEqual(new Array(2).fill(["wasm", "reference"]));
  });

  it("has workers of its own where others hold them for another engine, which end with it", async () => {
    const pool = new PageWorkers(2);
    await hold(pool.lease(), "wasm");
    const other = pool.lease();
    await hold(other, "reference");
    expect(all().map(({ setups }) => setups)).toEqual([["wasm"], ["wasm"], ["reference"], ["reference"]]);
    other.revoke();
    expect(all().map(({ terminated }) => terminated)).toEqual([false, false, true, true]);
  });

  it("terminates a worker that does not end what nobody wants any more, unless another job holds it", async () => {
    const pool = new PageWorkers(2);
    const [first, second] = [pool.lease(), pool.lease()];
    const [one, other] = [await hold(first), await hold(second)];
    const [worker] = all();
    worker.isDeaf = true;
    const runs = [one.apis[0].run(runOf(1)), other.apis[0].run(runOf(1))];
    await runsOf(worker, 2);
    vi.useFakeTimers();
    first.revoke();
    vi.advanceTimersByTime(60_000);
    expect(worker.terminated).toBe(false);
    second.revoke();
    vi.advanceTimersByTime(60_000);
    expect(all().map(({ terminated }) => terminated)).toEqual([true, false]);
    for (const run of runs) await expect(run).rejects.toMatchObject({ name: "LeaseRevoked" });
    vi.useRealTimers();
    await hold(pool.lease());
    expect(all()).toHaveLength(3);
  });
});

describe("a worker that dies", () => {
  const die = (worker: StagedWorker, how = "error") => worker.dispatchEvent(new Event(how));

  it.each(["error", "messageerror"])(
    "by an event %s is replaced; its runs end early for all who share it",
    async (how) => {
      const pool = new PageWorkers(2);
      const [one, other] = [await hold(pool.lease()), await hold(pool.lease())];
      const [worker] = all();
      const runs = [one.apis[0].run(runOf(1)), one.apis[0].run(runOf(2)), other.apis[0].run(runOf(1))];
      await runsOf(worker, 3);
      die(worker, how);
      await Promise.all(runs);
      expect([all().length, worker.terminated]).toEqual([3, true]);
      const again = one.apis[0].run(runOf(3));
      const [, , successor] = all();
      await runsOf(successor, 1);
      await successor.tell(5);
      expect(one.heard).toEqual(["3:5"]);
      successor.end(successor.runs[0].id);
      await again;
    },
  );

  it("again and again is not replaced for ever", async () => {
    const pool = new PageWorkers(2);
    const { apis } = await hold(pool.lease());
    let ends: Promise<unknown> = Promise.resolve();
    for (let at = 0; at < 4; at++) {
      const worker = at === 0 ? all()[0] : all()[at + 1];
      ends = apis[0].run(runOf(at));
      ends.catch(() => undefined);
      await runsOf(worker, 1);
      die(worker);
      if (at < 3) await ends;
    }
    await expect(ends).rejects.toMatchObject({ name: "WorkerLost", message: expect.stringMatching(/\.$/) });
    expect(all()).toHaveLength(5);
  });
});

describe("WebAssembly that fails its self-test in a worker", () => {
  it("is told of, and the reference goes on in its place, now and for whoever asks later", async () => {
    const pool = new PageWorkers(2);
    const told: string[] = [];
    pool.watchWasm(({ reason }) => void told.push(reason));
    const { apis } = await hold(pool.lease());
    const runs = apis.map((api) => api.run(runOf(1)));
    for (const worker of all()) {
      await runsOf(worker, 1);
      worker.end(worker.runs[0].id, namedError("EngineFailed", "F32 gave one too many."));
    }
    await Promise.all(runs);
    expect([told, pool.wasm]).toEqual([["F32 gave one too many."], { passed: false, reason: told[0] }]);
    expect(all().map(({ setups }) => setups)).toEqual(new Array(2).fill(["wasm", "reference"]));
    await hold(pool.lease());
    expect(all()).toHaveLength(2);
  });
});
