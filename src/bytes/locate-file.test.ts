import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { corsFetch } from "../../e2e/server/cors-fetch.ts";
import type { Faults } from "../../e2e/server/faults.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { FIRST_READ, type LocateOptions, locateFile, WHOLE_FILE_LIMIT } from "./locate-file.ts";
import type { ReadError } from "./read-error.ts";
import { readRange } from "./read-range.ts";

const file = Uint8Array.from({ length: 10_000 }, (_, i) => i % 251);
const retry = { tries: 3, wait: async () => undefined, random: () => 0 };

let server: HubServer;
beforeAll(async () => {
  const files = { "a.bin": file, "empty.bin": new Uint8Array(0), "large.bin": new Uint8Array(WHOLE_FILE_LIMIT + 1) };
  server = await startHub({
    repos: {
      "org/open": { files: { "w.safetensors": file, "small.dat": file } },
      "org/closed": { files: { "w.safetensors": file, "small.dat": file }, private: true },
    },
    tokens: { hf_good: ["org/closed"] },
    plain: { files: { files }, whole: { files, ranges: false }, shy: { files, cors: "hidden" } },
  });
});
afterAll(() => server.close());
afterEach(() => {
  vi.unstubAllGlobals();
  server.set({
    only: undefined,
    busy: undefined,
    busyStatus: undefined,
    linkLifetime: undefined,
    truncateAfter: undefined,
  });
  server.log.length = 0;
});

const expectBytes = (bytes: Uint8Array, expected: Uint8Array) => expect(Buffer.compare(bytes, expected)).toBe(0);
const ranges = () => server.log.map(({ server: who, range, status }) => [who, range, status]);

describe("a plain file with ranges", () => {
  it.each([
    { firstRead: 100, wanted: 0, prefix: 100, requests: ["bytes=0-99"] },
    { firstRead: 100, wanted: 100, prefix: 100, requests: ["bytes=0-99"] },
    { firstRead: 100, wanted: 101, prefix: 101, requests: ["bytes=0-99", "bytes=100-100"] },
    { firstRead: 100, wanted: 99_999, prefix: 10_000, requests: ["bytes=0-99", "bytes=100-9999"] },
    { firstRead: undefined, wanted: 5000, prefix: 10_000, requests: [`bytes=0-${FIRST_READ - 1}`] },
  ])("$firstRead first and $wanted wanted takes $requests", async ({ firstRead, wanted, prefix, requests }) => {
    const url = `${server.plain("files")}a.bin`;
    const options: LocateOptions = { wanted: () => wanted, ...(firstRead ? { firstRead } : {}) };
    const located = await locateFile(url, options);
    expect(located.location).toEqual({ kind: "http", url, size: 10_000, etag: '"a.bin-10000"' });
    expect(located.prefix).toEqual(file.slice(0, prefix));
    expect(server.log.map(({ range }) => range)).toEqual(requests);
  });

  it("that is empty has the size 0", async () => {
    const { location, prefix } = await locateFile(`${server.plain("files")}empty.bin`);
    expect([location.size, prefix.length]).toEqual([0, 0]);
  });

  it("that is not as long as was listed is refused", async () => {
    const url = `${server.plain("files")}a.bin`;
    await expect(locateFile(url, { expectedSize: 9999 })).rejects.toMatchObject({ name: "FileChanged" });
  });

  it("that breaks off early is refused", async () => {
    server.set({ truncateAfter: 50 });
    const url = `${server.plain("files")}a.bin`;
    await expect(locateFile(url, { firstRead: 100 })).rejects.toMatchObject({ name: "FileTruncated" });
  });
});

describe("a server that sends whole files", () => {
  it("has a small one read once", async () => {
    const { location, prefix } = await locateFile(`${server.plain("whole")}a.bin`, { firstRead: 10 });
    expect(location).toMatchObject({ kind: "blob", size: 10_000 });
    expectBytes(prefix, file);
    expectBytes(await readRange(location, { begin: 500, end: 900 }), file.slice(500, 900));
    expect(server.log).toHaveLength(1);
  });

  it("has a large one refused, not read", async () => {
    const located = locateFile(`${server.plain("whole")}large.bin`);
    await expect(located).rejects.toMatchObject({
      name: "RangeUnsupported",
      message: expect.stringContaining("32 MiB"),
    });
    await server.whenQuiet();
    expect(server.log[0]).toMatchObject({ end: "aborted" });
    expect(server.log[0]?.bytes).toBeLessThan(WHOLE_FILE_LIMIT / 2);
  });

  it("has a large one refused that does not say how large it is", async () => {
    server.set({ truncateAfter: WHOLE_FILE_LIMIT + 1 });
    await expect(locateFile(`${server.plain("whole")}large.bin`)).rejects.toMatchObject({ name: "RangeUnsupported" });
  });
});

