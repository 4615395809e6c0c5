import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { llamaPair } from "../../e2e/fixtures/models.ts";
import { writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { corsFetch } from "../../e2e/server/cors-fetch.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import type { FileLocation } from "../bytes/file-location.ts";
import { readRange } from "../bytes/read-range.ts";
import { openCheckpoint } from "./open-checkpoint.ts";
import { relocate } from "./relocate.ts";

const bytes = writeSafetensors(llamaPair({ layers: 1, hidden: 8 }).base);
const span = { begin: 8, end: 80 };
const retry = { tries: 2, wait: async () => undefined, random: () => 0 };

let server: HubServer;
beforeAll(async () => {
  const files = { "model.safetensors": bytes };
  server = await startHub({
    repos: { "org/open": { files }, "org/gated": { files, gated: true } },
    tokens: { hf_good: ["org/gated"] },
    plain: { files: { files } },
  });
});
afterAll(() => server.close());
beforeEach(() => vi.stubGlobal("fetch", corsFetch("https://page.test")));
afterEach(() => {
  vi.unstubAllGlobals();
  server.log.length = 0;
});

async function located(repo: string, token?: string) {
  const ref = { kind: "hub", repo } as const;
  const options = { hub: server.origin, demo: "https://page.test/demo/", ...(token ? { token } : {}) };
  const { files } = await openCheckpoint(ref, options);
  const location = files[0]?.location;
  return location?.kind === "http" ? location : expect.unreachable();
}

it.each([
  ["org/open", undefined],
  ["org/gated", "hf_good"],
])("finds %s again after its address has expired", async (repo, token) => {
  const location = await located(repo, token);
  expect(await readRange(location, span)).toEqual(bytes.slice(8, 80));
  server.expireLinks();
  await expect(readRange(location, span)).rejects.toMatchObject({ name: "LinkExpired", status: 403 });

  server.log.length = 0;
  let requests = 0;
  const onRequest = () => requests++;
  const found = await relocate(location, { hub: server.origin, onRequest, ...(token ? { token } : {}) });
  expect(found).toMatchObject({ kind: "http", size: location.size, resolver: location.resolver, etag: location.etag });
  expect(await readRange(found, span)).toEqual(bytes.slice(8, 80));
  expect(requests).toBe(1);
  const gets = server.log.filter(({ method }) => method === "GET");
  expect(gets.map(({ server: who, range, authorization }) => [who, range, authorization])).toEqual([
    ["hub", "bytes=0-0", token && `Bearer ${token}`],
    ["cdn", "bytes=0-0", undefined],
    ["cdn", "bytes=8-79", undefined],
  ]);
});

it("takes a file of another size for another file", async () => {
  const location = await located("org/open");
  const relocated = relocate({ ...location, size: location.size - 1 }, { hub: server.origin });
  await expect(relocated).rejects.toMatchObject({ name: "FileChanged" });
});

it("says what the Hub says when access is gone", async () => {
  const location = await located("org/gated", "hf_good");
  await expect(relocate(location, { hub: server.origin })).rejects.toMatchObject({
    name: "AccessDenied",
    message: expect.stringContaining("org/gated is gated"),
  });
});

it("asks a plain address itself, and leaves a blob as it is", async () => {
  const plain: FileLocation = { kind: "http", url: `${server.plain("files")}model.safetensors`, size: bytes.length };
  expect(await relocate(plain, { hub: server.origin, token: "hf_good" })).toMatchObject(plain);
  expect(server.log.map(({ range, authorization }) => [range, authorization])).toEqual([["bytes=0-0", undefined]]);
  const blob: FileLocation = { kind: "blob", blob: new Blob([bytes]), size: bytes.length };
  expect(await relocate(blob, { hub: server.origin })).toBe(blob);
});

it("gives up with the network, and ends with an abort", async () => {
  const location = await located("org/open");
  server.set({ down: true });
  await expect(relocate(location, { hub: server.origin, retry })).rejects.toMatchObject({ name: "NetworkFailed" });
  server.set({ down: undefined });
  const stop = new AbortController();
  stop.abort();
  await expect(relocate(location, { hub: server.origin, signal: stop.signal })).rejects.toBe(stop.signal.reason);
});
