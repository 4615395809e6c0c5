import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { buildWasm } from "../../scripts/build-wasm.mjs";
import { bundleForNode } from "../../scripts/bundle-for-node.mjs";
import { work } from "./workspace.mjs";

/** The modules of the page that the measurement of a graphics card needs. */
const SOURCES = {
  "dawn-device": "src/kernels/wgsl/dawn-device.ts",
  dispatch: "src/kernels/wgsl/dispatch.ts",
  "pair-stats.wgsl": "src/kernels/wgsl/pair-stats.wgsl.ts",
  "result-stats": "src/kernels/wgsl/result-stats.ts",
  "wgsl-engine": "src/kernels/wgsl/wgsl-engine.ts",
  "wasm-engine": "src/kernels/wasm/wasm-engine.ts",
  "reference-engine": "src/kernels/reference/reference-engine.ts",
  "compare-stats": "src/kernels/compare-stats.ts",
  "hard-pairs": "src/kernels/hard-pairs.ts",
  "narrow-float": "src/kernels/narrow-float.ts",
  "round-to-bits": "src/kernels/round-to-bits.ts",
};

/**
 * @typedef {import("../../src/kernels/engine.ts").Engine} Engine
 * @typedef {import("../../src/kernels/engine.ts").Stretch} Stretch
 * @typedef {import("../../src/kernels/narrow-float.ts").NarrowFloat} NarrowFloat
 * @typedef {typeof import("../../src/kernels/wgsl/dawn-device.ts")
 *   & typeof import("../../src/kernels/wgsl/dispatch.ts")
 *   & typeof import("../../src/kernels/wgsl/pair-stats.wgsl.ts")
 *   & typeof import("../../src/kernels/wgsl/result-stats.ts")
 *   & typeof import("../../src/kernels/wgsl/wgsl-engine.ts")
 *   & typeof import("../../src/kernels/wasm/wasm-engine.ts")
 *   & typeof import("../../src/kernels/reference/reference-engine.ts")
 *   & typeof import("../../src/kernels/compare-stats.ts")
 *   & typeof import("../../src/kernels/hard-pairs.ts")
 *   & typeof import("../../src/kernels/narrow-float.ts")
 *   & typeof import("../../src/kernels/round-to-bits.ts")
 *   & { wasm: import("../../src/kernels/wasm/wasm-engine.ts").WasmEngine }} GpuKernels
 */

/**
 * The WGSL engine and what it is held against, for this Node.
 *
 * @returns {Promise<GpuKernels>} the modules' exports, and the WebAssembly engine, started
 */
export async function buildGpuKernels() {
  const [file, load] = await Promise.all([buildWasm(), bundleForNode(SOURCES, join(work, "gpu-kernels"))]);
  const modules = /** @type {GpuKernels} */ (Object.assign({}, ...(await Promise.all(Object.keys(SOURCES).map(load)))));
  const wasm = modules.createWasmEngine(await WebAssembly.compile(await readFile(file)));
  return { ...modules, wasm };
}
