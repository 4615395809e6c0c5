import { spawn } from "node:child_process";

/** How long a process group may take to end by itself after SIGTERM, in milliseconds; browsers are closed in it. */
const GRACE = 8000;

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
 * Runs one command to its end, without a stdin, and never longer than `timeoutSeconds`: then its whole process group is
 * ended, as it is when this process is interrupted. The command's output goes to ours, or with `capture` is returned.
 *
 * @param {{ command: string, args?: string[], cwd?: string, env?: Record<string, string>, timeoutSeconds: number, capture?: boolean }} step
 * @returns {Promise<{ ok: boolean, seconds: number, reason: string, output: string }>} `reason` is "" or the end of a
 *   sentence about the command ("did not finish within 60 s …"); the promise never rejects.
 */
export function runStep({ command, args = [], cwd, env = {}, timeoutSeconds, capture = false }) {
  const began = performance.now();
  const piped = capture ? "pipe" : "inherit";
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", piped, piped],
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
    const limit = setTimeout(
      () => stop(`did not finish within ${timeoutSeconds} s and was ended`),
      timeoutSeconds * 1000,
    );
    process.on("SIGINT", interrupt).on("SIGTERM", interrupt);
    const settle = () => {
      clearTimeout(limit);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      resolve({ ok: reason === "", seconds: (performance.now() - began) / 1000, reason, output });
    };
    child.stdout?.on("data", (text) => {
      output += text;
    });
    child.stderr?.on("data", (text) => {
      output += text;
    });
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
