import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { phaseOf } from "./phase.ts";
import { HUB, SMALL, scriptedPage } from "./testing/scripted-page.ts";
import { COMMIT, checkpointOf, settle, type Tensors } from "./testing/scripted-pool.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a model whose card names its base", () => {
  function page() {
    const scripted = scriptedPage();
    const carded = { ...checkpointOf("org/tuned", SMALL), baseModel: "org/base" };
    for (const ref of ["org/tuned", `org/tuned@${COMMIT}`]) scripted.scripted.answers.set(ref, carded);
    return scripted;
  }

  it("is compared with it at a word, as B", async () => {
    const { compare, actions, state, asked } = page();
    await compare("org/tuned");
    expect(state().comparison?.a.baseModel).toBe("org/base");
    await actions.compareWithBase();
    await settle();
    expect(asked().slice(1)).toEqual(["org/base", `org/tuned@${COMMIT}`]);
    expect([state().comparison?.a.label, state().comparison?.b?.label]).toEqual(["org/base", "org/tuned"]);
  });

  it("has nothing to be compared with at a word where the card names none", async () => {
    const { compare, actions, state, asked } = page();
    await compare("org/base");
    expect(state().comparison?.a).not.toHaveProperty("baseModel");
    await actions.compareWithBase();
    expect(asked()).toEqual(["org/base"]);
  });
});

describe("pairs that were compared", () => {
  it("are remembered once they are open, with their Hub, and compared again at a click", async () => {
    const items = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => items.set(key, value),
      removeItem: (key: string) => items.delete(key),
    });
    const { compare, actions, state, scripted } = scriptedPage();
    await compare("org/base", "org/gone");
    await compare("org/base");
    expect(state().recent).toEqual([]);
    actions.setHub("https://mirror.test");
    await compare("org/base", "org/tuned");
    const pair = { a: "org/base", b: "org/tuned", hub: "https://mirror.test" };
    expect(state().recent).toEqual([pair]);

    const next = scriptedPage();
    expect([next.state().recent, next.state().hub]).toEqual([[pair], HUB]);
    await next.actions.compareRecent(pair);
    await settle();
    expect(next.scripted.opened.map(({ ref, options }) => [ref, options.hub])).toEqual([
      ["org/base", "https://mirror.test"],
      ["org/tuned", "https://mirror.test"],
    ]);
    next.actions.forgetRecent();
    expect([next.state().recent, items.size]).toEqual([[], 0]);
    expect(scripted.scans).not.toEqual([]);
  });

  it("are not those of a link that waits for consent", async () => {
    const { open, actions, state } = scriptedPage();
    await open({ a: "org/base", b: "org/tuned", hub: "https://mirror.test" });
    expect(state().recent).toEqual([]);
    await actions.agree();
    await settle();
    expect(state().recent).toHaveLength(1);
  });
});

