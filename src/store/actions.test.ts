import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { setToken, tokenFor } from "../access/token-vault.ts";
import { comparisonFile, comparisonText } from "../comparing/file/comparison-file.ts";
import { OutcomeList } from "../comparing/outcome-list.ts";
import { comparisonOf, outcomeOf, pairsOf } from "../comparing/testing/sample-comparison.ts";
import { DELTA } from "../instruments/delta/instrument.ts";
import { DEFAULT_VIEW, DELTA_SECTION } from "../instruments/delta/view-state.ts";
import { namedError } from "../reading/testing/hand-workers.ts";
import { isOpening, phaseOf, scanProgress } from "./phase.ts";
import { viewOf } from "./slice.ts";
import { HUB, PAGE, SMALL, scriptedPage } from "./testing/scripted-page.ts";
import { COMMIT, checkpointOf, settle } from "./testing/scripted-pool.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("comparing what is typed", () => {
  it("opens both, pins them, and scans to the end", async () => {
    const { compare, state, scripted, asked } = scriptedPage();
    await compare(" org/base ", "org/tuned");
    expect(asked()).toEqual(["org/base", "org/tuned"]);
    expect(scripted.opened[0].options).toEqual({ hub: HUB, demo: `${PAGE}/app/demo/`, token: undefined });
    expect(phaseOf(state())).toEqual({ status: "running" });
    expect(state().operands).toEqual({
      a: { text: `org/base@${COMMIT}`, label: "org/base", revision: COMMIT, error: null },
      b: { text: `org/tuned@${COMMIT}`, label: "org/tuned", revision: COMMIT, error: null },
      adapter: null,
    });
    expect(state().comparison?.pairs.map(({ name }) => name)).toEqual(SMALL.map(([name]) => name));
    expect(state().cost).toEqual({ bytes: { a: 128, b: 128, adapter: 0 }, requests: 2 });
    await scripted.drain();
    expect(phaseOf(state())).toEqual({ status: "finished" });
    expect([...state().results.list].map((outcome) => [outcome?.coverage, outcome?.engine])).toEqual(
      SMALL.map(() => [1, "reference"]),
    );
    expect(scanProgress(state())).toMatchObject({
      ...{ bytes: { a: { done: 128, total: 128 }, b: { done: 128, total: 128 } }, items: { done: 3, total: 3 } },
      ...{ secondsLeft: null, reading: null },
    });
  });

  it("shows what it finds while it scans, a few times a second", async () => {
    const { compare, state, scripted, store } = scriptedPage();
    await compare("org/base", "org/tuned");
    const { version } = state().results;
    const seen: unknown[] = [];
    store.subscribe(({ results }) => seen.push(results));
    for (const worker of scripted.scans[0]) worker.finishSegment();
    expect(seen).toEqual([]);
    await vi.advanceTimersByTimeAsync(300);
    expect(seen).toHaveLength(1);
    expect(state().results.version).toBe(version + 1);
    expect(scanProgress(state())?.items).toEqual({ done: 2, total: 3 });
    for (const worker of scripted.scans[0]) if (worker.current) worker.step();
    await vi.advanceTimersByTimeAsync(300);
    expect(seen, "the first result is seen sooner than the others").toHaveLength(1);
    await vi.advanceTimersByTimeAsync(300);
    expect(seen).toHaveLength(2);
  });

  it("connects to any host that the person named", async () => {
    const { compare, asked, state } = scriptedPage();
    await compare("https://files.test/model", "org/tuned");
    expect(asked()).toEqual(["https://files.test/model/", "org/tuned"]);
    expect(phaseOf(state()).status).toBe("running");
  });

  test.each([
    ["org/base", ""],
    ["", "org/base"],
  ])("looks at one model alone: %j and %j", async (a, b) => {
    const { compare, state, scripted } = scriptedPage({}, DELTA);
    await compare(a, b);
    expect(state().operands.a.text).toBe(`org/base@${COMMIT}`);
    expect(state().operands.b).toMatchObject({ text: "", label: null });
    const { metric } = viewOf(state(), DELTA_SECTION);
    expect([state().comparison?.b, metric, state().cost?.bytes.b]).toEqual([null, "normA", 0]);
    await scripted.drain();
    expect(phaseOf(state()).status).toBe("finished");
    await compare("org/base", "org/tuned");
    expect(viewOf(state(), DELTA_SECTION).metric).toBe(DEFAULT_VIEW.metric);
  });

  it("gives the scan to the engine that is asked for", async () => {
    const { open, scripted, state } = scriptedPage({ gpu: true });
    await open({ a: "org/base", b: "org/tuned", engine: "reference" });
    expect([scripted.engines, scripted.deviceStarts]).toEqual([["reference"], []]);
    expect(state().engine).toMatchObject({ forced: "reference", chosen: "reference", workers: 2 });
    expect(state().engine.reason).toMatch(/asked for/);
  });

  it("gives the scan to the GPU where that serves", async () => {
    const { compare, scripted, state } = scriptedPage({ gpu: true });
    scripted.device = {
      ...{ available: true, isFallback: false, description: "a GPU", selfTest: { passed: true, reason: "Equal." } },
      pairsPerSecond: { wgsl: 9e8, wasm: 6e8 },
    };
    await compare("org/base", "org/tuned");
    expect([scripted.engines, scripted.deviceStarts, state().engine.chosen]).toEqual([["wgsl"], [false], "wgsl"]);
  });

  it("goes on without the GPU where its worker fails", async () => {
    const { compare, scripted, state } = scriptedPage({ gpu: true });
    scripted.device = namedError("WorkerFailed");
    await compare("org/base", "org/tuned");
    expect(scripted.deviceStarts).toEqual([false]);
    expect([phaseOf(state()).status, state().engine.chosen]).toEqual(["running", "wasm"]);
  });

  it("says so where the workers cannot be started", async () => {
    const { compare, scripted, state } = scriptedPage();
    scripted.scanners = namedError("WorkerFailed", "Reload the page.");
    await compare("org/base", "org/tuned");
    expect(phaseOf(state())).toEqual({ status: "failed", error: "Reload the page." });
  });

  it("ends the comparison before; what still comes from that is dropped", async () => {
    const { compare, actions, scripted, state } = scriptedPage();
    let release = () => {};
    scripted.gate = new Promise((resolve) => {
      release = resolve;
    });
    actions.setText("a", "org/large");
    const first = actions.compare();
    const { job } = scripted.opened[0];
    scripted.gate = null;
    await compare("org/base", "org/tuned");
    expect(scripted.cancelled).toContain(job);
    const old = scripted.scans[0];
    release();
    await first;
    expect(state().comparison?.a.label).toBe("org/base");

    await compare("org/tuned", "org/base");
    expect(old.every(({ current }) => current?.cancelled)).toBe(true);
    const phase = phaseOf(state());
    const known = [...state().results.list];
    for (const worker of old) worker.finishSegment();
    await vi.advanceTimersByTimeAsync(1000);
    expect([...state().results.list]).toEqual(known);
    expect(phaseOf(state())).toBe(phase);
  });
});

