import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { randomFrom } from "../../e2e/fixtures/random.ts";
import { corsFetch } from "../../e2e/server/cors-fetch.ts";
import type { Faults } from "../../e2e/server/faults.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import type { FileLocation } from "./file-location.ts";
import { ReadError } from "./read-error.ts";
import { openRange, readRange } from "./read-range.ts";

const SIZE = 300_000;
const random = randomFrom(3);
const content = Uint8Array.from({ length: SIZE }, () => Math.floor(random() * 256));
const retry = { tries: 3, wait: async () => undefined, random: () => 0 };

let server: HubServer;
let http: Extract<FileLocation, { kind: "http" }>;
beforeAll(async () => {
  server = await startHub({
    plain: { files: { files: { "a.bin": content } }, closed: { files: { "a.bin": content }, cors: "none" } },
  });
  http = { kind: "http", url: `${server.plain("files")}a.bin`, size: SIZE };
});
afterAll(() => server.close());
afterEach(() => {
  vi.unstubAllGlobals();
  server.set({
    only: undefined,
    noRanges: undefined,
    truncateAfter: undefined,
    resetAfter: undefined,
    changeEtag: undefined,
    busy: undefined,
    busyStatus: undefined,
    hideHeaders: undefined,
    down: undefined,
    allowance: undefined,
  });
  server.log.length = 0;
});

const failure = (promise: Promise<unknown>): Promise<ReadError> =>
  promise.then(
    () => expect.unreachable("it should have failed"),
    (error: unknown) => {
      expect(error).toBeInstanceOf(ReadError);
      const read = error as ReadError;
      expect(read.message).toMatch(/^\S.*\.$/);
      return read;
    },
  );

describe("the bytes of a span", () => {
  const spans = [
    { begin: 0, end: 1 },
    { begin: 0, end: SIZE },
    { begin: 12_345, end: 99_999 },
    { begin: SIZE - 1, end: SIZE },
    { begin: 77, end: 77 },
  ];

  it.each(spans)("over HTTP, $begin to $end", async (span) => {
    let [requests, bytes] = [0, 0];
    const read = await readRange(http, span, {
      onRequest: () => requests++,
      onBytes: (n) => {
        bytes += n;
      },
    });
    const length = span.end - span.begin;
    expect(Buffer.compare(read, content.subarray(span.begin, span.end))).toBe(0);
    expect([read.length, bytes]).toEqual([length, length]);
    expect(server.log.map(({ range }) => range)).toEqual(length ? [`bytes=${span.begin}-${span.end - 1}`] : []);
    expect(requests).toBe(server.log.length);
  });

  it.each(spans)("of a blob, $begin to $end", async (span) => {
    const location: FileLocation = { kind: "blob", blob: new Blob([content]), size: SIZE };
    const read = await readRange(location, span);
    expect(Buffer.compare(read, content.subarray(span.begin, span.end))).toBe(0);
  });

  it("goes out with nothing that a browser would have to ask permission for", async () => {
    vi.stubGlobal("fetch", corsFetch("https://page.test"));
    await readRange(http, { begin: 5, end: 50 });
    expect(server.log.map(({ method }) => method)).toEqual(["GET"]);
    const added = Object.keys(server.log[0]?.headers ?? {}).filter(
      (name) =>
        !/^(?:host|connection|user-agent|accept|accept-(?:language|encoding)|sec-fetch-mode|origin|pragma|cache-control)$/.test(
          name,
        ),
    );
    expect(added).toEqual(["range"]);
  });

  it("is read no faster than it is taken", async () => {
    const taken: number[] = [];
    const reader = await openRange(http, { begin: 0, end: SIZE }, { onBytes: (n) => taken.push(n) });
    expect(taken).toEqual([]);
    await reader.fill(new Uint8Array(100));
    expect(taken.reduce((sum, n) => sum + n)).toBe(100);
    await reader.cancel();
  });

  it("may not lie outside the file", async () => {
    for (const span of [
      { begin: 0, end: SIZE + 1 },
      { begin: -1, end: 5 },
      { begin: 9, end: 5 },
    ]) {
      expect((await failure(readRange(http, span))).name).toBe("FileTruncated");
    }
    expect(server.log).toEqual([]);
  });
});

