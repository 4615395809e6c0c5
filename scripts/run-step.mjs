import { spawn } from "node:child_process";

/** How long a process group may take to end by itself after SIGTERM, in milliseconds; browsers are closed in it. */
const GRACE = 8000;

/**
/**
 * Seconds without a word after which a command hangs, on a machine of the usual speed (slowness.mjs). A slow machine writes
 * later, a hung command nothing more: what may take long is limited by this and by no clock.
 */
const SILENCE = 300;

/**
 * Signals a child with everything it started: it leads its own process group (on Windows, itself only).
 *
 * @param {import("node:child_process").ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
  try {
    if (process.platform === "win32") child.kill(signal);
    else if (child.pid !== undefined) process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/**
 * Runs one command to its end, without a stdin. Where it has written nothing for long (300 s, more where AUSCULT_SLOWNESS says
 * that the machine is slow), or has not ended after `timeoutSeconds`, its whole process group is ended, as it is when this
 * process is interrupted. The command's output goes to ours, or with `capture` is returned.
 *
 * @param {{ command: string, args?: string[], cwd?: string, env?: Record<string, string>, timeoutSeconds?: number, capture?: boolean }} step
 * @returns {Promise<{ ok: boolean, seconds: number, reason: string, output: string }>} `reason` is "" or the end of a
 *   sentence about the command ("wrote nothing for 300 s …"); the promise never rejects.
 */
export function runStep({ command, args = [], cwd, env = {}, timeoutSeconds, capture = false }) {
  const began = performance.now();
  const silenceSeconds = Math.round(SILENCE * Number(process.env.AUSCULT_SLOWNESS || 1));
  // Its output passes through here, so that the command does not see our terminal.
  const colours = !capture && process.stdout.isTTY ? { FORCE_COLOR: "1" } : {};
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...colours, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    let output = "";
    let reason = "";
    /** @param {string} why */
    const stop = (why) => {
      reason ||= why;
      signalGroup(child, "SIGTERM");
      setTimeout(() => signalGroup(child, "SIGKILL"), GRACE).unref();
    };
    const interrupt = () => {
      process.exitCode = 130;
      stop("was interrupted");
    };
    /** @param {number} seconds @param {string} why */
    const endAfter = (seconds, why) => setTimeout(() => stop(`${why} ${seconds} s and was ended`), seconds * 1000);
    const silence = endAfter(silenceSeconds, "wrote nothing for");
    const limit = timeoutSeconds === undefined ? undefined : endAfter(timeoutSeconds, "did not finish within");
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    const settle = () => {
      clearTimeout(silence);
      clearTimeout(limit);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      resolve({ ok: reason === "", seconds: (performance.now() - began) / 1000, reason, output });
    };
    /** @param {import("node:stream").Readable} from @param {NodeJS.WriteStream} to */
    const pass = (from, to) =>
      from.on("data", (/** @type {Buffer} */ text) => {
        silence.refresh();
        if (capture) output += text;
        else to.write(text);
      });
    pass(child.stdout, process.stdout);
    pass(child.stderr, process.stderr);
    child.on("error", (error) => {
      reason ||= `could not be started (${error.message})`;
      settle();
    });
    child.on("exit", (code, signal) => {
      if (code !== 0) reason ||= signal ? `was ended by ${signal}` : `ended with status ${code}`;
      // What the command left running in its group goes with it, so that its pipes close too.
      signalGroup(child, "SIGKILL");
    });
    child.on("close", settle);
  });
}