describe("an operand that cannot be opened", () => {
  const GONE = "There is no such repo. Check the name.";
  /** References, and the errors at both fields. */
  const CASES: [what: string, a: string, b: string, errorA: unknown, errorB: unknown][] = [
    ["nothing typed", "", "", expect.stringMatching(/Nothing is written/), null],
    ["A unreadable", "a/b/c/d", "org/tuned", expect.stringMatching(/a\/b\/c\/d/), null],
    ["B unreadable", "org/base", "two words", null, expect.stringMatching(/two words/)],
    ["both unreadable", "one two", "three four", expect.stringMatching(/one two/), expect.stringMatching(/three four/)],
    ["A gone", "org/gone", "org/tuned", GONE, null],
    ["B gone", "org/base", "org/gone", null, GONE],
    ["both gone", "org/gone", "org/lost", GONE, "The repo is private. Enter a token."],
    ["nothing in common", "org/base", "org/unlike", null, expect.stringMatching(/no tensor name in common/)],
  ];

  test.each(CASES)("%s", async (_, a, b, errorA, errorB) => {
    const { compare, errors, state, scripted } = scriptedPage();
    scripted.answers.set("org/gone", namedError("RepoNotFound", GONE));
    scripted.answers.set("org/lost", namedError("PrivateRepo", "The repo is private. Enter a token."));
    await compare(a, b);
    expect(errors()).toEqual([errorA, errorB]);
    expect(phaseOf(state())).toEqual({ status: "failed", error: expect.stringMatching(/\.$/) });
    expect([isOpening(state(), "a"), isOpening(state(), "b")]).toEqual([false, false]);
    expect([state().operands.a.text, state().operands.b.text]).toEqual([a, b]);
    expect(scripted.scans).toEqual([]);
  });

  it("opens nothing while one of the fields is unreadable", async () => {
    const { compare, asked } = scriptedPage();
    await compare("org/base", "two words");
    expect(asked()).toEqual([]);
  });

  it("is forgotten when its field is edited, and when another is compared", async () => {
    const { compare, errors, actions, state } = scriptedPage();
    await compare("org/gone", "org/vanished");
    actions.setText("a", "org/base");
    expect(errors()).toEqual([null, "org/vanished does not exist."]);
    await compare("org/base", "org/tuned");
    expect(errors()).toEqual([null, null]);
    expect(phaseOf(state()).status).toBe("running");
  });

  it("is the only thing said, though the GPU fails as well", async () => {
    const { compare, scripted, errors } = scriptedPage({ gpu: true });
    scripted.device = namedError("WorkerFailed");
    await compare("org/gone", "org/tuned");
    expect(errors()).toEqual(["org/gone does not exist.", null]);
  });
});

