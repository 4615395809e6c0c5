import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageScript, root } from "../../scripts/install.mjs";
import { runStep } from "../../scripts/run-step.mjs";
import { work } from "./workspace.mjs";

/** What a build of the page is made of. */
const PARTS = ["src", "workers", "public", "scripts", "index.html", "package.json", "vite.config.ts"];
const PARTS_OF_TYPES = readdirSync(root).filter((name) => /^tsconfig.*\.json$/.test(name));

/** The declarations in src/reading that a trial replaces, and what it writes there. */
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

/** Replaces one declaration under `folder`; throws unless it is there exactly once. */
function replace(folder, name, value) {
  const { pattern, text } = DECLARATIONS[name];
  const every = new RegExp(pattern, "g");
  const files = readdirSync(folder).filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"));
  const found = files.flatMap((file) => {
    const source = readFileSync(join(folder, file), "utf8");
    return [...source.matchAll(every)].map(() => ({ path: join(folder, file), source }));
  });
  if (found.length !== 1)
    throw new Error(
      `src/reading declares ${pattern} ${found.length} times, not once: bring stage/tuned-page.mjs up to date.`,
    );
  writeFileSync(found[0].path, found[0].source.replace(pattern, text(value)));
}

/**
 * Builds the page with other constants, from a copy of its sources.
 *
 * @param {string} name of the trial; its folders are called so
 * @param {{ workers?: number, runBytes?: number, chunkElements?: number }} constants those that differ
 * @returns {Promise<string>} the folder of the built page
 */
export async function buildTunedPage(name, constants) {
  const copy = join(work, "tuned", name);
  const outDir = join(work, "tuned", `${name}-page`);
  rmSync(copy, { recursive: true, force: true });
  mkdirSync(copy, { recursive: true });
  for (const part of [...PARTS, ...PARTS_OF_TYPES]) cpSync(join(root, part), join(copy, part), { recursive: true });
  symlinkSync(join(root, "node_modules"), join(copy, "node_modules"), "dir");
  for (const [constant, value] of Object.entries(constants)) replace(join(copy, "src/reading"), constant, value);
  const args = [packageScript("vite"), "build", "--logLevel", "error", "--outDir", outDir, "--emptyOutDir"];
  const step = await runStep({ command: process.execPath, args, cwd: copy, timeoutSeconds: 180 });
  if (!step.ok) throw new Error(`The build of the trial ${name} ${step.reason}; the output above says why.`);
  return outDir;
}
