import { buildGpuKernels } from "../stage/gpu-kernels.mjs";
import { gpuUploads } from "../stage/gpu-uploads.mjs";
import { holdCounts, holdStats } from "../stage/hold-counts.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { residentKernel } from "../stage/resident-kernel.mjs";
import { tunedStretch } from "../stage/tuned-stretch.mjs";

/**
 * @typedef {import("../stage/gpu-kernels.mjs").GpuKernels} GpuKernels
 * @typedef {import("../stage/gpu-kernels.mjs").Stretch} Stretch
 *
 * Something that is timed by calling it over and over: so many pairs or bytes (`amount`) come of one call.
 * @typedef {{ label: string, unit: string, amount: number, call: () => Promise<unknown> }} Contestant
 *
 * @typedef {{ rates: Record<string, number> }} Run
 *
 * A contestant that is not prepared yet. In a ladder each has more to do in a call than the one before.
 * @typedef {{ label: string, unit: string, load: number, prepare: () => Promise<Omit<Contestant, "label" | "unit">> }} Rung
 */

const DTYPES = /** @type {const} */ (["BF16", "F16", "F32"]);
/** Pairs of a stretch: less than a dispatch of the engine, one of 16-bit floats, and many. */
const SIZES = [2 ** 16, 2 ** 20, 2 ** 24];
/** Stretches that the engine gets at once, as from a scan with several workers. */
const TOGETHER = 4;
/** Bytes of an upload: a side of the engine's dispatch, and more. */
const UPLOADS = [2 ** 21, 2 ** 24];
const PAIRS = "G pairs/s";
const BYTES = "GB/s";

/** Seconds in which all calls together may begin, and at most those of one contestant in one run. */
const ALL_SECONDS = 80;
const MOST_SECONDS = 0.4;
/** Seconds of a call that is worth the wait, where nothing smaller is measured. */
const PATIENCE = 2;
/** Dispatches in one submission, at most. */
const MOST_DISPATCHES = 2 ** 14;

/** @param {number} count */
const size = (count) => (count < 2 ** 20 ? `${count / 2 ** 10} k` : `${count / 2 ** 20} M`);

/** @param {() => Promise<unknown>} call */
async function secondsOf(call) {
  const began = performance.now();
  await call();
  return (performance.now() - began) / 1000;
}

/**
 * What comes of calls a second, of as many as begin within `seconds`.
 *
 * @param {Contestant} contestant
 * @param {number} seconds
 */
async function rateOf({ amount, call }, seconds) {
  let [calls, elapsed] = [0, 0];
  do {
    elapsed += await secondsOf(call);
    calls++;
  } while (elapsed < seconds);
  return (calls * amount) / elapsed;
}

/**
 * Prepares the rungs from the lowest, which is left out only where there is no waiting for it, as far as a call takes no
 * longer than `seconds`.
 *
 * @param {Rung[]} ladder
 * @param {number} seconds
 */
async function climb(ladder, seconds) {
  /** @type {Contestant[]} */
  const contestants = [];
  let perLoad = 0;
  for (const { label, unit, load, prepare } of ladder) {
    const most = contestants.length === 0 ? PATIENCE : seconds;
    if (perLoad * load > most) break;
    const prepared = await prepare();
    await prepared.call();
    const took = await secondsOf(prepared.call);
    if (took > most) break;
    perLoad = took / load;
    contestants.push({ label, unit, ...prepared });
  }
  return contestants;
}

/**
 * @param {string} label
 * @param {number} count
 * @param {GPUDevice} device
 * @param {GpuKernels} kernels
 * @param {() => Stretch} stretch
 * @param {number} seconds
 * @returns {Rung}
 */