describe("a server at fault", () => {
  const cases: {
    faults: Faults;
    location?: Partial<typeof http>;
    path?: string;
    name: string;
    status?: number;
    requests: number;
  }[] = [
    { faults: { noRanges: true }, name: "RangeUnsupported", status: 200, requests: 1 },
    { faults: {}, path: "missing.bin", name: "NotFound", status: 404, requests: 1 },
    { faults: { busy: 9 }, name: "Busy", status: 429, requests: 3 },
    { faults: { busy: 9, busyStatus: 503 }, name: "Busy", status: 503, requests: 3 },
    { faults: { busy: 9, busyStatus: 502 }, name: "HttpStatus", status: 502, requests: 3 },
    { faults: { busy: 9, busyStatus: 418 }, name: "HttpStatus", status: 418, requests: 1 },
    { faults: { busy: 9, busyStatus: 403 }, name: "LinkExpired", status: 403, requests: 1 },
    { faults: { busy: 9, busyStatus: 401 }, name: "LinkExpired", status: 401, requests: 1 },
    { faults: { truncateAfter: 10 }, name: "FileTruncated", requests: 1 },
    { faults: { truncateAfter: 0 }, name: "FileTruncated", requests: 1 },
    { faults: { resetAfter: 10 }, name: "NetworkFailed", requests: 1 },
    { faults: { changeEtag: true }, location: { etag: '"old"' }, name: "FileChanged", requests: 1 },
    { faults: {}, location: { size: SIZE + 5 }, name: "FileChanged", requests: 1 },
  ];

  it.each(cases)("%o", async ({ faults, location, path, name, status, requests }) => {
    server.set(faults);
    const url = path ? server.plain("files") + path : http.url;
    const error = await failure(readRange({ ...http, url, ...location }, { begin: 100, end: 1000 }, { retry }));
    expect([error.name, error.status, server.log.length]).toEqual([name, status, requests]);
    if (name !== "FileTruncated") expect(error.message).toContain(new URL(server.cdn).host);
  });

  it("says that a file is another one when it ends before the span", async () => {
    const beyond = { begin: SIZE + 100, end: SIZE + 200 };
    const error = await failure(readRange({ ...http, size: SIZE + 500 }, beyond));
    expect([error.name, error.status]).toEqual(["FileChanged", 416]);
  });

  it("gets another chance when it is busy", async () => {
    server.set({ busy: 2 });
    expect(await readRange(http, { begin: 1, end: 4 }, { retry })).toEqual(content.slice(1, 4));
    expect(server.log.map(({ status }) => status)).toEqual([429, 429, 206]);
  });

  it("takes a weak ETag for the strong one", async () => {
    const location = { ...http, etag: `W/"a.bin-${SIZE}"` };
    expect(await readRange(location, { begin: 1, end: 4 })).toEqual(content.slice(1, 4));
  });

  it("keeps what came before it broke off", async () => {
    server.set({ resetAfter: 5000 });
    let seen = 0;
    const onBytes = (n: number) => {
      seen += n;
    };
    expect((await failure(readRange(http, { begin: 0, end: SIZE }, { onBytes }))).name).toBe("NetworkFailed");
    expect(seen).toBeGreaterThan(0);
  });

  it("that announces more than was asked for is not read", async () => {
    const answer = new Response(new Uint8Array(20), { status: 206, headers: { "content-length": "20" } });
    vi.stubGlobal("fetch", async () => answer);
    const error = await failure(readRange(http, { begin: 0, end: 10 }));
    expect([error.name, error.message]).toEqual(["RangeUnsupported", expect.stringContaining("20 bytes where 10")]);
  });
});

describe("no answer at all", () => {
  it("is a dead network when nothing can be reached", async () => {
    server.set({ down: true });
    const error = await failure(readRange(http, { begin: 0, end: 5 }));
    expect([error.name, error.cause]).toEqual(["NetworkFailed", expect.any(TypeError)]);
    server.set({ down: false });
    expect(await readRange(http, { begin: 0, end: 5 })).toEqual(content.slice(0, 5));
  });

  it("is CORS when the host is there, as a browser sees it", async () => {
    vi.stubGlobal("fetch", corsFetch("https://page.test"));
    const error = await failure(readRange({ ...http, url: `${server.plain("closed")}a.bin` }, { begin: 0, end: 5 }));
    expect([error.name, error.cause]).toEqual(["CorsRefused", expect.any(TypeError)]);
    expect(server.log.map(({ method }) => method)).toEqual(["GET", "HEAD", "GET"]);
  });

  it("is nothing to speak of when it was one dropped connection", async () => {
    let calls = 0;
    const real = fetch;
    vi.stubGlobal("fetch", (...args: Parameters<typeof fetch>) =>
      calls++ === 0 ? Promise.reject(new TypeError()) : real(...args),
    );
    expect(await readRange(http, { begin: 0, end: 5 })).toEqual(content.slice(0, 5));
  });

  it("reads where CORS hides every header", async () => {
    vi.stubGlobal("fetch", corsFetch("https://page.test"));
    server.set({ hideHeaders: true });
    expect(await readRange({ ...http, etag: '"other"' }, { begin: 3, end: 9 })).toEqual(content.slice(3, 9));
    server.set({ truncateAfter: 2 });
    expect((await failure(readRange(http, { begin: 3, end: 9 }))).name).toBe("FileTruncated");
  });
});

