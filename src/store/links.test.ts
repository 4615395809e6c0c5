import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import type { Link } from "../permalink/link-format.ts";
import { phaseOf } from "./phase.ts";
import { SAMPLE_SECTION } from "./testing/sample-instrument.ts";
import { HUB, PAGE, scriptedPage } from "./testing/scripted-page.ts";
import { COMMIT, settle } from "./testing/scripted-pool.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("a link", () => {
  const MIRROR = "https://mirror.test";
  /** Links, and the hosts that are asked for first. */
  const LINKS: [link: Partial<Link>, hosts: string[]][] = [
    [{ a: "org/base", b: "org/tuned" }, []],
    [{ a: "org/base" }, []],
    [{ a: "demo:base", b: "org/tuned" }, []],
    [{ a: "org/base", b: "org/tuned", hub: HUB }, []],
    [{ a: "org/base", b: "org/tuned", hub: "http://127.0.0.1:8080" }, []],
    [{ a: "http://localhost:8080/b/", b: "demo:base" }, []],
    [{ a: "org/base", b: "org/tuned", hub: MIRROR }, [MIRROR]],
    [{ a: "demo:base", b: "org/tuned", hub: MIRROR }, [MIRROR]],
    [{ a: "demo:base", hub: MIRROR }, []],
    [{ a: "https://files.test/model/", b: "org/tuned" }, ["https://files.test"]],
    [{ a: "https://files.test/model/", b: "https://files.test/other/" }, ["https://files.test"]],
    [{ a: "https://files.test/model/", b: "org/tuned", hub: MIRROR }, ["https://files.test", MIRROR]],
  ];

  test.each(LINKS)("%j asks before it talks to %j", async (link, hosts) => {
    const { open, state, asked } = scriptedPage();
    await open(link);
    if (hosts.length > 0) expect([phaseOf(state()), asked()]).toEqual([{ status: "consent", hosts }, []]);
    else expect(asked()).toEqual([link.a, link.b].filter((ref) => ref !== undefined));
  });

  it("goes on when the person agrees", async () => {
    const { open, actions, state, scripted, asked } = scriptedPage();
    await open({ a: "org/base", b: "org/tuned", hub: MIRROR });
    await actions.agree();
    await settle();
    expect(asked()).toEqual(["org/base", "org/tuned"]);
    expect(scripted.opened[0].options.hub).toBe(MIRROR);
    expect(phaseOf(state()).status).toBe("running");
  });

  it("may name a Hub with a slash behind it", async () => {
    const { open, state, scripted } = scriptedPage();
    await open({ a: "org/base", hub: `${MIRROR}/` });
    expect([state().hub, phaseOf(state())]).toEqual([MIRROR, { status: "consent", hosts: [MIRROR] }]);
    await open({ a: "org/base", hub: "http://127.0.0.1:8080/" });
    expect(scripted.opened.map(({ options }) => options.hub)).toEqual(["http://127.0.0.1:8080"]);
  });

  it("is agreed to once, however often the button is pressed", async () => {
    const { open, actions, scripted, asked } = scriptedPage();
    await open({ a: "org/base", b: "org/tuned", hub: MIRROR });
    await Promise.all([actions.agree(), actions.agree()]);
    await settle();
    expect([asked(), scripted.scans.length]).toEqual([["org/base", "org/tuned"], 1]);
  });

  it("is not agreed to by swapping its fields", async () => {
    const { open, actions, state, asked } = scriptedPage();
    await open({ a: "org/base", b: "org/tuned", hub: MIRROR });
    actions.swap();
    await settle();
    expect([state().operands.a.text, state().operands.b.text]).toEqual(["org/tuned", "org/base"]);
    expect([phaseOf(state()).status, asked()]).toEqual(["consent", []]);
  });

  it("brings its view, its engine and what could not be read of it", async () => {
    const { open, state } = scriptedPage();
    const look = { views: { sample: { ...SAMPLE_SECTION.defaults, tint: "deep", find: "o_proj" } }, present: true };
    await open({ a: "org/base", b: "org/tuned", engine: "reference", exact: true, ...look }, ["Half of it is new."]);
    expect(state()).toMatchObject({
      ...look,
      exact: true,
      engine: { forced: "reference" },
      notices: ["Half of it is new."],
    });
  });

  it("without operands shows the empty page", async () => {
    const { open, compare, state, asked } = scriptedPage();
    await compare("org/base", "org/tuned");
    await open({});
    expect(phaseOf(state())).toEqual({ status: "empty" });
    expect(state()).toMatchObject({ comparison: null, operands: { a: { text: "" } } });
    expect(asked()).toHaveLength(2);
  });

  it("with a tuned model and an adapter asks before it talks to a host that only the adapter is on", async () => {
    const { open, state, asked } = scriptedPage();
    await open({ a: "org/base", b: "org/tuned", adapter: "https://elsewhere.test/lora/" });
    expect([phaseOf(state()), asked()]).toEqual([{ status: "consent", hosts: ["https://elsewhere.test"] }, []]);
    expect(state().operands.adapter).toMatchObject({ text: "https://elsewhere.test/lora/", error: null });
  });

  it("that cannot be read says so at the field, and talks to nobody", async () => {
    const { open, errors, state, asked } = scriptedPage();
    await open({ a: "org/base", b: "not a ref", hub: MIRROR });
    expect([errors(), asked()]).toEqual([[null, expect.stringMatching(/not a ref/)], []]);
    expect(phaseOf(state()).status).toBe("failed");
  });

  test.each(["nonsense", "mirror.test", "https://"])("with %j for a Hub says what is wrong with that", async (hub) => {
    const { open, state, errors, asked } = scriptedPage();
    await open({ a: "org/base", b: "org/tuned", hub });
    const sentences = [
      ...errors(),
      ...state().notices,
      "error" in phaseOf(state()) ? JSON.stringify(phaseOf(state())) : "",
    ];
    expect(asked()).toEqual([]);
    expect(sentences.join(" ")).toMatch(/\bhub\b/i);
  });

  it("comes out of the page as it went in, pinned", async () => {
    const { open, actions, environment } = scriptedPage();
    const written: string[] = [];
    vi.stubGlobal("navigator", { clipboard: { writeText: async (text: string) => void written.push(text) } });
    const views = { sample: { ...SAMPLE_SECTION.defaults, tint: "deep", find: "o_proj" } };
    await open({ a: "org/base", b: "org/tuned", engine: "reference", exact: true, views });
    await actions.copyLink();
    const [address, hash] = written[0].split("#");
    expect(address).toBe(`${PAGE}/app/`);
    expect(environment.links.parse(`#${hash}`)).toEqual({
      link: {
        ...environment.links.empty,
        ...{ a: `org/base@${COMMIT}`, b: `org/tuned@${COMMIT}`, engine: "reference", exact: true, views },
      },
      problems: [],
    });
  });
});