describe("a scan under way", () => {
  it("pauses and goes on", async () => {
    const { compare, actions, state, scripted } = scriptedPage();
    await compare("org/base", "org/tuned");
    actions.pause();
    expect(phaseOf(state())).toEqual({ status: "paused", error: null });
    expect(scanProgress(state())?.rate).toBe(null);
    await scripted.drain();
    actions.resume();
    await settle();
    expect(phaseOf(state())).toEqual({ status: "running" });
    await scripted.drain();
    expect(phaseOf(state())).toEqual({ status: "finished" });
  });

  it("can be stopped; what it found stays", async () => {
    const { compare, actions, state, scripted } = scriptedPage();
    await compare("org/base", "org/tuned");
    scripted.scans[0][0].finishSegment();
    await vi.advanceTimersByTimeAsync(300);
    actions.cancel();
    expect(phaseOf(state())).toEqual({ status: "stopped" });
    expect([...state().results.list].filter((outcome) => outcome !== null)).toHaveLength(1);
    scripted.scans[0][1].finishSegment();
    await scripted.drain();
    await vi.advanceTimersByTimeAsync(1000);
    expect([...state().results.list].filter((outcome) => outcome !== null)).toHaveLength(1);
    expect(phaseOf(state()).status).toBe("stopped");
  });

  it("keeps what it found when a file turns out bad", async () => {
    const { compare, state, scripted } = scriptedPage();
    await compare("org/base", "org/tuned");
    scripted.scans[0][0].finishSegment();
    scripted.scans[0][0].fail(namedError("FileTruncated", "The file is cut short. Open it again."));
    await settle();
    expect(phaseOf(state())).toEqual({ status: "failed", error: "The file is cut short. Open it again." });
    expect([...state().results.list].filter((outcome) => outcome !== null)).toHaveLength(1);
  });

  it("reads first what is looked at", async () => {
    const { compare, actions, scripted, state } = scriptedPage({}, DELTA);
    actions.setView(DELTA_SECTION, { cell: "down_proj@0" });
    await compare("org/base", "org/tuned");
    const first = scripted.scans[0][0].runs[0].segments[0].position;
    expect(state().comparison?.pairs[first].name).toBe("model.layers.0.mlp.down_proj.weight");
  });

  it("is not there yet while headers are read: stopping then empties the page", async () => {
    const { actions, state, scripted } = scriptedPage();
    scripted.gate = new Promise(() => undefined);
    actions.setText("a", "org/base");
    actions.setText("b", "org/tuned");
    void actions.compare();
    const opening = () => (["a", "b"] as const).map((side) => isOpening(state(), side));
    expect([phaseOf(state()), opening()]).toEqual([{ status: "opening" }, [true, true]]);
    actions.cancel();
    expect([phaseOf(state()), opening()]).toEqual([{ status: "empty" }, [false, false]]);
    expect(state().operands.a.text).toBe("org/base");
  });
});

