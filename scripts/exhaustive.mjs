// Holds the WebAssembly kernel against an independent count on every pair of finite BF16 numbers and every pair of finite
// F16 numbers, with all cores, for some minutes: `npm run exhaustive`. Then makes sure that a wrong kernel is found out.
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { buildWasm } from "./build-wasm.mjs";
import { bundled, bundleForNode } from "./bundle-for-node.mjs";

const DTYPES = ["BF16", "F16"];
/** Bases that a worker checks at a time. */
const PORTION = 120;
/** The kernel's half a step (assembly/constants.ts), one ulp less. */
const MUTATION = [0x40004000, 0x40003fff];
/** Every how many bases the mutated kernel is looked at. */
const SAMPLE = 2003;

const SOURCES = {
  "every-pair": "src/kernels/wasm/every-pair/every-pair.ts",
  "altered-kernel": "src/kernels/wasm/altered-kernel.ts",
};

/** In a worker: answers { dtype, from, to } with what is found there. */
async function serve({ folder, binary }) {
  const { EveryPair } = await bundled(folder)("every-pair");
  const checks = Object.fromEntries(DTYPES.map((dtype) => [dtype, new EveryPair(dtype, binary)]));
  parentPort.on("message", ({ dtype, from, to }) => parentPort.postMessage(checks[dtype].check(from, to)));
}

async function ask(worker, message) {
  const answered = once(worker, "message");
  worker.postMessage(message);
  const [answer] = await answered;
  return answer;
}

async function checkAll(folder, binary, bases) {
  const portions = DTYPES.flatMap((dtype) =>
    Array.from({ length: Math.ceil(bases[dtype] / PORTION) }, (_, i) => ({
      dtype,
      from: i * PORTION,
      to: Math.min(bases[dtype], (i + 1) * PORTION),
    })),
  );
  const total = portions.length;
  const found = { pairs: { BF16: 0, F16: 0 }, differences: [] };
  let done = 0;
  const workers = Array.from(
    { length: availableParallelism() },
    () => new Worker(new URL(import.meta.url), { workerData: { folder, binary } }),
  );
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
    const [{ EveryPair }, { withLanes }] = await Promise.all([load("every-pair"), load("altered-kernel")]);
    const bases = Object.fromEntries(DTYPES.map((dtype) => [dtype, new EveryPair(dtype, binary).bases]));
    const { pairs, differences } = await checkAll(folder, binary, bases);
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
