import { join } from "node:path";
import { buildWasm } from "../../scripts/build-wasm.mjs";
import { bundleForNode } from "../../scripts/bundle-for-node.mjs";
import { packageScript, root } from "../../scripts/install.mjs";
import { runStep } from "../../scripts/run-step.mjs";

/** Everything the bench makes for itself; not in the repository. */
export const work = join(root, "bench/work");
/** The built page. Not dist/: someone may be serving that at this moment. */
export const pageFolder = join(work, "page");

/**
 * Runs one command of a build to its end.
 *
 * @param {string} what it is, as the beginning of a sentence
 * @param {{ command: string, args: string[], cwd?: string, env?: Record<string, string> }} step
 * @throws {Error} where it fails or takes longer than five minutes
 */
export async function makeStep(what, step) {
  const { ok, reason } = await runStep({ cwd: root, ...step, timeoutSeconds: 300 });
  if (!ok) throw new Error(`${what} ${reason}; the output above says why.`);
}

/** Builds the page as it is deployed into `pageFolder`. */
export async function buildPage() {
  const command = process.execPath;
  await makeStep("Generating", { command, args: [join(root, "scripts/generate.mjs")] });
  const args = ["build", "--logLevel", "error", "--outDir", pageFolder, "--emptyOutDir"];
  await makeStep("The build", { command, args: [packageScript("vite"), ...args] });
}

/**
 * @typedef {typeof import("../../src/kernels/wasm/wasm-engine.ts")
 *   & typeof import("../../src/kernels/reference/reference-engine.ts")
 *   & typeof import("../../src/kernels/round-to-bits.ts")
 *   & typeof import("../../src/kernels/narrow-float.ts")} Kernels
 */

/**
 * The kernels for this Node: the sources bundled as the page has them, so that neither a test runner nor a loader stands
 * between a kernel and its figures.
 *
 * @returns {Promise<Kernels & { wasm: string }>} `wasm` is the path of the WebAssembly file; the rest are the modules' exports
 */
export async function buildKernels() {
  const wasm = await buildWasm();
  const sources = {
    "wasm-engine": "src/kernels/wasm/wasm-engine.ts",
    "reference-engine": "src/kernels/reference/reference-engine.ts",
    "round-to-bits": "src/kernels/round-to-bits.ts",
    "narrow-float": "src/kernels/narrow-float.ts",
  };
  const load = await bundleForNode(sources, join(work, "kernels"));
  const modules = await Promise.all(Object.keys(sources).map(load));
  return Object.assign({ wasm }, .../** @type {[Kernels]} */ (modules));
}
