import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageScript, root } from "../../scripts/install.mjs";
import { makeStep, work } from "./workspace.mjs";

/** What a build of the page is made of. */
const PARTS = ["src", "workers", "public", "scripts", "index.html", "package.json", "vite.config.ts"];
const PARTS_OF_TYPES = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));

/**
 * The declarations in src/ that a trial replaces, and what it writes there.
 *
 * @satisfies {Record<string, { pattern: RegExp, text: (value: number) => string }>}
 */
const DECLARATIONS = {
  workers: {
    pattern: /export const scanWorkerCount = \(cores: number\): number =>[^;]+;/,
    text: (value) => `export const scanWorkerCount = (_cores: number): number => ${value};`,
  },
  runBytes: { pattern: /export const RUN_BYTES = [^;]+;/, text: (value) => `export const RUN_BYTES = ${value};` },
  chunkElements: {
    pattern: /export const CHUNK_ELEMENTS = [^;]+;/,
    text: (value) => `export const CHUNK_ELEMENTS = ${value};`,
  },
};

/**
 * @typedef {Partial<Record<keyof typeof DECLARATIONS, number>>} Constants
 */

/**
 * Replaces one declaration in the sources under `folder`; throws unless it is there exactly once.
 *
 * @param {string} folder
 * @param {keyof typeof DECLARATIONS} name
 * @param {number} value
 */
function replace(folder, name, value) {
  const { pattern, text } = DECLARATIONS[name];
  const every = new RegExp(pattern, "g");
  const files = readdirSync(folder, { encoding: "utf8", recursive: true }).filter(
    (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
  );
  const found = files.flatMap((file) => {
    const source = readFileSync(join(folder, file), "utf8");
    return [...source.matchAll(every)].map(() => ({ path: join(folder, file), source }));
  });
  const [only] = found;
  if (!only || found.length > 1)
    throw new Error(`src/ declares ${pattern} ${found.length} times, not once: bring stage/tuned-page.mjs up to date.`);
  writeFileSync(only.path, only.source.replace(pattern, text(value)));
}

/**
 * Builds the page with other constants, from a copy of its sources.
 *
 * @param {string} name of the trial; its folders are called so
 * @param {Constants} constants those that differ
 * @returns {Promise<string>} the folder of the built page
 */
export async function buildTunedPage(name, constants) {
  const copy = join(work, "tuned", name);
  const outDir = join(work, "tuned", `${name}-page`);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const part of [...PARTS, ...PARTS_OF_TYPES]) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  const { workers, runBytes, chunkElements } = constants;
  const sources = join(copy, "src");
  if (workers !== undefined) replace(sources, "workers", workers);
  if (runBytes !== undefined) replace(sources, "runBytes", runBytes);
  if (chunkElements !== undefined) replace(sources, "chunkElements", chunkElements);
  const args = [packageScript("vite"), "build", "--logLevel", "error", "--outDir", outDir, "--emptyOutDir"];
  await makeStep(`The build of the trial ${name}`, { command: process.execPath, args, cwd: copy });
  return outDir;
}
