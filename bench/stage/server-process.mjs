import { fork } from "node:child_process";
import { join } from "node:path";

/**
 * A server of measured files in a process of its own.
 *
 * @typedef {{
 *   origin: string,
 *   takeLog: () => Promise<import("./data-log.mjs").DataRequest[]>,
 *   ask: (command: string, value?: unknown) => Promise<unknown>,
 *   close: () => void,
 * }} DataServer `takeLog` empties the log
 */

/**
 * Starts a script of this folder that serves files. It says first where it listens and then answers each command it gets
 * by that command's number.
 *
 * @param {string} script
 * @param {readonly string[]} [args]
 * @returns {Promise<DataServer>}
 */
export async function startServerProcess(script, args = []) {
  const child = fork(join(import.meta.dirname, script), args);
  const open = new Map();
  let next = 0;
  child.on("message", ({ id, answer }) => {
    open.get(id)?.resolve(answer);
    open.delete(id);
  });
  child.once("exit", () => {
    for (const { reject } of open.values()) reject(new Error("The server of the measured files ended early."));
    open.clear();
  });
  const answerTo = (id) => new Promise((resolve, reject) => open.set(id, { resolve, reject }));
  const ask = (command, value) => {
    const id = ++next;
    const answer = answerTo(id);
    child.send({ id, command, value });
    return answer;
  };
  const origin = await answerTo(0);
  return { origin, ask, takeLog: () => ask("log"), close: () => child.disconnect() };
}

/**
 * The other end, in the server's own process: says where it listens and answers commands from now on.
 *
 * @param {string} origin
 * @param {Record<string, (value: unknown) => unknown>} commands by name; may answer with a promise
 */
export function answerCommands(origin, commands) {
  process.on("message", async ({ id, command, value }) => {
    process.send({ id, answer: await commands[command](value) });
  });
  // The bench is gone: so is the reason to serve.
  process.on("disconnect", () => process.exit(0));
  process.send({ id: 0, answer: origin });
}
