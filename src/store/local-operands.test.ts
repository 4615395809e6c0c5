import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { LocalDrop } from "../hub/local-files.ts";
import { linkOf } from "./link.ts";
import { phaseOf } from "./phase.ts";
import { SMALL, scriptedPage } from "./testing/scripted-page.ts";
import { checkpointOf, settle } from "./testing/scripted-pool.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const folder = (name: string, content = name): LocalDrop => ({
  name,
  files: [{ path: `${name}/model.safetensors`, file: new File([content], "model.safetensors") }],
});
/** 1.2 GB. */
const LARGE = [["model.layers.0.mlp.down_proj.weight", [60_000, 10_000]]] as const;

/** A page on which folders of any name can be opened. */
function page() {
  const scripted = scriptedPage();
  for (const name of ["mine", "tuned", "mine (2)"]) {
    const ref = `local:${name}`;
    scripted.scripted.answers.set(ref, checkpointOf(ref, SMALL));
  }
  const { actions, state } = scripted;
  const texts = () => [state().operands.a.text, state().operands.b.text];
  const drop = (...folders: LocalDrop[]) => actions.takeFiles({ folders, files: [] });
  return { ...scripted, texts, drop };
}

describe("files of this machine", () => {
  /** What stands in the fields, on which side something is dropped, and what stands there then. */
  const DROPS: [before: [string, string], side: "a" | "b" | undefined, folders: string[], after: [string, string]][] = [
    [["", ""], undefined, ["mine"], ["local:mine", ""]],
    [["org/a", ""], undefined, ["mine"], ["org/a", "local:mine"]],
    [["org/a", "org/b"], undefined, ["mine"], ["local:mine", "org/b"]],
    [["", ""], "b", ["mine"], ["", "local:mine"]],
    [["org/a", "org/b"], "b", ["mine"], ["org/a", "local:mine"]],
    [["org/a", "org/b"], undefined, ["mine", "tuned"], ["local:mine", "local:tuned"]],
    [["org/a", ""], "b", ["mine", "tuned"], ["local:mine", "local:tuned"]],
    [["org/a", ""], undefined, [], ["org/a", ""]],
  ];

  test.each(DROPS)("%j, dropped on %s: %j gives %j", async (before, side, folders, after) => {
    const { actions, texts } = page();
    actions.setText("a", before[0]);
    actions.setText("b", before[1]);
    await actions.takeFiles({ folders: folders.map((name) => folder(name)), files: [] }, side);
    expect(texts()).toEqual(after);
  });

  it("are opened where they lie, beside a repo of the Hub", async () => {
    const { actions, drop, scripted, state, asked, texts } = page();
    await drop(folder("mine"));
    actions.setText("b", "org/tuned");
    await actions.compare();
    await settle();
    expect(asked()).toEqual(["local:mine", "org/tuned"]);
    expect(texts()[0]).toBe("local:mine");
    await scripted.drain();
    expect(phaseOf(state())).toEqual({ status: "finished" });
  });

  it("are still there after Swap, and when they are compared again", async () => {
    const { actions, drop, asked, texts } = page();
    await drop(folder("mine"), folder("tuned"));
    await actions.compare();
    actions.swap();
    await settle();
    await actions.compare();
    expect(asked()).toEqual(["local:mine", "local:tuned", "local:tuned", "local:mine", "local:tuned", "local:mine"]);
    expect(texts()).toEqual(["local:tuned", "local:mine"]);
  });

  it("of one name are told apart", async () => {
    const { drop, actions, asked, errors } = page();
    await drop(folder("mine"), folder("mine", "something else"));
    await actions.compare();
    await settle();
    expect([asked(), errors()]).toEqual([
      ["local:mine", "local:mine (2)"],
      [null, null],
    ]);
  });

  it("leave the other side in the link, and their name to say what is missing", async () => {
    const { actions, drop, state, open, asked, environment } = page();
    await drop(folder("mine"));
    actions.setText("b", "https://files.test/model/");
    await actions.compare();
    await settle();
    const link = linkOf(state());
    expect(environment.links.format(link)).toBe("#v=1&a=local:mine&b=https://files.test/model/");

    const visitor = scriptedPage();
    await visitor.open(link);
    expect(visitor.errors()).toEqual([expect.stringMatching(/^"mine" stands for local files, which cannot/), null]);
    expect(visitor.state().operands.b.text).toBe("https://files.test/model/");
    expect(visitor.asked()).toEqual([]);
    // Back in the tab that they were dropped in, they are known.
    await open({ a: "local:mine", b: "org/tuned" });
    expect(asked().slice(2)).toEqual(["local:mine", "org/tuned"]);
  });

  it("are said to be missing from the link when it is copied", async () => {
    const clipboard: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: async (text: string) => void clipboard.push(text) } });
    const { actions, drop, state, compare } = page();
    await drop(folder("mine"), folder("tuned"));
    await actions.compare();
    await actions.copyLink();
    expect(clipboard).toEqual([expect.stringMatching(/#v=1&a=local:mine&b=local:tuned$/)]);
    expect(state().notices).toEqual([
      "The link was copied, but local files cannot be in it: whoever opens it has to drop mine and tuned there.",
    ]);
    await compare("org/base", "org/tuned");
    await actions.copyLink();
    expect(state().notices).toEqual([]);
  });

  it("wait for no click however large they are, since nothing of them travels", async () => {
    const { actions, drop, scripted, state } = page();
    for (const name of ["mine", "tuned"]) scripted.answers.set(`local:${name}`, checkpointOf(`local:${name}`, LARGE));
    await drop(folder("mine"), folder("tuned"));
    await actions.compare();
    await settle();
    expect(phaseOf(state()).status).toBe("running");
    actions.setText("a", "org/large");
    await actions.compare();
    await settle();
    // 1.2 GB of the Hub's are below the bar, of which local bytes are no part.
    expect(phaseOf(state()).status).toBe("running");
  });

  it("are too many where more than two models are dropped", async () => {
    const { drop, state, texts } = page();
    await drop(folder("one"), folder("two"), folder("three"));
    expect([texts(), state().notices]).toEqual([["", ""], [expect.stringMatching(/^3 models were dropped, and two/)]]);
  });

  it("get the sentence of what was wrong with the drop", async () => {
    const { actions, state, texts } = page();
    await actions.takeFiles(
      Promise.reject(new Error("home holds more than 20,000 files. Drop the folder of one model.")),
    );
    expect([texts(), state().notices]).toEqual([
      ["", ""],
      ["home holds more than 20,000 files. Drop the folder of one model."],
    ]);
  });

  it("are no part of the pairs that are remembered", async () => {
    const { actions, drop, state, compare } = page();
    await drop(folder("mine"), folder("tuned"));
    await actions.compare();
    await settle();
    expect(state().recent).toEqual([]);
    await compare("org/base", "org/tuned");
    expect(state().recent).toHaveLength(1);
  });
});