describe("a server whose headers CORS hides", () => {
  const cases: (LocateOptions & { requests: number })[] = [
    { firstRead: 100, wanted: () => 50, requests: 2 },
    { firstRead: 100, wanted: () => 5000, requests: 2 },
    { firstRead: 100, expectedSize: 10_000, wanted: () => 50, requests: 1 },
    { firstRead: 20_000, requests: 1 },
  ];
  it.each(cases)("%o", async ({ requests, ...options }) => {
    vi.stubGlobal("fetch", corsFetch("https://page.test"));
    const url = `${server.plain("shy")}a.bin`;
    const { location, prefix } = await locateFile(url, options);
    expect(location).toEqual({ kind: "http", url, size: 10_000 });
    const wanted = Math.max(options.wanted?.(prefix, 10_000) ?? 0, Math.min(10_000, options.firstRead ?? 0));
    expectBytes(prefix, file.slice(0, wanted));
    expect(server.log).toHaveLength(requests);
  });
});

describe("a redirect to a signed address", () => {
  const resolver = () => `${server.origin}/org/open/resolve/main/w.safetensors`;

  it("is remembered, with its end", async () => {
    const before = Date.now();
    const { location, prefix } = await locateFile(resolver(), { firstRead: 100, wanted: () => 150 });
    expect(location).toMatchObject({ kind: "http", size: 10_000, resolver: resolver(), etag: expect.any(String) });
    if (location.kind !== "http") return expect.unreachable();
    expect(location.signed).toBeGreaterThanOrEqual(before);
    expect(location.signed).toBeLessThanOrEqual(Date.now());
    expect(location.url).toContain(`${server.cdn}/xet-bridge/`);
    expect((location.expires ?? 0) - before).toBeGreaterThan(3_598_000);
    expectBytes(prefix, file.slice(0, 150));
    expectBytes(await readRange(location, { begin: 9, end: 12 }), file.slice(9, 12));
    expect(ranges()).toEqual([
      ["hub", "bytes=0-99", 302],
      ["cdn", "bytes=0-99", 206],
      ["cdn", "bytes=100-149", 206],
      ["cdn", "bytes=9-11", 206],
    ]);
  });

  it("that is refused at once is asked for again", async () => {
    server.set({ only: /xet-bridge/, busy: 1, busyStatus: 403 });
    await locateFile(resolver(), { retry });
    expect(server.log.map(({ server: who, status }) => [who, status])).toEqual([
      ["hub", 302],
      ["cdn", 403],
      ["hub", 302],
      ["cdn", 206],
    ]);
  });

  it("gives up when all are refused", async () => {
    server.set({ linkLifetime: -5 });
    await expect(locateFile(resolver(), { retry })).rejects.toMatchObject({ name: "LinkExpired", status: 403 });
    expect(server.log).toHaveLength(6);
  });
});

describe("a token", () => {
  const closed = (name: string) => `${server.origin}/org/closed/resolve/main/${name}`;
  const authorization = "Bearer hf_good";

  it.each(["node", "browser"])("stays with the origin it was given to (%s)", async (kind) => {
    if (kind === "browser") vi.stubGlobal("fetch", corsFetch("https://page.test"));
    const { location } = await locateFile(closed("w.safetensors"), {
      authorization,
      firstRead: 100,
      wanted: () => 200,
    });
    await readRange(location, { begin: 300, end: 400 });
    const answered = server.log.filter(({ method }) => method === "GET");
    expect(answered.map(({ server: who, authorization: sent, status }) => [who, sent, status])).toEqual([
      ["hub", authorization, 302],
      ["cdn", undefined, 206],
      ["cdn", undefined, 206],
      ["cdn", undefined, 206],
    ]);
    const asked = server.log.filter(({ method }) => method === "OPTIONS");
    expect(asked.map(({ server: who }) => who)).toEqual(kind === "browser" ? ["hub"] : []);
  });

  it("has a file read whole that its own origin keeps, since a location carries no token", async () => {
    const { location, prefix } = await locateFile(closed("small.dat"), { authorization, firstRead: 100 });
    expect(location).toMatchObject({ kind: "blob", size: 10_000 });
    expectBytes(prefix, file);
    expect(server.log.filter(({ status }) => status === 206).map(({ range }) => range)).toEqual([
      "bytes=0-99",
      "bytes=100-9999",
    ]);
  });
});

it("passes on what the wish for more throws, the transfer ended", async () => {
  const refusal = new Error("no good");
  const wanted = () => {
    throw refusal;
  };
  vi.stubGlobal("fetch", corsFetch("https://page.test"));
  for (const folder of ["files", "whole", "shy"]) {
    await expect(locateFile(`${server.plain(folder)}a.bin`, { firstRead: 10, wanted })).rejects.toBe(refusal);
  }
  await server.whenQuiet();
});

const hopeless: (Faults & { name: ReadError["name"] })[] = [
  { busy: 99, name: "Busy" },
  { busy: 99, busyStatus: 404, name: "NotFound" },
  { down: true, name: "NetworkFailed" },
];
it.each(hopeless)("fails with $name", async ({ name, ...faults }) => {
  server.set(faults);
  await expect(locateFile(`${server.plain("files")}a.bin`, { retry })).rejects.toMatchObject({ name });
  server.set({ down: undefined });
});
