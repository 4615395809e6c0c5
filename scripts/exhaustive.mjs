// Holds the WebAssembly kernel against an independent count on every pair of finite BF16 numbers and every pair of finite
// F16 numbers, with all cores, for some minutes: `npm run exhaustive`. Then makes sure that a wrong kernel is found out.
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { buildWasm } from "./build-wasm.mjs";
import { bundled, bundleForNode } from "./bundle-for-node.mjs";

/**
 * @typedef {typeof import("../src/kernels/wasm/every-pair/every-pair.ts")} EveryPairModule
 * @typedef {typeof import("../src/kernels/wasm/altered-kernel.ts")} AlteredKernelModule
 * @typedef {import("../src/kernels/wasm/every-pair/every-pair.ts").EveryPairDtype} Dtype
 * @typedef {import("../src/kernels/wasm/every-pair/every-pair.ts").EveryPairReport} Report
 *
 * A stretch of a dtype's bases, and what a worker needs before it is asked for the first.
 *
 * @typedef {{ dtype: Dtype, from: number, to: number }} Portion
 * @typedef {{ folder: string, binary: Uint8Array<ArrayBuffer> }} Setting
 */

/** @type {Dtype[]} */
const DTYPES = ["BF16", "F16"];
/** Bases that a worker checks at a time. */
const PORTION = 120;
/** @type {[from: number, to: number]} the kernel's half a step (assembly/constants.ts), one ulp less */
const MUTATION = [0x40004000, 0x40003fff];
/** Every how many bases the mutated kernel is looked at. */
const SAMPLE = 2003;

const SOURCES = {
  "every-pair": "src/kernels/wasm/every-pair/every-pair.ts",
  "altered-kernel": "src/kernels/wasm/altered-kernel.ts",
};

/** In a worker: answers portions with what is found there. @param {Setting} setting */
async function serve({ folder, binary }) {
  const { EveryPair } = /** @type {EveryPairModule} */ (await bundled(folder)("every-pair"));
  const checks = { BF16: new EveryPair("BF16", binary), F16: new EveryPair("F16", binary) };
  /** @param {Portion} portion */
  const answer = ({ dtype, from, to }) => parentPort?.postMessage(checks[dtype].check(from, to));
  parentPort?.on("message", answer);
}

/** @type {(worker: Worker, message: Portion) => Promise<Report>} */
async function ask(worker, message) {
  const answered = once(worker, "message");
  worker.postMessage(message);
  const [answer] = await answered;
  return answer;
}

/**
 * @param {Setting} setting
 * @param {Record<Dtype, number>} bases
 */
async function checkAll(setting, bases) {
  const portions = DTYPES.flatMap((dtype) =>
    Array.from({ length: Math.ceil(bases[dtype] / PORTION) }, (_, i) => ({
      dtype,
      from: i * PORTION,
      to: Math.min(bases[dtype], (i + 1) * PORTION),
    })),
  );
  const total = portions.length;
  /** @type {{ pairs: Record<Dtype, number>, differences: string[] }} */
  const found = { pairs: { BF16: 0, F16: 0 }, differences: [] };
  let done = 0;
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL(import.meta.url), { workerData: setting }),
  );
  /** @param {Worker} worker */
  const work = async (worker) => {
    for (let next = portions.shift(); next; next = portions.shift()) {
      const { pairs, differences } = await ask(worker, next);
      found.pairs[next.dtype] += pairs;
      found.differences.push(...differences);
      done++;
      if (done % Math.ceil(total / 20) === 0) console.log(`${Math.round((100 * done) / total)} %`);
    }
  };
  try {
    await Promise.all(workers.map(work));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
  return found;
}

async function main() {
  const began = performance.now();
  const binary = new Uint8Array(await readFile(await buildWasm()));
  const folder = await mkdtemp(join(tmpdir(), "auscult-exhaustive-"));
  const load = await bundleForNode(SOURCES, folder);
  try {
    const { EveryPair } = /** @type {EveryPairModule} */ (await load("every-pair"));
    const { withLanes } = /** @type {AlteredKernelModule} */ (await load("altered-kernel"));
    const bases = { BF16: new EveryPair("BF16", binary).bases, F16: new EveryPair("F16", binary).bases };
    const { pairs, differences } = await checkAll({ folder, binary }, bases);
    for (const dtype of DTYPES) {
      const held = pairs[dtype].toLocaleString("en");
      console.log(`${dtype}: ${(bases[dtype] ** 2).toLocaleString("en")} pairs, ${held} counts held on two ways`);
    }
    console.log(differences.length === 0 ? "No difference." : differences.slice(0, 20).join("\n"));

    const missed = DTYPES.filter((dtype) => {
      const mutant = new EveryPair(dtype, withLanes(binary, ...MUTATION));
      return mutant.check(0, mutant.bases, SAMPLE).differences.length === 0;
    });
    console.log(
      missed.length === 0 ? "A mutated kernel is found out." : `Missed a mutated kernel: ${missed.join(", ")}.`,
    );
    console.log(`${Math.round((performance.now() - began) / 1000)} s on ${availableParallelism()} cores`);
    if (differences.length > 0 || missed.length > 0) process.exitCode = 1;
  } finally {
    await rm(folder, { recursive: true });
  }
}

if (isMainThread) await main();
else await serve(workerData);
