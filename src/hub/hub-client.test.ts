import { afterEach, expect, it, vi } from "vitest";
import { corsFetch } from "../../e2e/server/cors-fetch.ts";
import { startHub } from "../../e2e/server/hub-server.ts";
import { askHub } from "./hub-client.ts";

afterEach(() => {
  vi.unstubAllGlobals();
});

it("takes a Hub that answered before for busy, and one that never did for closed, where pages may not read it", async () => {
  const server = await startHub({ repos: { "org/open": { files: { "config.json": "{}" } } } });
  vi.stubGlobal("fetch", corsFetch("https://page.test"));
  const retry = { tries: 2, wait: async () => undefined, random: () => 0 };
  const ask = () =>
    askHub({ hub: server.origin, options: { retry } }, `${server.origin}/api/models/org/open/revision/main`, {
      ...{ repo: "org/open", revision: "main" },
    });
  server.set({ noCors: true });
  await expect(ask()).rejects.toMatchObject({ name: "CorsRefused" });
  server.set({ noCors: undefined });
  expect((await ask()).json).toMatchObject({ id: "org/open" });
  server.set({ noCors: true });
  await expect(ask()).rejects.toMatchObject({ name: "Busy" });
  await server.close();
});