describe("a signed address that is refused without CORS headers", () => {
  const refused = async (signed?: number) => {
    vi.stubGlobal("fetch", corsFetch("https://page.test"));
    const location: FileLocation = {
      ...{ kind: "http", url: `${server.plain("closed")}a.bin`, size: SIZE, resolver: `${server.origin}/a.bin` },
      ...(signed === undefined ? {} : { signed }),
    };
    const waits: number[] = [];
    const wait = async (ms: number) => void waits.push(ms);
    const options = { wasReadable: true, retry: { ...retry, wait } };
    return { error: await failure(readRange(location, { begin: 0, end: 5 }, options)), waits };
  };

  it.each([undefined, Date.now() - 3_600_000])(
    "is taken for expired when it was signed a while ago",
    async (signed) => {
      const { error, waits } = await refused(signed);
      expect([error.name, error.cause, waits]).toEqual(["LinkExpired", expect.any(ReadError), []]);
      expect(error.message).toMatch(
        /refused to hand out this file, in an answer that pages may not read: the link has probably expired\. Open/,
      );
    },
  );

  it("is taken for a busy host's when it has just been signed", async () => {
    const { error, waits } = await refused(Date.now());
    expect([error.name, waits.length > 0]).toEqual(["Busy", true]);
    expect(error.message).toMatch(/is turning requests away for now.*Wait a few minutes, then resume\.$/);
  });
});

describe("an abort", () => {
  const rejection = (promise: Promise<unknown>) =>
    promise.then(
      () => expect.unreachable(),
      (error: unknown) => error,
    );
  const whole = { begin: 0, end: SIZE };

  it("before, during the wait and in the body rejects with the AbortError itself", async () => {
    const before = AbortSignal.abort();
    await expect(readRange(http, whole, { signal: before })).rejects.toBe(before.reason);
    expect(server.log).toEqual([]);

    server.set({ busy: 1 });
    const waiting = new AbortController();
    const wait = async (_: number, signal?: AbortSignal) => {
      waiting.abort();
      signal?.throwIfAborted();
    };
    const busy = readRange(http, whole, { signal: waiting.signal, retry: { ...retry, wait } });
    expect(await rejection(busy)).toBe(waiting.signal.reason);

    server.set({ allowance: SIZE / 2 });
    const during = new AbortController();
    const reading = readRange(http, whole, { signal: during.signal, onBytes: () => during.abort() });
    expect(await rejection(reading)).toBe(during.signal.reason);
    expect(during.signal.reason).toMatchObject({ name: "AbortError" });
  });

  it("ends the transfer at the server", async () => {
    server.set({ allowance: SIZE / 4 });
    const stop = new AbortController();
    const reading = readRange(http, whole, { signal: stop.signal, onBytes: () => stop.abort() });
    await expect(reading).rejects.toMatchObject({ name: "AbortError" });
    await server.whenQuiet();
    expect(server.log.map(({ end }) => end)).toEqual(["aborted"]);
    expect(server.log[0]?.bytes).toBeLessThan(SIZE / 2);
  });

  it("ends the transfer when the stream is cancelled, too", async () => {
    server.set({ allowance: SIZE / 4 });
    const reader = await openRange(http, whole);
    await reader.cancel();
    await server.whenQuiet();
    expect(server.log.map(({ end }) => end)).toEqual(["aborted"]);
  });

  it("stops the reading of a blob", async () => {
    const stop = new AbortController();
    const location: FileLocation = { kind: "blob", blob: new Blob([content]), size: SIZE };
    const reading = readRange(location, whole, { signal: stop.signal, onBytes: () => stop.abort() });
    expect(await rejection(reading)).toBe(stop.signal.reason);
  });
});
