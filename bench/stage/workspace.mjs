import { join } from "node:path";
import { buildWasm } from "../../scripts/build-wasm.mjs";
import { bundleForNode } from "../../scripts/bundle-for-node.mjs";
import { packageScript, root } from "../../scripts/install.mjs";
import { runStep } from "../../scripts/run-step.mjs";

/** Everything the bench makes for itself; not in the repository. */
export const work = join(root, "bench/work");
/** The built page. Not dist/: someone may be serving that at this moment. */
export const pageFolder = join(work, "page");

async function run(what, args) {
  const step = await runStep({ command: process.execPath, args, cwd: root, timeoutSeconds: 180 });
  if (!step.ok) throw new Error(`${what} ${step.reason}; the output above says why.`);
}

/** Builds the page as it is deployed into `pageFolder`. */
export async function buildPage() {
  await run("Generating", [join(root, "scripts/generate.mjs")]);
  const args = ["build", "--logLevel", "error", "--outDir", pageFolder, "--emptyOutDir"];
  await run("The build", [packageScript("vite"), ...args]);
}

/**
 * The kernels for this Node: the sources bundled as the page has them, so that neither a test runner nor a loader stands
 * between a kernel and its figures.
 *
 * @returns {Promise<{ wasm: string, createWasmEngine: Function, createReferenceEngine: Function, roundToBits: Function, NARROW_FLOATS: string[] }>}
 *   `wasm` is the path of the WebAssembly file; the rest are the modules' exports
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
  return Object.assign({ wasm }, ...modules);
}
