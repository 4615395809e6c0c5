// Compiles the WebAssembly kernel. Run by hand (`node scripts/build-wasm.mjs`) or imported.
import { mkdir, readdir, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

const root = dirname(import.meta.dirname);
const sources = join(root, "src/kernels/wasm/assembly");
const output = join(root, "src/kernels/wasm/pair-stats.wasm");

/** When a file last changed, in milliseconds; 0 where there is none. @param {string} path */
const changedAt = async (path) => (await stat(path).catch(() => null))?.mtimeMs ?? 0;

async function isUpToDate() {
  const inputs = (await readdir(sources)).map((name) => join(sources, name));
  const times = await Promise.all([...inputs, import.meta.filename, join(root, "package-lock.json")].map(changedAt));
  return (await changedAt(output)) > Math.max(...times);
}

/**
 * Writes src/kernels/wasm/pair-stats.wasm unless it is newer than everything it is made from, and returns its path.
 * Rejects with what the compiler said.
 *
 * @returns {Promise<string>}
 */
export async function buildWasm() {
  if (await isUpToDate()) return output;
  const { default: asc } = await import("assemblyscript/asc");
  const options = ["--outFile", "pair-stats.wasm", "-O3", "--noAssert", "--enable", "simd", "--runtime", "stub"];
  let binary;
  const { error, stderr } = await asc.main(["pair-stats.ts", ...options, "--baseDir", sources], {
    writeFile: (_name, contents) => {
      binary = contents;
    },
  });
  if (error || !binary) throw new Error(`The WebAssembly kernel does not compile.\n${stderr}`, { cause: error });
  await mkdir(dirname(output), { recursive: true });
  // Renamed into place: whoever reads it at this moment gets a whole file, old or new.
  const draft = `${output}.${process.pid}`;
  await writeFile(draft, binary);
  await rename(draft, output);
  return output;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) console.log(await buildWasm());
