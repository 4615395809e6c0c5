import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NO_TORCH } from "../rivals/torch.mjs";
import { tunedNumbers } from "../stage/tuned-numbers.mjs";
import { buildKernels, work } from "../stage/workspace.mjs";

/** Bytes of an element, of those dtypes that the engines are to be measured on. */
const WIDTH = { BF16: 2, F16: 2, F32: 4, F8_E4M3: 1, F8_E5M2: 1 };
const ARRAYS = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array };
/** Checkpoints in FP8 scale their weights so that they fill the range; the others hold them as they are. */
const FP8_SCALE = 2 ** 12;
/** The goals of the project, by dtype. */
const GOALS = { BF16: "≥ 0.6", F16: "≥ 0.4", F32: "≥ 0.4" };
/** Bytes of one plain copy: no cache holds them. */
const COPIED = 64 * 2 ** 20;
/** The speed of memory that figures are scaled to, in bytes a second. */
const USUAL_COPY = 10e9;

/** The first `count` elements of a stretch. */
function shortened({ dtypeA, dtypeB, a, b }, count) {
  const part = (whole) => whole.subarray(0, count * WIDTH[dtypeA]);
  return { dtypeA, a: part(a), dtypeB, b: part(b), count };
}

function stretchOf(dtype, count, roundToBits) {
  const Bits = ARRAYS[WIDTH[dtype]];
  const [a, b] = [new Bits(count), new Bits(count)];
  const scale = WIDTH[dtype] === 1 ? FP8_SCALE : 1;
  const seed = Object.keys(WIDTH).indexOf(dtype);
  tunedNumbers(seed)(a, b, (value) => roundToBits(dtype, scale * value));
  return { dtypeA: dtype, a: new Uint8Array(a.buffer), dtypeB: dtype, b: new Uint8Array(b.buffer), count };
}

/** Calls a second, of as many calls as begin within `seconds`. */
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

/** The engines on their data, warmed up: a kernel's first calls run before the optimising compiler is done with it. */
async function prepare({ quick }) {
  const { wasm, createWasmEngine, createReferenceEngine, roundToBits, NARROW_FLOATS } = await buildKernels();
  // What the fast engines take, as far as the bench knows it.
  const dtypes = Object.keys(WIDTH).filter((dtype) => NARROW_FLOATS.includes(dtype));
  const engines = {
    wasm: createWasmEngine(await WebAssembly.compile(await readFile(wasm))),
    reference: createReferenceEngine(),
  };
  const [count, referenceCount] = quick ? [2 ** 19, 2 ** 17] : [2 ** 23, 2 ** 20];
  const stretches = {};
  for (const dtype of dtypes) {
    const whole = stretchOf(dtype, count, roundToBits);
    stretches[dtype] = { wasm: whole, reference: shortened(whole, referenceCount) };
    for (const name of ["wasm", "reference"]) {
      for (let i = 0; i < 3; i++) engines[name].pairStats(stretches[dtype][name]);
    }
  }
  const [from, to] = [new Uint8Array(COPIED).fill(1), new Uint8Array(COPIED).fill(2)];
  return { engines, stretches, copy: () => to.set(from) };
}

async function torchRate(torch, dtype, { a, b, count }, seconds) {
  const paths = ["a", "b"].map((side) => join(work, `kernel-${side}.bin`));
  await Promise.all([writeFile(paths[0], a), writeFile(paths[1], b)]);
  await torch.ask({ load: paths, dtype, count });
  // Once unmeasured, as the engines had it.
  await torch.ask({ memory: 0 });
  return count / (await torch.ask({ memory: seconds })).seconds;
}

/** Every rate of one run, in pairs a second, and the copy's in bytes a second. */
async function runOnce({ engines, stretches, copy }, torch, seconds) {
  const run = { copy: callsPerSecond(copy, seconds) * COPIED, pairs: {} };
  for (const [dtype, stretch] of Object.entries(stretches)) {
    const rate = {};
    for (const name of ["wasm", "reference"]) {
      const { [name]: mine } = stretch;
      rate[name] = callsPerSecond(() => engines[name].pairStats(mine), seconds) * mine.count;
    }
    if (torch?.dtypes.includes(dtype)) rate.torch = await torchRate(torch, dtype, stretch.wasm, seconds);
    run.pairs[dtype] = rate;
  }
  return run;
}

function rowsOf(runs, torch) {
  const rows = [{ label: "memcpy", unit: "GB/s", values: runs.map(({ copy }) => copy / 1e9) }];
  for (const dtype of Object.keys(runs[0].pairs)) {
    const values = (value) => runs.map(({ copy, pairs }) => value(pairs[dtype], copy));
    const versusTorch = torch?.dtypes.includes(dtype)
      ? { values: values(({ wasm, torch: other }) => wasm / other) }
      : { values: [], note: torch ? `torch ${torch.version} has no such dtype: not measured` : NO_TORCH };
    rows.push(
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
    );
  }
  return rows;
}

/** The engines by themselves, in Node: data in memory, nothing else to wait for. */
export const kernels = {
  name: "kernels",
  about: "WASM and reference kernels in Node, a plain copy and torch on the same data in memory",
  async measure({ repeat, quick, torch: startTorch }) {
    const prepared = await prepare({ quick });
    const torch = await startTorch();
    const runs = await repeat(() => runOnce(prepared, torch, quick ? 0.02 : 0.4));
    const facts = torch && { torch: torch.version, torchThreads: torch.threads };
    return { facts, runs, rows: rowsOf(runs, torch) };
  },
};
