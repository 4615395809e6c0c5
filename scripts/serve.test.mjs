import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headerPolicy, securityHeaders } from "./security-headers.mjs";
import { serveFolder } from "./serve.mjs";

const outside = mkdtempSync(join(tmpdir(), "auscult-serve-"));
const root = join(outside, "root");
const digits = "0123456789";
/** @type {import("./serve.mjs").FolderServer[]} */
const open = [];

/** @param {Partial<import("./serve.mjs").ServeOptions>} [options] */
const serve = async (options) => {
  const server = await serveFolder({ root, ...options });
  open.push(server);
  return server;
};

/**
 * One request with its path exactly as written; `fetch` would tidy the dots away.
 *
 * @typedef {{ status: number | undefined, headers: import("node:http").IncomingHttpHeaders, body: string }} Answer
 *
 * @param {{ port: number }} server
 * @param {string} path
 * @param {{ method?: string, headers?: import("node:http").OutgoingHttpHeaders }} [options]
 * @returns {Promise<Answer>}
 */
const ask = (server, path, { method = "GET", headers = {} } = {}) =>
  new Promise((resolve, reject) => {
    request({ host: "127.0.0.1", port: server.port, path, method, headers }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (text) => {
        body += text;
      });
      response.on("end", () => resolve({ status: response.statusCode, headers: response.headers, body }));
    })
      .on("error", reject)
      .end();
  });

/** @type {import("./serve.mjs").FolderServer} */
let server;
beforeAll(async () => {
  mkdirSync(join(root, "assets"), { recursive: true });
  mkdirSync(join(root, "demo"));
  writeFileSync(join(root, "index.html"), "<title>page</title>");
  writeFileSync(join(root, "assets", "main-abc.js"), "export {};");
  writeFileSync(join(root, "demo", "index.html"), "<title>demo</title>");
  writeFileSync(join(root, "ten.safetensors"), digits);
  writeFileSync(join(root, "empty.safetensors"), "");
  for (const name of ["a.wasm", "a.woff2", "a.css", "a.json", "a.svg", "a.unheard", "with space.txt"]) {
    writeFileSync(join(root, name), "x");
  }
  writeFileSync(join(outside, "secret.txt"), "secret");
  symlinkSync(join(outside, "secret.txt"), join(root, "leak.txt"));
  server = await serve();
});
afterAll(async () => {
  await Promise.all(open.map((one) => one.close()));
  rmSync(outside, { recursive: true });
});

describe("ranges", () => {
  test.each([
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=2-5", 206, "2345", "bytes 2-5/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=7-999", 206, "789", "bytes 7-9/10"],
    ["bytes=-3", 206, "789", "bytes 7-9/10"],
    ["bytes=-30", 206, digits, "bytes 0-9/10"],
    ["bytes=10-", 416, "", "bytes */10"],
    ["bytes=12-15", 416, "", "bytes */10"],
    ["bytes=-0", 416, "", "bytes */10"],
    // Malformed, or several at once: the whole file, as if the header were not there.
    ["bytes=5-2", 200, digits, undefined],
    ["bytes=-", 200, digits, undefined],
    ["bytes=0-1,4-5", 200, digits, undefined],
    ["items=0-1", 200, digits, undefined],
  ])("%s is answered with %i", async (range, status, body, contentRange) => {
    const got = await ask(server, "/ten.safetensors", { headers: { range } });
    expect([got.status, got.body, got.headers["content-range"]]).toEqual([status, body, contentRange]);
    if (status !== 416) expect(got.headers["content-length"]).toBe(String(body.length));
  });

  test("an empty file has no range, and can be read", async () => {
    expect((await ask(server, "/empty.safetensors", { headers: { range: "bytes=0-0" } })).status).toBe(416);
    expect(await ask(server, "/empty.safetensors")).toMatchObject({ status: 200, body: "" });
  });

  test("If-Range holds a range to one version of the file", async () => {
    const { etag } = (await ask(server, "/ten.safetensors")).headers;
    const headers = { range: "bytes=0-0", "if-range": etag };
    expect((await ask(server, "/ten.safetensors", { headers })).status).toBe(206);
    expect((await ask(server, "/ten.safetensors", { headers: { ...headers, "if-range": '"old"' } })).status).toBe(200);
  });

  test("without ranges every answer is the whole file", async () => {
    const got = await ask(await serve({ ranges: false }), "/ten.safetensors", { headers: { range: "bytes=2-5" } });
    expect(got).toMatchObject({ status: 200, body: digits });
    expect(got.headers).toMatchObject({ "accept-ranges": "none", "content-length": "10" });
    expect(got.headers["content-range"]).toBeUndefined();
  });
});

