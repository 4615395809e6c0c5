// Serves pairs of models of any of the MODEL_SHAPES from memory, in a process of its own, started by startServerProcess:
// `/<shape>/base/` and `/<shape>/tuned/` are folders as a static host would have them. The bytes of tensor data depend on
// nothing but their place in the file.
import { createServer } from "node:http";
import { parseRange } from "../../scripts/serve.mjs";
import { crossOriginHeaders } from "./cross-origin-headers.mjs";
import { logRequests } from "./data-log.mjs";
import { generatedModel } from "./generated-model.mjs";
import { Line } from "./line.mjs";
import { MODEL_SHAPES } from "./model-shapes.mjs";
import { answerCommands } from "./server-process.mjs";
import { bf16Bits, tunedNumbers } from "./tuned-numbers.mjs";

/** Weights after which they begin anew: an odd number, so that no two segments of a file are the same. */
const PERIOD = 6_291_469;

const weights = { base: new Uint16Array(PERIOD), tuned: new Uint16Array(PERIOD) };
tunedNumbers(20250520)(weights.base, weights.tuned, bf16Bits);
const blocks = { base: Buffer.from(weights.base.buffer), tuned: Buffer.from(weights.tuned.buffer) };

/** @type {Map<string, import("./generated-model.mjs").GeneratedModel>} */
const models = new Map();

/** @param {string} name of one of the MODEL_SHAPES */
function modelOf(name) {
  const made = models.get(name);
  if (made) return made;
  const shape = MODEL_SHAPES[name];
  if (!shape) return undefined;
  const model = generatedModel(shape());
  models.set(name, model);
  return model;
}

const line = new Line();

/** Tensor data handed out since it was last asked to count, and who waits for how much of it. */
const volume = {
  sent: 0,
  goal: Number.POSITIVE_INFINITY,
  /** @type {(at: number) => void} */
  reached: () => {},
};

/** @param {number} bytes */
function countData(bytes) {
  volume.sent += bytes;
  if (volume.sent < volume.goal) return;
  volume.goal = Number.POSITIVE_INFINITY;
  volume.reached(Date.now());
}

/**
 * Sends the bytes from `begin` to `end` of a file as fast as the line and the reader take them.
 *
 * @param {import("node:http").ServerResponse} response
 * @param {{ head: Buffer, block: Buffer, begin: number, end: number }} part of a file: its beginning and what repeats behind
 */
function sendBytes(response, { head, block, begin, end }) {
  let at = begin;
  /** @param {number} limit */
  const piece = (limit) => {
    if (at < head.length) return head.subarray(at, Math.min(at + limit, end, head.length));
    const from = at % block.length;
    return block.subarray(from, Math.min(from + limit, from + end - at, block.length));
  };
  /** @type {import("./line.mjs").Sender} */
  const send = (limit) => {
    if (response.destroyed) return 0;
    const bytes = piece(limit);
    const isData = at >= head.length;
    at += bytes.length;
    if (at === end) response.end(bytes);
    else if (response.write(bytes)) setImmediate(() => line.ready(send));
    else response.once("drain", () => line.ready(send));
    if (isData) countData(bytes.length);
    return bytes.length;
  };
  line.ready(send);
}

/** @param {string} path as it was asked for */
function fileAt(path) {
  const [, shape = "", side, name = ""] = /^\/([^/]+)\/(base|tuned)\/([^/]+)$/.exec(decodeURIComponent(path)) ?? [];
  const model = modelOf(shape);
  const whole = model?.whole.get(name);
  const file = whole ? { head: whole, bytes: whole.length } : model?.shards.get(name);
  return file && { ...file, block: side === "base" ? blocks.base : blocks.tuned, etag: `"${side}-${name}"` };
}

const log = logRequests();
const server = createServer((request, response) => {
  for (const [name, value] of Object.entries(crossOriginHeaders)) response.setHeader(name, value);
  const file = fileAt(request.url ?? "/");
  if (!file) return response.writeHead(404).end();
  const range = request.method === "GET" ? parseRange(request.headers.range, file.bytes) : undefined;
  /** @type {import("node:http").OutgoingHttpHeaders} */
  const headers = { "Accept-Ranges": "bytes", ETag: file.etag };
  if (range === "unsatisfiable")
    return response.writeHead(416, { ...headers, "Content-Range": `bytes */${file.bytes}` }).end();
  const { begin, end } = range ?? { begin: 0, end: file.bytes };
  headers["Content-Length"] = end - begin;
  if (range) headers["Content-Range"] = `bytes ${begin}-${end - 1}/${file.bytes}`;
  response.writeHead(range ? 206 : 200, headers);
  if (request.method === "HEAD") return response.end();
  return sendBytes(response, { ...file, begin, end });
});

await new Promise((ready, failed) => server.once("error", failed).listen(0, "127.0.0.1", () => ready(null)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());

/**
 * What this server can be asked beside its log.
 *
 * @type {import("./server-process.mjs").GeneratorCommands}
 */
const commands = {
  pace: (rate) => line.setRate(rate),
  whenSent: (bytes) =>
    new Promise((resolve) => {
      Object.assign(volume, { sent: 0, goal: bytes, reached: resolve });
    }),
  describe(shape) {
    const model = modelOf(shape);
    if (!model) throw new Error(`There is no shape called ${shape}.`);
    const { shards, elements, tensors } = model;
    const files = [...shards].map(([path, { head, bytes }]) => ({ path, dataBegin: head.length, bytes }));
    return { files, elements, tensors };
  },
};
answerCommands(`http://127.0.0.1:${port}`, { log, ...commands });