describe("the start of a scan", () => {
  const LOOPBACK = { a: "http://127.0.0.1:8080/a/", b: "http://localhost:8080/b/" };
  /** How the operands came, in which circumstances, and whether the scan waits for a click. */
  const STARTS: [what: string, way: "typed" | "link", link: Partial<Link>, saveData: boolean, waits: boolean][] = [
    ["a small scan", "typed", { a: "org/base", b: "org/tuned" }, false, false],
    ["a small scan", "link", { a: "org/base", b: "org/tuned" }, false, false],
    ["one model of 1.2 GB", "link", { a: "org/large" }, false, false],
    ["2.4 GB", "typed", { a: "org/large", b: "org/larger" }, false, true],
    ["2.4 GB", "link", { a: "org/large", b: "org/larger" }, false, true],
    ["2.4 GB, scan=exact", "typed", { a: "org/large", b: "org/larger", exact: true }, false, false],
    ["2.4 GB, scan=exact", "link", { a: "org/large", b: "org/larger", exact: true }, false, true],
    ["2.4 GB on loopback", "link", LOOPBACK, false, true],
    ["2.4 GB on loopback, scan=exact", "link", { ...LOOPBACK, exact: true }, false, false],
    ["2.4 GB, half of it on loopback, scan=exact", "link", { ...LOOPBACK, b: "org/large", exact: true }, false, true],
    [
      "2.4 GB of a Hub on loopback, scan=exact",
      "link",
      { a: "org/large", b: "org/larger", hub: "http://127.0.0.1:8080", exact: true },
      false,
      false,
    ],
    ["a small scan of a data saver", "typed", { a: "org/base", b: "org/tuned" }, true, true],
    ["a small scan of a data saver", "link", { a: "org/base", b: "org/tuned" }, true, true],
    ["a small scan of a data saver, scan=exact", "typed", { a: "org/base", b: "org/tuned", exact: true }, true, false],
    ["a small scan of a data saver, scan=exact", "link", { a: "org/base", b: "org/tuned", exact: true }, true, true],
  ];

  test.each(STARTS)("%s, %s: %j, data saver %s: waits for a click %s", async (_, way, link, saveData, waits) => {
    const { open, compare, state, store, scripted } = scriptedPage({ saveData });
    if (way === "link") await open(link);
    else {
      store.setState({ exact: link.exact ?? false });
      await compare(link.a ?? "", link.b ?? "");
    }
    expect(phaseOf(state())).toEqual({ status: waits ? "ready" : "running" });
    expect(scripted.scans).toHaveLength(waits ? 0 : 1);
    expect(state().cost?.bytes.a).toBeGreaterThan(0);
  });

  it("is a click, and one only", async () => {
    const { compare, actions, state, scripted } = scriptedPage();
    actions.start();
    await compare("org/large", "org/larger");
    expect(state().cost).toMatchObject({ bytes: { a: 1.2e9, b: 1.2e9 } });
    actions.start();
    actions.start();
    await settle();
    expect([phaseOf(state()).status, scripted.scans.length]).toEqual(["running", 1]);
  });
});
