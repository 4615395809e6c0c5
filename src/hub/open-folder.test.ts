import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { llamaPair, shard } from "../../e2e/fixtures/models.ts";
import { writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { corsFetch } from "../../e2e/server/cors-fetch.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { readRange } from "../bytes/read-range.ts";
import { openCheckpoint } from "./open-checkpoint.ts";
import { parseRef } from "./parse-ref.ts";

const { base, config } = llamaPair({ layers: 1, hidden: 16 });
const single = { "model.safetensors": writeSafetensors(base, { alignHeader: false }), "config.json": config };
const sharded = shard(base, 3);
const moved = Object.fromEntries(
  Object.entries(sharded).map(([path, content]) =>
    typeof content === "string" ? [path, content.replaceAll("model-", "parts/model-")] : [`parts/${path}`, content],
  ),
);

let server: HubServer;
beforeAll(async () => {
  server = await startHub({
    plain: {
      single: { files: single },
      sharded: { files: sharded },
      moved: { files: moved },
      whole: { files: single, ranges: false },
      hidden: { files: single, cors: "hidden" },
      closed: { files: single, cors: "none" },
      empty: { files: {} },
      badconfig: { files: { ...single, "config.json": "{" } },
      "model one": { files: single },
    },
  });
});
afterAll(() => server.close());
beforeEach(() => vi.stubGlobal("fetch", corsFetch("https://page.test")));
afterEach(() => {
  vi.unstubAllGlobals();
  server.log.length = 0;
});

const open = (text: string) =>
  openCheckpoint(parseRef(text, { hub: "https://huggingface.co" }), {
    hub: "https://huggingface.co",
    demo: `${server.cdn}/plain/`,
  });
const requests = () => server.log.map(({ url, status }) => `${url.replace(/^\/plain\/[^/]*\//, "")} ${status}`);

it.each([
  ["single", "", ["model.safetensors"], 3],
  ["single", "model.safetensors", ["model.safetensors"], 2],
  ["sharded", "", Object.keys(sharded).slice(0, 3), 5],
  ["sharded", "model.safetensors.index.json", Object.keys(sharded).slice(0, 3), 5],
  ["sharded", "model-00002-of-00003.safetensors", ["model-00002-of-00003.safetensors"], 2],
  ["moved", "", Object.keys(moved).slice(0, 3), 5],
  ["whole", "", ["model.safetensors"], 3],
  ["hidden", "", ["model.safetensors"], 3],
])("%s/%s is opened: %j", async (folder, file, paths, count) => {
  const address = server.plain(folder) + file;
  const checkpoint = await open(address);
  expect(checkpoint).toMatchObject({
    ref: address,
    label: `${new URL(server.cdn).host}/plain/${folder}${file && `/${file}`}`,
  });
  expect(checkpoint.revision).toBeUndefined();
  expect(checkpoint.files.map(({ path }) => path)).toEqual(paths);
  expect(checkpoint.notes).toEqual([]);
  expect([checkpoint.opened.requests, server.log.length]).toEqual([count, count]);
  expect(checkpoint.config).toEqual(folder === "sharded" || folder === "moved" ? undefined : JSON.parse(config));
  for (const { file: index, tensor } of checkpoint.tensors) {
    const { location } = checkpoint.files[index] ?? expect.unreachable();
    const { data } = base.find(({ name }) => name === tensor.name) ?? expect.unreachable();
    expect(Buffer.compare(await readRange(location, tensor.span), data)).toBe(0);
  }
});

it("asks a folder for its index, then for its only file", async () => {
  await open(server.plain("single"));
  expect(requests().sort()).toEqual(["config.json 200", "model.safetensors 206", "model.safetensors.index.json 404"]);
});

it("leaves the neighbours of a signed file alone", async () => {
  const checkpoint = await open(`${server.plain("single")}model.safetensors?Signature=x`);
  expect(requests()).toEqual(["model.safetensors?Signature=x 206"]);
  expect(checkpoint.files[0]?.location).toMatchObject({ url: expect.stringMatching(/Signature=x$/) });
});

it("has a demo in a folder of its name", async () => {
  const checkpoint = await open("demo:single");
  expect(checkpoint).toMatchObject({ ref: "demo:single", label: "single", files: [{ path: "model.safetensors" }] });
});

it("shows a name as it is written, also one that is written wrong", async () => {
  const checkpoint = await open(`${server.cdn}/plain/model%20one/`);
  expect(checkpoint.label).toMatch(/\/plain\/model one$/);
  await expect(open("http://127.0.0.1:1/50%/")).rejects.toMatchObject({ name: "NetworkFailed" });
});

describe("what goes wrong", () => {
  it.each([
    ["empty/", "NoSafetensors", /neither model\.safetensors\.index\.json nor model\.safetensors/],
    ["empty/a.safetensors", "NotFound", /no file at \/plain\/empty\/a\.safetensors/],
    ["empty/a.index.json", "NotFound", /no file at/],
    ["closed/", "CorsRefused", /does not let web pages read/],
  ])("at %s: %s", async (path, name, message) => {
    await expect(open(`${server.cdn}/plain/${path}`)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
  });

  it("is no reason to give up when a missing file is reported without CORS headers, or as forbidden", async () => {
    server.set({ only: /index\.json/, noCors: true });
    expect((await open(server.plain("single"))).files).toHaveLength(1);
    server.set({ noCors: undefined, busy: 1, busyStatus: 403 });
    expect((await open(server.plain("single"))).files).toHaveLength(1);
    server.set({ only: undefined, busy: undefined, busyStatus: undefined });
  });

  it("is a note when it is only the configuration", async () => {
    const { notes, config: read } = await open(server.plain("badconfig"));
    expect([notes, read]).toEqual([[expect.stringMatching(/^config\.json could not be read/)], undefined]);
  });
});

it("takes a web page in place of a file it does not have for no file", async () => {
  const page = "<!doctype html><title>App</title>";
  const app = await startHub({
    plain: { app: { files: { ...single, "model.safetensors.index.json": page, "config.json": page } } },
  });
  const asPages: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (!/json$/.test(String(input))) return response;
    return new Response(response.body, { headers: { "content-type": "text/html; charset=utf-8" } });
  };
  const fetch = globalThis.fetch;
  vi.stubGlobal("fetch", asPages);
  const checkpoint = await open(app.plain("app"));
  expect([checkpoint.files.length, checkpoint.config, checkpoint.notes]).toEqual([1, undefined, []]);
  await app.close();
});
