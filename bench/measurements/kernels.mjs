import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NO_TORCH } from "../rivals/torch.mjs";
import { tunedNumbers } from "../stage/tuned-numbers.mjs";
import { buildKernels, work } from "../stage/workspace.mjs";

/**
 * @typedef {import("../../src/kernels/narrow-float.ts").NarrowFloat} NarrowFloat
 * @typedef {import("../../src/kernels/engine.ts").Stretch} Stretch
 * @typedef {import("../rivals/torch.mjs").Torch} Torch
 *
 * The engines that are measured, and something for each of them.
 *
 * @typedef {"wasm" | "reference"} Name
 *
 * @typedef {{
 *   engines: Record<Name, import("../../src/kernels/engine.ts").Engine>,
 *   stretches: Map<NarrowFloat, Record<Name, Stretch>>,
 *   copy: () => void,
 * }} Prepared
 *
 * Pairs a second of each engine and of torch, where it has the dtype; the copy's bytes a second.
 *
 * @typedef {Record<Name, number> & { torch?: number }} Rates
 * @typedef {{ copy: number, pairs: Partial<Record<NarrowFloat, Rates>> }} Run
 */

/** @type {Name[]} */
const NAMES = ["wasm", "reference"];
/** @type {Record<NarrowFloat, 1 | 2 | 4>} bytes of an element */
const WIDTH = { BF16: 2, F16: 2, F32: 4, F8_E4M3: 1, F8_E5M2: 1 };
const ARRAYS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array };
/** Checkpoints in FP8 scale their weights so that they fill the range; the others hold them as they are. */
const FP8_SCALE = 2 ** 12;
/** @type {Partial<Record<NarrowFloat, string>>} the goals of the project */
const GOALS = { BF16: "≥ 0.6", F16: "≥ 0.4", F32: "≥ 0.4" };
/** Bytes of one plain copy: no cache holds them. */
const COPIED = 64 * 2 ** 20;
/** The speed of memory that figures are scaled to, in bytes a second. */
const USUAL_COPY = 10e9;

/**
 * The first `count` elements of a stretch of one dtype.
 *
 * @param {Stretch} whole
 * @param {number} count
 * @returns {Stretch}
 */
function shortened(whole, count) {
  const end = (count / whole.count) * whole.a.length;
  return { ...whole, a: whole.a.subarray(0, end), b: whole.b.subarray(0, end), count };
}

/**
 * @param {NarrowFloat} dtype
 * @param {{ seed: number, count: number }} numbers
 * @param {import("../stage/workspace.mjs").Kernels["roundToBits"]} roundToBits
 * @returns {Stretch}
 */
function stretchOf(dtype, { seed, count }, roundToBits) {
  const Bits = ARRAYS[WIDTH[dtype]];
  const a = new Bits(count);
  const b = new Bits(count);
  const scale = WIDTH[dtype] === 1 ? FP8_SCALE : 1;
  tunedNumbers(seed)(a, b, (value) => roundToBits(dtype, scale * value));
  return { dtypeA: dtype, a: new Uint8Array(a.buffer), dtypeB: dtype, b: new Uint8Array(b.buffer), count };
}

/** @type {(work: () => void, seconds: number) => number} calls a second, of as many calls as begin within `seconds` */
function callsPerSecond(work, seconds) {
  const began = performance.now();
  let calls = 0;
  let elapsed = 0;
  do {
    work();
    calls++;
    elapsed = (performance.now() - began) / 1000;
  } while (elapsed < seconds);
  return calls / elapsed;
}

/**
 * The engines on their data, warmed up: a kernel's first calls run before the optimising compiler is done with it.
 *
 * @param {boolean} quick
 * @returns {Promise<Prepared>}
 */
async function prepare(quick) {
  const { wasm, createWasmEngine, createReferenceEngine, roundToBits, NARROW_FLOATS } = await buildKernels();
  const engines = {
    wasm: createWasmEngine(await WebAssembly.compile(await readFile(wasm))),
    reference: createReferenceEngine(),
  };
  const [count, referenceCount] = quick ? [2 ** 19, 2 ** 17] : [2 ** 23, 2 ** 20];
  /** @type {Prepared["stretches"]} */
  const stretches = new Map();
  for (const [seed, dtype] of NARROW_FLOATS.entries()) {
    const whole = stretchOf(dtype, { seed, count }, roundToBits);
    const mine = { wasm: whole, reference: shortened(whole, referenceCount) };
    stretches.set(dtype, mine);
    for (const name of NAMES) for (let i = 0; i < 3; i++) engines[name].pairStats(mine[name]);
  }
  const from = new Uint8Array(COPIED).fill(1);
  const to = new Uint8Array(COPIED).fill(2);
  return { engines, stretches, copy: () => to.set(from) };
}

