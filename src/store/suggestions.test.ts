import { describe, expect, it, test } from "vitest";
import { phaseOf } from "./phase.ts";
import { HUB, scriptedPage } from "./testing/scripted-page.ts";

const MIRROR = "https://mirror.test";

describe("suggestions", () => {
  test.each(["lla", "meta-llama/", "meta-llama/Ll", "a/b", " tiny-llama ", "Qwen2.5"])(
    "are asked for %j",
    async (text) => {
      const { actions, scripted } = scriptedPage();
      scripted.found = ["org/one"];
      expect(await actions.suggest(text)).toEqual(["org/one"]);
      expect(scripted.searched).toEqual([text.trim()]);
    },
  );

  test.each([
    "",
    "ll",
    "a",
    "demo:base",
    "local:mine",
    "https://files.test/x",
    "two words",
    "org/name@main",
    "org/name:x",
  ])("are not asked for %j", async (text) => {
    const { actions, scripted } = scriptedPage();
    expect(await actions.suggest(text)).toEqual([]);
    expect(scripted.searched).toEqual([]);
  });

  it("are none where the Hub does not answer", async () => {
    const { actions, scripted, state } = scriptedPage();
    scripted.found = new Error("Too many requests.");
    expect(await actions.suggest("llama")).toEqual([]);
    expect([state().notices, phaseOf(state()).status]).toEqual([[], "empty"]);
  });

  it("end with the next key press: the search before is aborted", async () => {
    const { actions, scripted } = scriptedPage();
    const signals: AbortSignal[] = [];
    scripted.onSearch = (signal) => void signals.push(signal);
    await actions.suggest("llama");
    await actions.suggest("llama-2");
    await actions.suggest("");
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it.each([
    ["that waits for consent", { hub: MIRROR, a: "org/base", b: "org/tuned" }],
    ["that names nothing but a Hub", { hub: MIRROR }],
    ["that cannot be read", { hub: MIRROR, a: "two words" }],
  ])("do not come from the Hub of a link %s", async (_, link) => {
    const { actions, open, scripted } = scriptedPage();
    await open(link);
    expect(await actions.suggest("llama")).toEqual([]);
    expect(scripted.searched).toEqual([]);
  });

  it("come from a Hub that the person agreed to, chose, or compared on", async () => {
    for (const agree of [
      async (page: ReturnType<typeof scriptedPage>) => page.actions.agree(),
      async (page: ReturnType<typeof scriptedPage>) => page.actions.compare(),
      async (page: ReturnType<typeof scriptedPage>) => {
        page.actions.cancel();
        page.actions.setHub(MIRROR);
      },
    ]) {
      const page = scriptedPage();
      await page.open({ hub: MIRROR, a: "org/base", b: "org/tuned" });
      await agree(page);
      await page.actions.suggest("llama");
      expect(page.scripted.searched).toEqual(["llama"]);
    }
  });

  it("come from this machine's Hub and the usual one without being asked", async () => {
    for (const hub of [HUB, "http://127.0.0.1:8080"]) {
      const { actions, open, scripted } = scriptedPage();
      await open({ hub });
      await actions.suggest("llama");
      expect(scripted.searched).toEqual(["llama"]);
    }
  });
});