describe("the fields", () => {
  /** What stands in them, what is dropped, and what stands in them then. */
  const DROPS: [before: [string, string], text: string, after: [string, string]][] = [
    [["", ""], "org/x", ["org/x", ""]],
    [["org/a", ""], "org/x", ["org/a", "org/x"]],
    [["", "org/b"], "org/x", ["org/x", "org/b"]],
    [["org/a", "org/b"], "org/x", ["org/x", "org/b"]],
    [["", ""], "org/x org/y", ["org/x", "org/y"]],
    [
      ["org/a", "org/b"],
      "https://huggingface.co/org/x\nhttps://huggingface.co/org/y\n",
      ["https://huggingface.co/org/x", "https://huggingface.co/org/y"],
    ],
    [["org/a", "org/b"], "  \n", ["org/a", "org/b"]],
  ];

  test.each(DROPS)("%j with %j dropped hold %j", (before, text, after) => {
    const { actions, state } = scriptedPage();
    actions.setText("a", before[0]);
    actions.setText("b", before[1]);
    actions.takeText(text);
    expect([state().operands.a.text, state().operands.b.text]).toEqual(after);
  });

  it("swap, and are compared again where there was a comparison", async () => {
    const { compare, actions, state, asked, scripted } = scriptedPage();
    await compare("org/base", "org/tuned");
    scripted.answers.set(`org/base@${COMMIT}`, checkpointOf("org/base", SMALL));
    scripted.answers.set(`org/tuned@${COMMIT}`, checkpointOf("org/tuned", SMALL));
    actions.swap();
    await settle();
    expect(asked().slice(2)).toEqual([`org/tuned@${COMMIT}`, `org/base@${COMMIT}`]);
    expect([state().comparison?.a.label, state().comparison?.b?.label]).toEqual(["org/tuned", "org/base"]);
  });

  test.each([
    ["org/a", "org/b"],
    ["org/a", ""],
    ["", ""],
  ])("swap without more ado on an empty page: %j and %j", async (a, b) => {
    const { actions, state, asked } = scriptedPage();
    actions.setText("a", a);
    actions.setText("b", b);
    actions.swap();
    await settle();
    expect([state().operands.a.text, state().operands.b.text, phaseOf(state()).status]).toEqual([b, a, "empty"]);
    expect(asked()).toEqual([]);
  });
});

describe("settings", () => {
  test.each([
    ["https://mirror.test", "https://mirror.test"],
    [" https://mirror.test// ", "https://mirror.test"],
    ["", HUB],
  ])("a Hub typed as %j is %s", (typed, hub) => {
    const { actions, state } = scriptedPage();
    actions.setHub(typed);
    expect(state().hub).toBe(hub);
  });

  it("a token goes to the Hub it was entered for, and nowhere into the state", async () => {
    const items = new Map<string, string>();
    vi.stubGlobal("sessionStorage", {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => items.set(key, value),
    });
    const { actions, compare, state, scripted } = scriptedPage();
    setToken("https://mirror.test", "hf_mirror");
    actions.setToken("hf_secret");
    expect(tokenFor(HUB)).toBe("hf_secret");
    await compare("org/base", "org/tuned");
    actions.setHub("https://elsewhere.test");
    await compare("org/base", "org/tuned");
    expect(scripted.opened.map(({ options }) => options.token)).toEqual([
      "hf_secret",
      "hf_secret",
      undefined,
      undefined,
    ]);
    expect(JSON.stringify(state())).not.toContain("hf_");
  });
});

describe("a comparison file", () => {
  const PAIRS = pairsOf([["model.layers.0.self_attn.o_proj.weight", [2, 2]]]);
  const RESULTS = [outcomeOf([1, 2, 3, 4], [1, 2, 3, 5])];
  const text = [...comparisonText(comparisonOf(PAIRS), OutcomeList.of(PAIRS, RESULTS), "reference")];

  it("opens without asking anyone, and ends what was under way", async () => {
    const { compare, actions, state, scripted, asked } = scriptedPage();
    await compare("org/base", "org/tuned");
    await actions.openFile(new Blob(text));
    expect(phaseOf(state())).toEqual({ status: "finished" });
    expect(state().comparison?.pairs.map(({ name }) => name)).toEqual(PAIRS.map(({ name }) => name));
    expect([...state().results.list]).toEqual(RESULTS);
    expect(state().operands.a).toMatchObject({ label: "org/base", error: null });
    expect(scripted.scans[0].every(({ current }) => current?.cancelled)).toBe(true);
    expect(asked()).toHaveLength(2);
  });

  it("that is damaged leaves everything as it was, and says so", async () => {
    const { compare, actions, state } = scriptedPage();
    await compare("org/base", "org/tuned");
    const { comparison } = state();
    const phase = phaseOf(state());
    await actions.openFile(new Blob(["no JSON"]));
    expect([state().comparison, phaseOf(state())]).toEqual([comparison, phase]);
    expect(state().notices).toEqual([expect.stringMatching(/JSON.*\.$/)]);
    actions.dismissNotices();
    expect(state().notices).toEqual([]);
  });

  it("is what saving gives, under the names of both", async () => {
    const { compare, actions, downloads, scripted, state } = scriptedPage();
    await actions.save();
    await compare("org/base", "org/tuned");
    await scripted.drain();
    await actions.save();
    expect(downloads.map(({ name }) => name)).toEqual(["org_base--org_tuned.auscult.json"]);
    const { comparison, results, engine } = state();
    if (!comparison) expect.fail("There is no comparison to save.");
    expect(JSON.parse(await downloads[0].file.text())).toEqual(comparisonFile(comparison, results.list, engine.chosen));
  });
});