/** @type {(torch: Torch, dtype: NarrowFloat, stretch: Stretch, seconds: number) => Promise<number>} */
async function torchRate(torch, dtype, { a, b, count }, seconds) {
  const paths = ["a", "b"].map((side) => join(work, `kernel-${side}.bin`));
  await Promise.all([writeFile(paths[0], a), writeFile(paths[1], b)]);
  await torch.ask({ load: paths, dtype, count });
  // Once unmeasured, as the engines had it.
  await torch.ask({ memory: 0 });
  return count / (await torch.ask({ memory: seconds })).seconds;
}

/**
 * Every rate of one run.
 *
 * @param {Prepared} prepared
 * @param {Torch | null} torch
 * @param {number} seconds for each
 */
async function runOnce({ engines, stretches, copy }, torch, seconds) {
  /** @type {Run} */
  const run = { copy: callsPerSecond(copy, seconds) * COPIED, pairs: {} };
  for (const [dtype, stretch] of stretches) {
    /** @param {Name} name */
    const rateOf = (name) =>
      callsPerSecond(() => engines[name].pairStats(stretch[name]), seconds) * stretch[name].count;
    /** @type {Rates} */
    const rates = { wasm: rateOf("wasm"), reference: rateOf("reference") };
    if (torch?.dtypes.includes(dtype)) rates.torch = await torchRate(torch, dtype, stretch.wasm, seconds);
    run.pairs[dtype] = rates;
  }
  return run;
}

/**
 * @param {readonly Run[]} runs
 * @param {readonly NarrowFloat[]} dtypes
 * @param {Torch | null} torch
 * @returns {import("../report/table.mjs").Row[]}
 */
function rowsOf(runs, dtypes, torch) {
  const rowsOfDtype = dtypes.flatMap((dtype) => {
    /** @param {(rates: Rates, copy: number) => number} value */
    const values = (value) => runs.flatMap(({ copy, pairs: { [dtype]: rates } }) => (rates ? value(rates, copy) : []));
    const versusTorch = torch?.dtypes.includes(dtype)
      ? { values: values(({ wasm, torch: other = Number.NaN }) => wasm / other) }
      : { values: [], note: torch ? `torch ${torch.version} has no such dtype: not measured` : NO_TORCH };
    return [
      { label: `${dtype} wasm, one core`, unit: "G pairs/s", values: values(({ wasm }) => wasm / 1e9) },
      {
        label: `${dtype} wasm, scaled to a memcpy of 10 GB/s`,
        unit: "G pairs/s",
        values: values(({ wasm }, copy) => ((wasm / 1e9) * USUAL_COPY) / copy),
        goal: GOALS[dtype],
      },
      { label: `${dtype} reference, one core`, unit: "G pairs/s", values: values(({ reference }) => reference / 1e9) },
      { label: `${dtype} wasm / reference`, unit: "×", values: values(({ wasm, reference }) => wasm / reference) },
      { label: `${dtype} wasm, one core / torch, all threads`, unit: "×", ...versusTorch, goal: "≥ 6" },
    ];
  });
  return [{ label: "memcpy", unit: "GB/s", values: runs.map(({ copy }) => copy / 1e9) }, ...rowsOfDtype];
}

/**
 * The engines by themselves, in Node: data in memory, nothing else to wait for.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const kernels = {
  name: "kernels",
  about: "WASM and reference kernels in Node, a plain copy and torch on the same data in memory",
  async measure({ repeat, quick, torch: startTorch }) {
    const prepared = await prepare(quick);
    const torch = await startTorch();
    const runs = await repeat(() => runOnce(prepared, torch, quick ? 0.02 : 0.4));
    const facts = torch ? { torch: torch.version, torchThreads: torch.threads } : {};
    return { facts, runs, rows: rowsOf(runs, [...prepared.stretches.keys()], torch) };
  },
};
