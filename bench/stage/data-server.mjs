// The server of the measured files, in a process of its own: `node data-server.mjs <folder>`, forked with a message
// channel. It says where it listens, then answers "log" with the requests since the last time.
import { subscribe } from "node:diagnostics_channel";
import { parseRange, serveFolder } from "../../scripts/serve.mjs";

/** What another origin needs to read ranges (docs/deploy.md). */
const headers = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
};

/** @type {import("./data-log.mjs").DataRequest[]} */
let log = [];

subscribe("http.server.request.start", ({ request, response }) => {
  const range = parseRange(request.headers.range, Number.MAX_SAFE_INTEGER);
  const { begin, end } = typeof range === "object" ? range : { begin: 0, end: 0 };
  const entry = { path: request.url, begin, end, at: Date.now(), sentAt: 0 };
  log.push(entry);
  response.once("close", () => {
    entry.sentAt = Date.now();
  });
});

const server = await serveFolder({ root: process.argv[2], headers });
process.on("message", () => {
  process.send(log);
  log = [];
});
// The bench is gone: so is the reason to serve.
process.on("disconnect", () => process.exit(0));
process.send(server.origin);
