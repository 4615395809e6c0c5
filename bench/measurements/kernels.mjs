import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NO_TORCH } from "../rivals/torch.mjs";
import { tunedNumbers } from "../stage/tuned-numbers.mjs";
import { buildKernels, work } from "../stage/workspace.mjs";

const DTYPES = ["BF16", "F16", "F32"];
/** Bytes of one plain copy: no cache holds them. */
const COPIED = 64 * 2 ** 20;
/** The speed of memory that figures are scaled to, in bytes a second. */
const USUAL_COPY = 10e9;

/** Bytes of a stretch that begins where `stretch` does. */
function shortened({ dtypeA, dtypeB, a, b }, count) {
  const bytes = (whole) => whole.subarray(0, count * (dtypeA === "F32" ? 4 : 2));
  return { dtypeA, a: bytes(a), dtypeB, b: bytes(b), count };
}

function stretchOf(dtype, count, roundToBits) {
  const bits = () => (dtype === "F32" ? new Uint32Array(count) : new Uint16Array(count));
  const [a, b] = [bits(), bits()];
  tunedNumbers(DTYPES.indexOf(dtype))(a, b, (value) => roundToBits(dtype, value));
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
  const { wasm, createWasmEngine, createReferenceEngine, roundToBits } = await buildKernels();
  const engines = {
    wasm: createWasmEngine(await WebAssembly.compile(await readFile(wasm))),
    reference: createReferenceEngine(),
  };
  const [count, referenceCount] = quick ? [2 ** 19, 2 ** 17] : [2 ** 23, 2 ** 20];
  const stretches = {};
  for (const dtype of DTYPES) {
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
  for (const dtype of DTYPES) {
    const rate = {};
    for (const name of ["wasm", "reference"]) {
      const stretch = stretches[dtype][name];
      rate[name] = callsPerSecond(() => engines[name].pairStats(stretch), seconds) * stretch.count;
    }
    if (torch) rate.torch = await torchRate(torch, dtype, stretches[dtype].wasm, seconds);
    run.pairs[dtype] = rate;
  }
  return run;
}

function rowsOf(runs, torch) {
  const rows = [{ label: "memcpy", unit: "GB/s", values: runs.map(({ copy }) => copy / 1e9) }];
  for (const dtype of DTYPES) {
    const values = (value) => runs.map(({ copy, pairs }) => value(pairs[dtype], copy));
    const versusTorch = torch
      ? { values: values(({ wasm, torch: other }) => wasm / other) }
      : { values: [], note: NO_TORCH };
    rows.push(
      { label: `${dtype} wasm, one core`, unit: "G pairs/s", values: values(({ wasm }) => wasm / 1e9) },
      {
        label: `${dtype} wasm, scaled to a memcpy of 10 GB/s`,
        unit: "G pairs/s",
        values: values(({ wasm }, copy) => ((wasm / 1e9) * USUAL_COPY) / copy),
        goal: dtype === "BF16" ? "≥ 0.6" : "≥ 0.4",
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
