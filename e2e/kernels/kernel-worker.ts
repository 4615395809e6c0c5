// Runs the kernels where the page runs them, in a module worker, and reports what they got wrong. One task per message. Of all
// files here this one loads the code under judgement; what judges it, the oracle, shares none with it.
import type { Engine, Stretch } from "../../src/kernels/engine.ts";
import { type Hardness, hardPairs } from "../../src/kernels/hard-pairs.ts";
import { NARROW_FLOATS, type NarrowFloat } from "../../src/kernels/narrow-float.ts";
import type { PairStats } from "../../src/kernels/pair-stats.ts";
import { createReferenceEngine } from "../../src/kernels/reference/reference-engine.ts";
import { loadWasm } from "../../src/kernels/wasm/load-wasm.ts";
import { createWasmEngine } from "../../src/kernels/wasm/wasm-engine.ts";
import { startDevice } from "../../src/kernels/wgsl/start-device.ts";
import { openTfjsDevice } from "../../src/kernels/wgsl/tfjs-device.ts";
import { createWgslEngine } from "../../src/kernels/wgsl/wgsl-engine.ts";
import { breaches, type OracleStats, oracleStats } from "../float64-oracle.ts";

const reference = createReferenceEngine();

/** Remembers the stretches an engine is asked for. */
function remembering(engine: Engine): Engine & { asked: Stretch[] } {
  return {
    name: engine.name,
    asked: [],
    pairStats(stretch) {
      this.asked.push(stretch);
      return engine.pairStats(stretch);
    },
    close: () => engine.close(),
  };
}

async function openEngines() {
  const wasm = createWasmEngine(await loadWasm());
  const fallback = remembering(wasm);
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

/** What the oracle says of a stretch. */
function judgementOf({ dtypeA, a, dtypeB, b, count }: Stretch): OracleStats {
  const tensor = (dtype: string, data: Uint8Array) => ({ name: "", dtype, shape: [count], data });
  return oracleStats(tensor(dtypeA, a), tensor(dtypeB, b));
}

/** Bytes at an address that is no multiple of anything. */
function unaligned(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length + 3);
  copy.set(bytes, 3);
  return copy.subarray(3);
}

const message = (error: unknown) => (error instanceof Error ? `${error.name}: ${error.message}` : String(error));

const failure = (work: Promise<unknown>): Promise<string> => work.then(() => "it did not fail", message);

/** Lets the device give so many answers and no more, until what this returns is called. */
function holdAnswers(count: number): () => void {
  const { mapAsync } = GPUBuffer.prototype;
  let given = 0;
  let open = () => {};
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  GPUBuffer.prototype.mapAsync = async function (mode, ...range) {
    if (mode === GPUMapMode.READ && given++ >= count) await gate;
    return mapAsync.call(this, mode, ...range);
  };
  return () => {
    GPUBuffer.prototype.mapAsync = mapAsync;
    open();
  };
}

