import { subscribe } from "node:diagnostics_channel";
import { parseRange } from "../../scripts/serve.mjs";

/**
 * One request as the server saw it; times in milliseconds of this machine's clock (Date.now), `end` excluded.
 *
 * @typedef {{ path: string, begin: number, end: number, at: number, sentAt: number }} DataRequest
 *
 * @typedef {{ request: import("node:http").IncomingMessage, response: import("node:http").ServerResponse }} RequestStart
 */

/**
 * Notes every request to the HTTP servers of this process from now on.
 *
 * @returns {() => DataRequest[]} gives the requests since it was last called
 */
export function logRequests() {
  /** @type {DataRequest[]} */
  let log = [];
  subscribe("http.server.request.start", (message) => {
    const { request, response } = /** @type {RequestStart} */ (message);
    const range = parseRange(request.headers.range, Number.MAX_SAFE_INTEGER);
    const { begin, end } = typeof range === "object" ? range : { begin: 0, end: 0 };
    const entry = { path: request.url ?? "/", begin, end, at: Date.now(), sentAt: 0 };
    log.push(entry);
    response.once("close", () => {
      entry.sentAt = Date.now();
    });
  });
  return () => {
    const taken = log;
    log = [];
    return taken;
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
