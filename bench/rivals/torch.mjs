import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { runStep } from "../../scripts/run-step.mjs";

/** What is printed in place of a figure. */
export const NO_TORCH = "torch not found: skipped";

/** The first Python that has torch; $AUSCULT_PYTHON names one to try before the usual ones. */
async function findPython() {
  const named = process.env.AUSCULT_PYTHON;
  const candidates = [...(named ? [named] : []), "python3", "/usr/bin/python3"];
  for (const command of candidates) {
    const step = await runStep({ command, args: ["-c", "import torch"], timeoutSeconds: 60, capture: true });
    if (step.ok) return command;
  }
  return undefined;
}

/** Lets a pool of threads that waits by spinning fall asleep before someone else is timed. */
const settle = () => new Promise((done) => setTimeout(done, 200));

/**
 * What a command answers: mostly `seconds`, and sums that show which numbers were read.
 *
 * @typedef {{ seconds: number, sumD2: number }} TorchAnswer
 *
 * @typedef {{
 *   version: string,
 *   threads: number,
 *   dtypes: string[],
 *   ask: (command: object) => Promise<TorchAnswer>,
 *   close: () => void,
 * }} Torch
 */

/**
 * Starts torch_rival.py and keeps it, so that no figure holds the seconds that importing torch takes.
 *
 * @returns {Promise<Torch | null>} null, after saying so, where no Python has torch
 */
export async function startTorch() {
  const python = await findPython();
  if (python === undefined) {
    console.log(NO_TORCH);
    return null;
  }
  const child = spawn(python, [join(import.meta.dirname, "torch_rival.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { done, value } = await lines.next();
    if (done) throw new Error("The torch script ended early; its own words are above.");
    return JSON.parse(value);
  };
  const { version, threads, dtypes } = await answer();
  return {
    version,
    threads,
    dtypes,
    async ask(command) {
      child.stdin.write(`${JSON.stringify(command)}\n`);
      const answered = await answer();
      await settle();
      return answered;
    },
    close: () => child.stdin.end(),
  };
}
