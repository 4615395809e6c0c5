import { createReadStream, realpathSync } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { securityHeaders } from "./security-headers.mjs";

/**
 * @typedef {import("node:http").IncomingMessage} IncomingMessage
 * @typedef {import("node:http").ServerResponse} ServerResponse
 * @typedef {import("node:http").OutgoingHttpHeaders} OutgoingHttpHeaders
 *
 * `root` is the folder to serve and `base` the path it is served under, with a slash at both ends. `port` 0: any free port.
 * Without `ranges` every range request is answered with 200 and the whole file. `headers` are sent with every answer, in
 * place of the recommended ones.
 *
 * @typedef {{ root: string, port?: number, ranges?: boolean, base?: string, headers?: Record<string, string> }} ServeOptions
 *
 * `origin` is `http://127.0.0.1:<port>`, without a final slash.
 *
 * @typedef {{ origin: string, port: number, close: () => Promise<void> }} FolderServer
 */

/** @type {Record<string, string>} */
const contentTypes = {
  ".css": "text/css; charset=utf-8",
  ".gz": "application/gzip",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".map": "application/json; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".png": "image/png",
  ".safetensors": "application/octet-stream",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

/**
 * One `Range` header against a file of `size` bytes (RFC 9110, section 14).
 *
 * @param {string | undefined} header
 * @param {number} size
 * @returns {{ begin: number, end: number } | "unsatisfiable" | undefined} `end` is excluded; undefined where the header
 *   is absent, malformed or asks for several ranges, all of which may be answered with the whole file.
 */
export function parseRange(header, size) {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return undefined;
  if (match[1] === "") {
    const length = Math.min(Number(match[2]), size);
    return length === 0 ? "unsatisfiable" : { begin: size - length, end: size };
  }
  const begin = Number(match[1]);
  const last = match[2] === "" ? Number.POSITIVE_INFINITY : Number(match[2]);
  if (last < begin) return undefined;
  return begin >= size ? "unsatisfiable" : { begin, end: Math.min(last + 1, size) };
}

/**
 * The file under `folder` that a URL path names, or undefined where there is none or it lies outside.
 *
 * @param {string} folder
 * @param {string} path
 */
async function findFile(folder, path) {
  let plain;
  try {
    plain = decodeURIComponent(path);
  } catch {
    return undefined;
  }
  if (plain.includes("\0") || plain.includes("\\")) return undefined;
  try {
    // Links are followed first, so that one cannot lead out of the folder either.
    const found = await realpath(join(folder, plain));
    if (found !== folder && !found.startsWith(folder + sep)) return undefined;
    const about = await stat(found);
    const etag = `"${about.size.toString(16)}-${Math.trunc(about.mtimeMs).toString(16)}"`;
    return { path: found, size: about.size, etag, isFolder: about.isDirectory() };
  } catch {
    return undefined;
  }
}

/**
 * Answers one request for a file of `folder`; `path` begins with a slash and is still percent-encoded.
 *
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {string} folder
 * @param {string} path
 * @param {boolean} ranges
 */
async function answer(request, response, folder, path, ranges) {
  /** @type {(status: number, more?: OutgoingHttpHeaders, text?: string) => void} */
  const end = (status, more = {}, text = "") => {
    response.writeHead(status, text === "" ? more : { "Content-Type": "text/plain; charset=utf-8", ...more });
    response.end(text);
  };
  if (request.method !== "GET" && request.method !== "HEAD") {
    return end(405, { Allow: "GET, HEAD" }, "Only GET and HEAD are answered here.\n");
  }
  let file = await findFile(folder, path);
  if (file?.isFolder && !path.endsWith("/")) {
    return end(301, { Location: `${path.slice(path.lastIndexOf("/") + 1)}/` });
  }
  if (file?.isFolder) file = await findFile(folder, `${path}index.html`);
  if (file === undefined || file.isFolder || (path.endsWith("/") && !file.path.endsWith("index.html"))) {
    return end(404, {}, "There is no such file here.\n");
  }

  /** @type {OutgoingHttpHeaders} */
  const headers = {
    "Content-Type": contentTypes[extname(file.path).toLowerCase()] ?? "application/octet-stream",
    // A name with a hash in it never changes its content; everything else is asked for again by its ETag.
    "Cache-Control": path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
    ETag: file.etag,
    "Accept-Ranges": ranges ? "bytes" : "none",
  };
  if (request.headers["if-none-match"] === file.etag) return end(304, headers);
  const isCurrent = (request.headers["if-range"] ?? file.etag) === file.etag;
  const range =
    ranges && isCurrent && request.method === "GET" ? parseRange(request.headers.range, file.size) : undefined;
  if (range === "unsatisfiable") return end(416, { ...headers, "Content-Range": `bytes */${file.size}` });
  const { begin, end: stop } = range ?? { begin: 0, end: file.size };
  headers["Content-Length"] = stop - begin;
  if (range !== undefined) headers["Content-Range"] = `bytes ${begin}-${stop - 1}/${file.size}`;
  response.writeHead(range === undefined ? 200 : 206, headers);
  if (request.method === "HEAD" || stop === begin) return response.end();
  // A reader that goes away in the middle is no error of ours.
  await pipeline(createReadStream(file.path, { start: begin, end: stop - 1, highWaterMark: 2 ** 20 }), response).catch(
    () => response.destroy(),
  );
}

/**
 * Serves the files of one folder on this machine alone (127.0.0.1), the way docs/deploy.md asks of a host: single byte
 * ranges, types the browser insists on, the security headers.
 *
 * @param {ServeOptions} options
 * @returns {Promise<FolderServer>} rejects with the system's error (`code` "EADDRINUSE") where the
 *   port is taken.
 */
export async function serveFolder({ root, port = 0, ranges = true, base = "/", headers = securityHeaders }) {
  const folder = realpathSync(resolve(root));
  const server = createServer((request, response) => {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    const [path] = (request.url ?? "/").split("?", 1);
    if (path.startsWith(base)) {
      answer(request, response, folder, `/${path.slice(base.length)}`, ranges).catch(() => response.destroy());
    } else if (`${path}/` === base) {
      response.writeHead(301, { Location: base }).end();
    } else {
      response.writeHead(404, { "Content-Type": "text/plain; charset=utf-8" }).end("There is no such file here.\n");
    }
  });
  await new Promise((ready, failed) => {
    server.once("error", failed).listen(port, "127.0.0.1", () => ready(undefined));
  });
  const { port: bound } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    origin: `http://127.0.0.1:${bound}`,
    port: bound,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { port: { type: "string" }, base: { type: "string" }, "no-ranges": { type: "boolean" } },
  });
  const base = values.base ?? "/";
  const { origin } = await serveFolder({
    root: positionals[0] ?? fileURLToPath(new URL("../dist", import.meta.url)),
    port: Number(values.port ?? 4173),
    ranges: !values["no-ranges"],
    base,
  });
  console.log(`${origin}${base}`);
}