function kernelRung(label, count, device, kernels, stretch, seconds) {
  const prepare = async () => {
    const kernel = await residentKernel(device, kernels, stretch());
    await holdStats(kernels, await kernel.stats(), stretch(), "The WGSL shader on its own");
    let times = 1;
    const compute = () => secondsOf(() => kernel.compute(times));
    // Long enough that waiting for the end is a small part of it; the better of two, for one may have been held up.
    while (times < MOST_DISPATCHES && Math.min(await compute(), await compute()) < seconds / 8) times *= 2;
    return { amount: times * count, call: () => kernel.compute(times) };
  };
  return { label, unit: PAIRS, load: count, prepare };
}

/**
 * Every ladder there is: for each dtype the WebAssembly engine, the shader alone and the whole engine, and the ways up.
 *
 * @param {GPUDevice} device
 * @param {GpuKernels} kernels
 * @param {import("../stage/gpu-kernels.mjs").Engine} engine
 * @param {number} seconds
 * @returns {Rung[][]}
 */
function laddersOf(device, kernels, engine, seconds) {
  /** @type {Map<string, Stretch>} */
  const drawn = new Map();
  /** @param {(typeof DTYPES)[number]} dtype @param {number} count */
  const stretchOf = (dtype, count) => {
    const key = `${dtype} ${count}`;
    const stretch = drawn.get(key) ?? tunedStretch(dtype, count, kernels.roundToBits);
    drawn.set(key, stretch);
    return stretch;
  };
  const ladders = DTYPES.flatMap((dtype) => {
    const wasm = SIZES.slice(-1).map((count) => ({
      label: wasmLabel(dtype),
      unit: PAIRS,
      load: count,
      prepare: async () => ({ amount: count, call: async () => kernels.wasm.pairStats(stretchOf(dtype, count)) }),
    }));
    const alone = SIZES.map((count) =>
      kernelRung(aloneLabel(dtype, count), count, device, kernels, () => stretchOf(dtype, count), seconds),
    );
    const whole = SIZES.map((count) => ({
      label: wholeLabel(dtype, count),
      unit: PAIRS,
      load: count,
      prepare: async () => {
        const stretch = stretchOf(dtype, count);
        const call = () => Promise.all(Array.from({ length: TOGETHER }, () => engine.pairStats(stretch)));
        return { amount: TOGETHER * count, call };
      },
    }));
    return [wasm, alone, whole];
  });
  return [...ladders, ...uploadLadders(device)];
}

/** @param {string} dtype */
const wasmLabel = (dtype) => `${dtype} wasm, one core`;
/** @param {string} dtype @param {number} count */
const aloneLabel = (dtype, count) => `${dtype} shader alone, ${size(count)} pairs`;
/** @param {string} dtype @param {number} count */
const wholeLabel = (dtype, count) => `${dtype} upload, shader and answer, ${size(count)} pairs`;

/** @param {GPUDevice} device @returns {Rung[][]} */
function uploadLadders(device) {
  const ways = /** @type {const} */ (["writeBuffer", "mapped"]);
  return ways.map((way) =>
    UPLOADS.map((bytes) => ({
      label: `upload, ${way}, ${bytes / 2 ** 20} MiB at a time`,
      unit: BYTES,
      load: bytes,
      prepare: async () => {
        const data = Uint8Array.from({ length: bytes }, (_, i) => (i * 2654435761) >>> 24);
        const uploads = gpuUploads(device, data);
        await uploads[way]();
        await uploads.hold(way);
        return { amount: uploads.bytes, call: uploads[way] };
      },
    })),
  );
}

/**
 * @param {Run[]} runs
 * @param {Rung[]} rungs
 * @param {string} mark what the label of every figure of the device ends with
 */