describe("a rule for names", () => {
  const RENAMED: Tensors = SMALL.map(([name, shape]) => [`net.${name}`, shape]);
  const HALF: Tensors = SMALL.map(([name, shape]) => [name.replace("layers.0", "layers.zero"), shape]);
  function page() {
    const scripted = scriptedPage();
    scripted.scripted.answers.set("org/renamed", checkpointOf("org/renamed", RENAMED));
    scripted.scripted.answers.set("org/half", checkpointOf("org/half", HALF));
    scripted.scripted.answers.set("org/odd", checkpointOf("org/odd", [["x.weight", [4, 4]]]));
    return scripted;
  }
  const names = ({ state }: ReturnType<typeof page>) =>
    state().comparison?.pairs.map(({ name, nameB }) => `${name} ${nameB}`);

  it("is asked for where no names agree, and pairs them without opening anything again", async () => {
    const tested = page();
    const { compare, actions, state, errors, asked, scripted } = tested;
    await compare("org/base", "org/odd");
    expect([phaseOf(state()).status, state().rename.wanted]).toEqual(["failed", true]);
    actions.setText("b", "org/half");
    expect(state().rename.wanted).toBe(false);
    await compare("org/base", "org/odd");
    await actions.setRename("^x\\. => model.layers.1.self_attn.o_proj.");
    await settle();
    expect([errors(), state().rename.wanted]).toEqual([[null, null], false]);
    expect(names(tested)).toEqual(["model.layers.1.self_attn.o_proj.weight x.weight"]);
    expect(asked()).toHaveLength(4);
    await scripted.drain();
    expect(phaseOf(state())).toEqual({ status: "finished" });
  });

  it("ends the scan before, and can be taken back", async () => {
    const tested = page();
    const { compare, actions, state, asked, scripted } = tested;
    await compare("org/base", "org/half");
    expect(state().comparison?.pairs).toHaveLength(1);
    await actions.setRename("zero => 0");
    await settle();
    expect(names(tested)).toHaveLength(3);
    expect(scripted.scans[0].every(({ current }) => current === null || current.cancelled)).toBe(true);
    await actions.setRename("");
    await settle();
    expect([state().comparison?.pairs.length, state().comparison?.rename]).toEqual([1, ""]);
    expect(scripted.paired.map(({ rename }) => rename)).toEqual(["", "zero => 0", ""]);
    expect(asked()).toHaveLength(2);
  });

  it.each([
    ["nonsense", /^"nonsense" is no rename rule\. Write a pattern, =>,/],
    ["( => x", /^The pattern of the rename rule cannot be read: /],
  ])("that cannot be used gets a sentence and changes nothing: %s", async (text, sentence) => {
    const { compare, actions, state, scripted } = page();
    await compare("org/base", "org/half");
    const { comparison } = state();
    await actions.setRename(text);
    expect(state().rename.error).toMatch(sentence);
    expect(state().comparison).toBe(comparison);
    expect(scripted.paired).toHaveLength(1);
  });

  it("keeps the tensors only as long as there are any left to pair", async () => {
    const { compare, scripted } = page();
    await compare("org/base", "org/half");
    expect(scripted.cancelled.includes(scripted.opened[0].job)).toBe(false);
    const before = scripted.cancelled.length;
    await compare("org/base", "org/tuned");
    // Those of the comparison before, and those that were all paired.
    expect(scripted.cancelled.slice(before)).toEqual([scripted.opened[0].job, scripted.opened[2].job]);
  });

  it("opens both again where their tensors are no longer kept", async () => {
    const { compare, actions, asked, state, scripted } = page();
    await compare("org/base", "org/tuned");
    for (const name of ["org/base", "org/tuned"]) scripted.answers.set(`${name}@${COMMIT}`, checkpointOf(name, SMALL));
    await actions.setRename("layers\\.0 => layers.none");
    await settle();
    expect(asked()).toHaveLength(4);
    expect(state().comparison?.unpaired.length).toBeGreaterThan(0);
    expect(state().comparison?.rename).toBe("layers\\.0 => layers.none");
  });

  test("comes with a link, and one that cannot be read is named there", async () => {
    const tested = page();
    await tested.open({ a: "org/base", b: "org/half", rename: "zero => 0" });
    expect(names(tested)).toHaveLength(3);
    await tested.open({ a: "org/base", b: "org/half", rename: "no rule" });
    expect(names(tested)).toHaveLength(1);
    expect(tested.state().notices).toEqual([expect.stringMatching(/^"no rule" is no rename rule/)]);
  });

  it("is for one pair: another operand begins without", async () => {
    const tested = page();
    await tested.compare("org/base", "org/odd");
    await tested.actions.setRename("^x\\. => model.layers.1.self_attn.o_proj.");
    await tested.compare("org/base", "org/half");
    expect(tested.state().comparison?.rename).toBe("");
  });
});

describe("a busy host", () => {
  const wait = (seconds: number, host = "huggingface.co") => ({ host, until: seconds * 1000 });

  it("is shown while it is waited for, the soonest of several", async () => {
    const { compare, scripted, state } = scriptedPage();
    await compare("org/base", "org/tuned");
    await scripted.tellWait(1, wait(30));
    await scripted.tellWait(2, wait(12, "cdn.test"));
    expect(state().busy).toEqual(wait(12, "cdn.test"));
    await scripted.tellWait(2, null);
    expect(state().busy).toEqual(wait(30));
    await scripted.tellWait(1, null);
    expect(state().busy).toBeNull();
  });

  it("is shown in mid-scan, and no longer when that pauses, ends or is another's", async () => {
    for (const end of ["pause", "cancel", "compare"] as const) {
      const { compare, actions, scripted, state } = scriptedPage();
      await compare("org/base", "org/tuned");
      scripted.scans[0][0].wait(1, wait(20));
      scripted.scans[0][1].wait(1, wait(25));
      expect(state().busy).toEqual(wait(20));
      scripted.scans[0][0].wait(1, null);
      expect(state().busy).toEqual(wait(25));
      void actions[end]();
      expect(state().busy).toBeNull();
    }
  });

  it("is asked at once where the person does not want to wait", async () => {
    const { compare, actions, scripted } = scriptedPage();
    await compare("org/base", "org/tuned");
    actions.hurry();
    expect(scripted.hurried).toBe(1);
    expect(scripted.scans[0].map(({ hurried }) => hurried)).toEqual([1, 1]);
  });
});