const tasks = {
  /**
   * What each engine gets wrong on hard stretches of `dtypeA` against every dtype, all of them with WGSL at once, and for
   * which dtypes that asked its fallback.
   */
  async agree(dtypeA: NarrowFloat, seed: number, count: number, hardness: Hardness) {
    const { wasm, wgsl, fallback } = await shared();
    const stretches = NARROW_FLOATS.map((dtypeB, i) => hardPairs(dtypeA, dtypeB, seed + i, count, hardness));
    fallback.asked.length = 0;
    const computed = await Promise.all(stretches.map((stretch) => wgsl.pairStats(stretch)));
    const found = stretches.flatMap((stretch, i) => {
      const oracle = judgementOf(stretch);
      const answers = { wgsl: computed[i], wasm: wasm.pairStats(stretch), reference: reference.pairStats(stretch) };
      return Object.entries(answers).flatMap(([engine, stats]) =>
        breaches(stats, oracle).map((breach) => `${engine}, ${stretch.dtypeB}: ${breach}`),
      );
    });
    return { breaches: found, redone: fallback.asked.map(({ dtypeB }) => dtypeB) };
  },

  async lengths(lengths: number[]) {
    const { wgsl } = await shared();
    const long = hardPairs("BF16", "F16", 3, Math.max(...lengths));
    const stretches = lengths.map((count): Stretch => ({ ...long, a: unaligned(long.a), b: unaligned(long.b), count }));
    const all = await Promise.all(stretches.map((stretch) => wgsl.pairStats(stretch)));
    return all.flatMap((stats, i) => breaches(stats, judgementOf(stretches[i])));
  },

  /** A stretch of two dispatches, several times at once beside others: whether every answer is the same to the bit. */
  async overlap(times: number) {
    const { wgsl } = await shared();
    const stretch = hardPairs("F16", "F16", 8, 2 ** 20 + 5000);
    const other = hardPairs("F32", "BF16", 9, 40_000);
    const [expected, expectedOther] = [judgementOf(stretch), judgementOf(other)];
    const [first, ...rest] = await Promise.all(
      Array.from({ length: times }, async (): Promise<PairStats> => {
        const [stats, otherStats] = await Promise.all([wgsl.pairStats(stretch), wgsl.pairStats(other)]);
        const wrong = breaches(otherStats, expectedOther);
        if (wrong.length > 0) throw new Error(wrong.join(" "));
        return stats;
      }),
    );
    const text = JSON.stringify(first);
    return { breaches: breaches(first, expected), same: rest.every((stats) => JSON.stringify(stats) === text) };
  },

  async facts() {
    const { isFallback, description } = await shared();
    return { isFallback, description };
  },

  /** Takes the device away before its first answer, or after it with others under way. */
  async loss(when: "before" | "between") {
    const { wgsl, device, losses, fallback } = await openEngines();
    const stretches = [1, 2, 3, 4, 5, 6, 7].map((seed) => hardPairs("BF16", "F8_E4M3", seed, 300_000));
    const release = holdAnswers(when === "between" ? 1 : 0);
    const underWay = stretches.map((stretch) => wgsl.pairStats(stretch));
    if (when === "between") await Promise.any(underWay);
    device.destroy();
    release();
    const all = [...(await Promise.all(underWay)), await wgsl.pairStats(stretches[0])];
    await device.lost;
    const judgements = stretches.map(judgementOf);
    return {
      breaches: all.flatMap((stats, i) => breaches(stats, judgements[i % 7])),
      losses,
      redone: fallback.asked.length,
    };
  },

  /** Has the device refuse a command of the engine's own, or one from elsewhere, with three calls under way. */
  async refusal(whose: "own" | "elsewhere") {
    const { wgsl, device, losses, fallback } = await openEngines();
    const stretch = hardPairs("F32", "F32", 1, 5000);
    if (whose === "own") {
      const make = device.createComputePipelineAsync.bind(device);
      device.createComputePipelineAsync = (descriptor) => make({ ...descriptor, layout: "auto" });
    } else {
      const refused = new Promise((resolve) => device.addEventListener("uncapturederror", resolve, { once: true }));
      device.createBuffer({ size: 16, usage: 0 });
      // Chromium tells of it with the next submission.
      device.queue.submit([]);
      await refused;
    }
    const underWay = [1, 2, 3].map(() => failure(wgsl.pairStats(stretch)));
    const failures = [...(await Promise.all(underWay)), await failure(wgsl.pairStats(stretch))];
    return { failures, losses, redone: fallback.asked.length };
  },

  /** Starts the device again after it was not wanted, and again after it was lost. */
  async startAgain() {
    const losses: string[] = [];
    const onLost = (sentence: string) => losses.push(sentence);
    await startDevice(false, { onLost });
    const { device } = await openTfjsDevice();
    const first = await startDevice(true, { onLost });
    device.destroy();
    await device.lost;
    const { device: next } = await openTfjsDevice();
    return { engine: first.engine?.name, losses, same: next === device };
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