function rowsOf(runs, rungs, mark) {
  /** @param {string} label */
  const isMeasured = (label) => label in runs[0].rates;
  const rates = rungs.map(({ label, unit }) => {
    const marked = label.includes("wasm") ? label : label + mark;
    if (!isMeasured(label)) return { label: marked, unit, values: [], note: "a call takes too long here: left out" };
    return { label: marked, unit, values: runs.map((run) => run.rates[label] / 1e9) };
  });
  const ratios = DTYPES.flatMap((dtype) =>
    SIZES.filter((count) => isMeasured(wholeLabel(dtype, count)) && isMeasured(wasmLabel(dtype))).map((count) => {
      const label = `${wholeLabel(dtype, count)}${mark} / wasm, one core`;
      return {
        label,
        unit: "×",
        values: runs.map((run) => run.rates[wholeLabel(dtype, count)] / run.rates[wasmLabel(dtype)]),
      };
    }),
  );
  return [...rates, ...ratios];
}

/** @param {GPUAdapterInfo} info */
const adapterOf = ({ vendor, architecture, device, description }) => ({ vendor, architecture, device, description });

/**
 * @param {import("../../src/kernels/wgsl/graphics-device.ts").GraphicsDevice} opened
 * @param {GpuKernels} kernels
 * @param {import("./measurement.d.ts").Tools} tools
 */
async function measureOn({ device, isFallback, description }, kernels, { repeat, runs: times, quick }) {
  let [redone, lost] = [0, ""];
  /** @type {import("../stage/gpu-kernels.mjs").Engine} */
  const fallback = {
    name: "wasm",
    pairStats(stretch) {
      redone++;
      return kernels.wasm.pairStats(stretch);
    },
    close() {},
  };
  const onLost = (/** @type {string} */ sentence) => {
    lost = sentence;
  };
  const engine = kernels.createWgslEngine(device, fallback, { onLost });
  console.log(
    `On ${description}${isFallback ? ", which is software: what it gets right counts, its figures are no one's" : ""}.`,
  );
  const long = DTYPES.map((dtype) => tunedStretch(dtype, SIZES[1] + SIZES[0], kernels.roundToBits));
  const held = await holdCounts(kernels, engine, () => redone, long);
  console.log(
    `Right: ${held.elements} pairs of ${held.dtypePairs} pairs of dtypes, every count as the reference has it ` +
      `(${held.redone} dispatches of extreme numbers by the fallback).`,
  );
  const ladderCount = DTYPES.length * (1 + 2 * SIZES.length) + 2 * UPLOADS.length;
  const seconds = quick ? 0.05 : Math.min(MOST_SECONDS, ALL_SECONDS / (times * ladderCount));
  const ladders = laddersOf(device, kernels, engine, seconds);
  /** @type {Contestant[]} */
  const contestants = [];
  for (const ladder of ladders) contestants.push(...(await climb(ladder, seconds)));
  const redoneBefore = redone;
  const runs = await repeat(async (index) => {
    const rates = await inTurn(
      Object.fromEntries(contestants.map((each) => [each.label, () => rateOf(each, seconds)])),
      index,
    );
    if (lost) throw new Error(lost);
    if (redone > redoneBefore) throw new Error("The WGSL engine left stretches to its fallback while it was timed.");
    return { rates };
  });
  engine.close();
  const facts = { adapter: { ...adapterOf(device.adapterInfo), software: isFallback }, held };
  return { facts, runs, rows: rowsOf(runs, ladders.flat(), isFallback ? ", in software" : ""), isNoOnes: isFallback };
}

/**
 * The WGSL engine in Node, on Dawn: no browser, no network, nothing else to wait for.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const gpu = {
  name: "gpu",
  about: "the WGSL engine in Node on the graphics card there is: shader, uploads and both, beside one core of WASM",
  async measure(options) {
    const began = performance.now();
    const kernels = await buildGpuKernels();
    let opened;
    try {
      opened = await kernels.openDawnDevice(() => import("webgpu"));
    } catch (error) {
      if (error instanceof Error && error.name === "GpuUnavailable") return { notMeasured: error.message };
      throw error;
    }
    try {
      const measured = await measureOn(opened, kernels, options);
      const secondsInAll = (performance.now() - began) / 1000;
      return { ...measured, facts: { ...measured.facts, secondsInAll } };
    } finally {
      opened.close();
    }
  },
};
