import { afterAll, afterEach, beforeAll, expect, it, test, vi } from "vitest";
import { corsFetch } from "../../e2e/server/cors-fetch.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { httpGet } from "./http-get.ts";
import type { Wait } from "./with-retry.ts";

let server: HubServer;
beforeAll(async () => {
  server = await startHub({ repos: { "org/open": { files: { "config.json": "{}" } } } });
});
afterAll(() => server.close());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  server.set({ busy: undefined, busyStatus: undefined, noCors: undefined });
  server.log.length = 0;
});

const address = () => `${server.origin}/api/models/org/open/revision/main`;
/** Served waits, in milliseconds, and what was told of them. */
function patience(tries: number) {
  const waits: number[] = [];
  const told: (Wait | "over")[] = [];
  const onWait = (wait: Wait) => {
    told.push(wait);
    return () => void told.push("over");
  };
  const wait = async (ms: number) => void waits.push(ms);
  return { waits, told, options: { onWait, retry: { tries, wait, random: () => 0 } } };
}

test.each([429, 503])("a host that says %i is waited for, and whoever watches is told until when", async (status) => {
  server.set({ busy: 2, busyStatus: status });
  const { waits, told, options } = patience(3);
  vi.setSystemTime(1_700_000_000_000);
  expect((await httpGet(address(), undefined, options)).status).toBe(200);
  expect(waits).toEqual([1000, 15_000]);
  expect(told).toEqual([
    { host: new URL(server.origin).host, until: 1_700_000_001_000 },
    "over",
    { host: new URL(server.origin).host, until: 1_700_000_015_000 },
    "over",
  ]);
});

test("a host that fails in passing is tried again without a word", async () => {
  server.set({ busy: 2, busyStatus: 502 });
  const { waits, told, options } = patience(3);
  await httpGet(address(), undefined, options);
  expect([waits, told]).toEqual([[500, 1000], []]);
});

it("takes a refusal without CORS headers for a busy host where pages were let read before, and only there", async () => {
  vi.stubGlobal("fetch", corsFetch("https://page.test"));
  server.set({ noCors: true });
  const read = patience(3);
  await expect(httpGet(address(), undefined, { ...read.options, wasReadable: true })).rejects.toMatchObject({
    name: "Busy",
    message: expect.stringMatching(/is turning requests away for now \(an answer that pages may not read\)\. Wait/),
  });
  expect(read.waits).toEqual([1000, 15_000]);
  const unread = patience(3);
  await expect(httpGet(address(), undefined, unread.options)).rejects.toMatchObject({ name: "CorsRefused" });
  expect(unread.waits).toEqual([]);
});
