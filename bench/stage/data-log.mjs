import { fork } from "node:child_process";
import { join } from "node:path";

/**
 * One request as the server saw it; times in milliseconds of this machine's clock (Date.now), `end` excluded.
 *
 * @typedef {{ path: string, begin: number, end: number, at: number, sentAt: number }} DataRequest
 */

/**
 * Serves `folder` from another process.
 *
 * @param {string} folder
 * @returns {Promise<{ origin: string, takeLog: () => Promise<DataRequest[]>, close: () => void }>} `takeLog` empties it
 */
export async function startDataServer(folder) {
  const child = fork(join(import.meta.dirname, "data-server.mjs"), [folder]);
  const answer = () =>
    new Promise((resolve, reject) => {
      const ended = () => reject(new Error("The server of the measured files ended early."));
      child.once("exit", ended).once("message", (message) => {
        child.off("exit", ended);
        resolve(message);
      });
    });
  const origin = await answer();
  return {
    origin,
    async takeLog() {
      child.send("log");
      return answer();
    },
    close: () => child.disconnect(),
  };
}

/**
 * The requests for tensor data: ranges of a model file that do not begin with its first byte, as the one for the header
 * does. A scan's time begins with the first of them, when it reaches the server.
 *
 * @param {readonly DataRequest[]} log
 */
export const dataRequests = (log) => log.filter(({ path, begin }) => path.endsWith(".safetensors") && begin > 0);

/** @param {readonly DataRequest[]} log */
export function firstDataAt(log) {
  const requests = dataRequests(log);
  if (requests.length === 0) throw new Error("Nothing was asked of the server, so there is nothing to time.");
  return Math.min(...requests.map(({ at }) => at));
}
