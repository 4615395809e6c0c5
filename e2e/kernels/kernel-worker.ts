// Runs the kernels where the page runs them, in a module worker, and reports what they got wrong. One task per message.
import { contractBreaches } from "../../src/kernels/compare-stats.ts";
import type { Engine, Stretch } from "../../src/kernels/engine.ts";
import { exactPairStats } from "../../src/kernels/exact-oracle.ts";
import { type Hardness, hardPairs } from "../../src/kernels/hard-pairs.ts";
import type { NarrowFloat } from "../../src/kernels/narrow-float.ts";
import type { PairStats } from "../../src/kernels/pair-stats.ts";
import { createReferenceEngine } from "../../src/kernels/reference/reference-engine.ts";
import { loadWasm } from "../../src/kernels/wasm/load-wasm.ts";
import { createWasmEngine } from "../../src/kernels/wasm/wasm-engine.ts";
import { startDevice } from "../../src/kernels/wgsl/start-device.ts";
import { openTfjsDevice } from "../../src/kernels/wgsl/tfjs-device.ts";
import { createWgslEngine } from "../../src/kernels/wgsl/wgsl-engine.ts";

const reference = createReferenceEngine();

/** Counts what an engine is asked for. */
function counting(engine: Engine): Engine & { calls: number } {
  return {
    name: engine.name,
    calls: 0,
    pairStats(stretch) {
      this.calls++;
      return engine.pairStats(stretch);
    },
    close: () => engine.close(),
  };
}

async function openEngines() {
  const wasm = createWasmEngine(await loadWasm());
  const fallback = counting(wasm);
  const opened = await openTfjsDevice();
  const losses: string[] = [];
  const wgsl = createWgslEngine(opened.device, fallback, { onLost: (sentence) => losses.push(sentence) });
  return { ...opened, wasm, fallback, wgsl, losses };
}

let engines: ReturnType<typeof openEngines> | null = null;
const shared = () => {
  engines ??= openEngines();
  return engines;
};

/** Bytes at an address that is no multiple of anything. */
function unaligned(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length + 3);
  copy.set(bytes, 3);
  return copy.subarray(3);
}

const message = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

const failure = (work: Promise<unknown>): Promise<string> => work.then(() => "it did not fail", message);

const tasks = {
  /** What each engine gets wrong on one hard stretch, and how often WGSL asked its fallback. */
  async agree(dtypeA: NarrowFloat, dtypeB: NarrowFloat, seed: number, count: number, hardness: Hardness) {
    const { wasm, wgsl, fallback } = await shared();
    const stretch = hardPairs(dtypeA, dtypeB, seed, count, hardness);
    const oracle = exactPairStats(stretch);
    const before = fallback.calls;
    return {
      reference: contractBreaches(reference.pairStats(stretch), oracle),
      wasm: contractBreaches(wasm.pairStats(stretch), oracle),
      wgsl: contractBreaches(await wgsl.pairStats(stretch), oracle),
      redone: fallback.calls - before,
    };
  },

  async lengths(lengths: number[]) {
    const { wgsl } = await shared();
    const long = hardPairs("BF16", "F16", 3, Math.max(...lengths));
    const stretches = lengths.map((count): Stretch => ({ ...long, a: unaligned(long.a), b: unaligned(long.b), count }));
    const all = await Promise.all(stretches.map((stretch) => wgsl.pairStats(stretch)));
    return all.flatMap((stats, i) => contractBreaches(stats, reference.pairStats(stretches[i])));
  },

  /** A stretch of two dispatches, several times at once beside others: whether every answer is the same to the bit. */
  async overlap(times: number) {
    const { wasm, wgsl } = await shared();
    const stretch = hardPairs("F16", "F16", 8, 2 ** 20 + 5000);
    const other = hardPairs("F32", "BF16", 9, 40_000);
    const [expected, expectedOther] = [wasm.pairStats(stretch), wasm.pairStats(other)];
    const [first, ...rest] = await Promise.all(
      Array.from({ length: times }, async (): Promise<PairStats> => {
        const [stats, otherStats] = await Promise.all([wgsl.pairStats(stretch), wgsl.pairStats(other)]);
        const breaches = contractBreaches(otherStats, expectedOther);
        if (breaches.length > 0) throw new Error(breaches.join(" "));
        return stats;
      }),
    );
    const text = JSON.stringify(first);
    return { breaches: contractBreaches(first, expected), same: rest.every((stats) => JSON.stringify(stats) === text) };
  },

  async facts() {
    const { isFallback, description } = await shared();
    return { isFallback, description };
  },

  /** Takes the device away while stretches are under way. */
  async loss() {
    const { wgsl, wasm, device, losses } = await openEngines();
    const stretches = [1, 2, 3, 4, 5].map((seed) => hardPairs("BF16", "BF16", seed, 300_000));
    await wgsl.pairStats(stretches[0]);
    const underWay = Promise.all(stretches.map((stretch) => wgsl.pairStats(stretch)));
    device.destroy();
    const all = [...(await underWay), await wgsl.pairStats(stretches[0])];
    await device.lost;
    const breaches = all.flatMap((stats, i) => contractBreaches(stats, wasm.pairStats(stretches[i % 5])));
    return { breaches, losses };
  },

  /** Has the device refuse a command of the engine's own, then one from elsewhere. */
  async refusals() {
    const { wgsl, device } = await openEngines();
    const stretch = hardPairs("F32", "F32", 1, 5000);
    const make = device.createComputePipelineAsync.bind(device);
    device.createComputePipelineAsync = (descriptor) => make({ ...descriptor, layout: "auto" });
    const own = await failure(wgsl.pairStats(stretch));
    device.createComputePipelineAsync = make;
    const refused = new Promise((resolve) => device.addEventListener("uncapturederror", resolve, { once: true }));
    device.createBuffer({ size: 16, usage: 0 });
    // Chromium tells of it with the next submission.
    device.queue.submit([]);
    await refused;
    return { own, elsewhere: await failure(wgsl.pairStats(hardPairs("BF16", "F32", 1, 5000))) };
  },

  async start(force: boolean) {
    const { engine, report } = await startDevice(force);
    return { engine: engine?.name ?? null, report };
  },

  async withoutGpu() {
    Object.defineProperty(navigator, "gpu", { value: undefined });
    return { failure: await failure(openTfjsDevice()), started: await startDevice(true) };
  },
};

export type Tasks = typeof tasks;

addEventListener("message", async (event: MessageEvent<{ task: keyof Tasks; args: unknown[] }>) => {
  const { task, args } = event.data;
  try {
    // The types of both ends meet in `Tasks`; between them lies a message.
    const run = tasks[task] as (...args: unknown[]) => Promise<unknown>;
    postMessage({ result: await run(...args) });
  } catch (error) {
    postMessage({ error: message(error) });
  }
});
