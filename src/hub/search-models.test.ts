import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { searchModels } from "./search-models.ts";

let server: HubServer;
beforeAll(async () => {
  const names = Array.from({ length: 12 }, (_, i) => `many/llama-${String(i).padStart(2, "0")}`);
  const repos = Object.fromEntries([...names, "org/Tiny-Llama", "other/bert"].map((name) => [name, { files: {} }]));
  server = await startHub({ repos: { ...repos, "closed/llama": { files: {}, private: true } } });
});
afterAll(() => server.close());
afterEach(() => {
  vi.unstubAllGlobals();
  server.log.length = 0;
});

it("asks once and gives at most eight names", async () => {
  expect(await searchModels({ hub: server.origin, options: {} }, "tiny-llama")).toEqual(["org/Tiny-Llama"]);
  expect(await searchModels({ hub: server.origin, options: {} }, "llama")).toHaveLength(8);
  expect(server.log.map(({ url }) => new URL(url, server.origin).searchParams.get("search"))).toEqual([
    "tiny-llama",
    "llama",
  ]);
});

it.each([[{ error: "no" }], [[{ id: "../x" }, { id: 7 }, null, "text"]]])(
  "takes no names out of %j",
  async (answer) => {
    vi.stubGlobal("fetch", async () => Response.json(answer));
    expect(await searchModels({ hub: server.origin, options: {} }, "x")).toEqual([]);
  },
);