describe("files", () => {
  test.each([
    ["/", "text/html; charset=utf-8"],
    ["/demo/", "text/html; charset=utf-8"],
    ["/assets/main-abc.js", "text/javascript; charset=utf-8"],
    ["/a.css", "text/css; charset=utf-8"],
    ["/a.json?v=1", "application/json; charset=utf-8"],
    ["/a.svg", "image/svg+xml"],
    ["/a.wasm", "application/wasm"],
    ["/a.woff2", "font/woff2"],
    ["/ten.safetensors", "application/octet-stream"],
    ["/a.unheard", "application/octet-stream"],
    ["/with%20space.txt", "text/plain; charset=utf-8"],
  ])("%s is %s", async (path, type) => {
    const got = await ask(server, path);
    expect([got.status, got.headers["content-type"]]).toEqual([200, type]);
    expect(got.headers).toMatchObject({ "x-content-type-options": "nosniff", "content-security-policy": headerPolicy });
  });

  test.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/demo/..%2f..%2fsecret.txt",
    "/demo/../../secret.txt",
    "/..%5csecret.txt",
    "//secret.txt",
    "/leak.txt",
    "/ten.safetensors%00.html",
    "/%zz",
    "/nothing.here",
    "/assets/",
    "/ten.safetensors/",
  ])("%s is not found", async (path) => {
    expect((await ask(server, path)).status).toBe(404);
  });

  test("a folder without its slash is sent on to itself", async () => {
    const got = await ask(server, "/demo");
    const location = new URL(got.headers.location ?? "nowhere", `${server.origin}/demo`);
    expect([got.status, location.pathname]).toEqual([301, "/demo/"]);
  });

  test("HEAD has no body, other methods are refused", async () => {
    const head = await ask(server, "/ten.safetensors", { method: "HEAD" });
    expect([head.status, head.body, head.headers["content-length"]]).toEqual([200, "", "10"]);
    expect((await ask(server, "/ten.safetensors", { method: "POST" })).status).toBe(405);
  });

  test("only names with a hash are kept without asking again", async () => {
    const page = await ask(server, "/");
    expect(page.headers["cache-control"]).toBe("no-cache");
    expect((await ask(server, "/assets/main-abc.js")).headers["cache-control"]).toContain("immutable");
    expect((await ask(server, "/", { headers: { "if-none-match": page.headers.etag } })).status).toBe(304);
  });
});

describe("a base path", () => {
  test.each([
    ["/some/path/", 200],
    ["/some/path/ten.safetensors", 200],
    ["/some/path", 301],
    ["/", 404],
    ["/ten.safetensors", 404],
    ["/some/path/../../ten.safetensors", 404],
  ])("%s is answered with %i", async (path, status) => {
    expect((await ask(await serve({ base: "/some/path/" }), path)).status).toBe(status);
  });
});

test("the port may be chosen, and a taken one is refused by its name", async () => {
  const error = await serveFolder({ root, port: server.port }).catch((reason) => reason);
  expect(error.code).toBe("EADDRINUSE");
});

test("headers can be replaced", async () => {
  const got = await ask(await serve({ headers: { "X-Mine": "1" } }), "/");
  expect(got.headers["x-mine"]).toBe("1");
  for (const name of Object.keys(securityHeaders)) expect(got.headers[name.toLowerCase()]).toBeUndefined();
});
