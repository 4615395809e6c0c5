import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import { cliFolder } from "../../scripts/build-cli.mjs";
import type { Surroundings } from "../compare.ts";
import { ProgressLine } from "../progress-line.ts";
import { run } from "../run.ts";

/** What a command line gave. */
export interface Ran {
  status: number;
  out: string;
  /** What was said on standard error. */
  said: string;
}

/** The module that threads run, as it is built: Node runs no TypeScript. */
export const THREAD = new URL("thread.mjs", `${pathToFileURL(cliFolder).href}/`);

export const DEMO = fileURLToPath(new URL("../../public/demo", import.meta.url));

/** Runs a command line in this process; only its threads are others. An error becomes its sentence and status 2. */
export async function ran(words: readonly string[], options: Partial<Surroundings> = {}): Promise<Ran> {
  let [out, said] = ["", ""];
  const surroundings: Surroundings = {
    environment: { HF_HOME: "/nowhere" },
    progress: progressOn(false).progress,
    signal: new AbortController().signal,
    out: (text) => {
      out += text;
    },
    say: (sentence) => {
      said += `${sentence}\n`;
    },
    demo: DEMO,
    thread: THREAD,
    ...options,
  };
  try {
    const status = await run(words, surroundings);
    return { status, out, said };
  } catch (error) {
    return { status: 2, out, said: `${said}${(error as Error).message}\n` };
  }
}

/** A folder of a test's own, gone when the test is over. */
export function ownFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "auscult-cli-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A terminal that is none, or one that remembers what was written. */
export function progressOn(isTTY: boolean): { progress: ProgressLine; written: string[] } {
  const written: string[] = [];
  const terminal = { isTTY, columns: 80, write: (text: string) => written.push(text) > 0 };
  return { progress: new ProgressLine(terminal), written };
}

/** Progress that ends the program at its `count`-th word. */
export function endingAt(count: number): Pick<Surroundings, "progress" | "signal"> {
  const controller = new AbortController();
  const { progress } = progressOn(false);
  let words = 0;
  progress.note = () => {
    if (++words === count) controller.abort(new Error("Interrupted."));
  };
  return { progress, signal: controller.signal };
}

/** The text of a comparison file, gzipped or not. */
export function textOf(path: string): string {
  const bytes = readFileSync(path);
  return (bytes[0] === 0x1f ? gunzipSync(bytes) : bytes).toString();
}
