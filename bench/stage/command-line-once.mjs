import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { cliFolder } from "../../scripts/build-cli.mjs";
import { runStep } from "../../scripts/run-step.mjs";
import { work } from "./workspace.mjs";

/**
 * One comparison by the command line, from its start to its end: a process with its threads, its file written.
 *
 * @param {readonly [a: string, b: string]} refs
 * @param {{ engine?: string }} [options]
 * @returns {Promise<{ seconds: number, sumD2: number }>}
 * @throws {Error} where it fails
 */
export async function commandLineOnce(refs, { engine } = {}) {
  const file = join(work, "command-line.auscult.json");
  rmSync(file, { force: true });
  const args = [join(cliFolder, "auscult.mjs"), "compare", ...refs, "-o", file];
  if (engine) args.push("--engine", engine);
  const { ok, reason, seconds, output } = await runStep({ command: process.execPath, args, capture: true });
  if (!ok) throw new Error(`The command line ${reason}: ${output}`);
  /** @type {{ pairs: { stats: { sumD2: number } }[] }} */
  const { pairs } = JSON.parse(readFileSync(file, "utf8"));
  return { seconds, sumD2: pairs.reduce((sum, { stats }) => sum + stats.sumD2, 0) };
}
