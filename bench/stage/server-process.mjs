import { fork } from "node:child_process";
import { join } from "node:path";

/**
 * A server of measured files in a process of its own. `takeLog` empties the log.
 *
 * @typedef {{ origin: string, takeLog: () => Promise<import("./data-log.mjs").DataRequest[]>, close: () => void }} DataServer
 *
 * What the server of generated pairs can be asked: to keep to so many bytes a second (0: as fast as it goes), to say what a
 * shape consists of, and to count tensor data from 0 and answer with the time (Date.now) when so many bytes had been handed
 * out.
 *
 * @typedef {{
 *   pace: (bytesPerSecond: number) => void,
 *   describe: (shape: string) => Pick<import("./pair.mjs").Pair, "files" | "elements" | "tensors">,
 *   whenSent: (bytes: number) => Promise<number>,
 * }} GeneratorCommands
 *
 * @typedef {DataServer & {
 *   ask: <Name extends keyof GeneratorCommands>(
 *     command: Name,
 *     ...given: Parameters<GeneratorCommands[Name]>
 *   ) => Promise<Awaited<ReturnType<GeneratorCommands[Name]>>>,
 * }} GeneratorServer
 *
 * @typedef {{ id: number, command: string, value: unknown }} Command
 * @typedef {{ id: number, answer: unknown }} Answer
 */

/**
 * Starts a script of this folder that serves files. It says first where it listens and then answers each command it gets
 * by that command's number.
 *
 * @param {string} script
 * @param {readonly string[]} [args]
 * @returns {Promise<GeneratorServer>} whose `ask` only the generator answers
 */
export async function startServerProcess(script, args = []) {
  const child = fork(join(import.meta.dirname, script), args);
  /** @type {Map<number, { resolve: (answer: unknown) => void, reject: (error: Error) => void }>} */
  const open = new Map();
  let next = 0;
  child.on("message", (message) => {
    const { id, answer } = /** @type {Answer} */ (message);
    open.get(id)?.resolve(answer);
    open.delete(id);
  });
  child.once("exit", () => {
    for (const { reject } of open.values()) reject(new Error("The server of the measured files ended early."));
    open.clear();
  });
  /** @type {(id: number) => Promise<unknown>} */
  const answerTo = (id) => new Promise((resolve, reject) => open.set(id, { resolve, reject }));
  /** @param {string} command @param {unknown} [value] */
  const tell = (command, value) => {
    const id = ++next;
    const answer = answerTo(id);
    child.send({ id, command, value });
    return answer;
  };
  // What comes back over a process boundary is what the script's own types say.
  const origin = /** @type {string} */ (await answerTo(0));
  const ask = /** @type {GeneratorServer["ask"]} */ (tell);
  const takeLog = /** @type {GeneratorServer["takeLog"]} */ (() => tell("log"));
  return { origin, ask, takeLog, close: () => child.disconnect() };
}

/**
 * The other end, in the server's own process: says where it listens and answers commands from now on.
 *
 * @param {string} origin
 * @param {{ log: () => import("./data-log.mjs").DataRequest[] } & Partial<GeneratorCommands>} commands
 */
export function answerCommands(origin, commands) {
  const named = /** @type {Record<string, ((value: unknown) => unknown) | undefined>} */ (commands);
  /** @param {Answer} message */
  const send = (message) => process.send?.(message);
  process.on("message", async (message) => {
    const { id, command, value } = /** @type {Command} */ (message);
    send({ id, answer: await named[command]?.(value) });
  });
  // The bench is gone: so is the reason to serve.
  process.on("disconnect", () => process.exit(0));
  send({ id: 0, answer: origin });
}
