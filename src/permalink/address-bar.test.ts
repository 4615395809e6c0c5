import { describe, expect, it } from "vitest";
import { AddressBar, type Browser } from "./address-bar.ts";
import { type Link, LinkFormat } from "./link-format.ts";
import { choice, sectionOf, text } from "./section.ts";

interface View {
  tint: "pale" | "deep";
  zoom: "near" | "far";
  find: string;
}
const drawing = sectionOf<View>(
  "drawing",
  { tint: choice(["pale", "deep"], "pale"), zoom: choice(["near", "far"], "near"), find: text("") },
  { undone: ["tint"], typed: ["find"] },
);
const tone = sectionOf<{ pitch: string }>("tone", { pitch: text("") }, { undone: ["pitch"], typed: [] });
const links = new LinkFormat([drawing, tone]);

/** A browser's tab: entries of a history, and a person who goes through them or types an address. */
class Tab implements Browser {
  readonly entries: string[];
  #at = 0;

  constructor(hash: string) {
    this.entries = [hash];
  }

  readonly history = {
    pushState: (_: unknown, __: string, address: string) => {
      this.#at++;
      this.entries.splice(this.#at, this.entries.length, hashOf(address));
    },
    replaceState: (_: unknown, __: string, address: string) => {
      this.entries[this.#at] = hashOf(address);
    },
  };

  get location() {
    return { hash: this.entries[this.#at], pathname: "/app/", search: "?x=1" };
  }

  back(): void {
    this.#at--;
  }

  type(hash: string): void {
    this.history.pushState(null, "", hash);
  }
}

const hashOf = (address: string): string => (address.includes("#") ? address.slice(address.indexOf("#")) : "");

const seen = (view: Partial<View>) => ({ views: { drawing: { ...drawing.defaults, ...view } } });
const PAIR: Link = { ...links.empty, a: "org/a", b: "org/b" };
const PINNED: Link = { ...PAIR, a: "org/a@1234567", b: "org/b@89abcde" };

function opened(hash: string) {
  const tab = new Tab(hash);
  return { tab, bar: new AddressBar(links, tab) };
}

describe("what is on screen", () => {
  it("is written over the entry that it was opened from, pinned", () => {
    const { tab, bar } = opened("#v=1&a=org/a&b=org/b");
    bar.show(PAIR, null);
    bar.show(PINNED, 1);
    expect(tab.entries).toEqual(["#v=1&a=org/a@1234567&b=org/b@89abcde"]);
  });

  /** What changes of a link that is shown, and whether it is an entry of its own. */
  const CHANGES: [what: string, patch: Partial<Link>, comparison: number, entered: boolean][] = [
    ["another choice that a section calls a step", seen({ tint: "deep" }), 1, true],
    ["another choice that it does not", seen({ zoom: "far" }), 1, false],
    ["what is typed", seen({ find: "o" }), 1, false],
    ["another page", { page: "methods" }, 1, true],
    ["another instrument", { instrument: "tone" }, 1, true],
    ["going on a stage", { present: true }, 1, false],
    ["another comparison of other operands", { b: "org/c@89abcde" }, 2, true],
    ["another comparison of the same operands", { b: "org/b@fedcba9" }, 2, false],
    ["nothing", {}, 2, false],
  ];
  it.each(CHANGES)("%s", (_, patch, comparison, entered) => {
    const { tab, bar } = opened("#v=1&a=org/a&b=org/b");
    bar.show(PINNED, 1);
    bar.show({ ...PINNED, ...patch }, comparison);
    expect(tab.entries).toHaveLength(entered ? 2 : 1);
    expect(tab.location.hash).toBe(links.format({ ...PINNED, ...patch }));
    bar.show({ ...PINNED, ...patch }, comparison);
    expect(tab.entries).toHaveLength(entered ? 2 : 1);
  });

  it("without a comparison is only the page and the instrument, and what the address says of operands stays", () => {
    const { tab, bar } = opened("#v=1&a=org/a&b=org/b&tint=deep");
    bar.show({ ...links.empty, ...seen({ find: "typed" }), a: "org/other", page: "methods" }, null);
    expect(tab.entries).toEqual(["#v=1&a=org/a&b=org/b&tint=deep", "#v=1&a=org/a&b=org/b&page=methods&tint=deep"]);
    bar.show({ ...links.empty, a: "org/other", page: "methods", instrument: "tone" }, null);
    expect(tab.location.hash).toBe("#v=1&a=org/a&b=org/b&instrument=tone&page=methods&tint=deep");
    bar.show({ ...links.empty, a: "org/another", page: "methods", instrument: "tone" }, null);
    expect(tab.entries).toHaveLength(3);
  });

  it("is an address without a hash where there is nothing to say", () => {
    const { tab, bar } = opened("#v=1&page=methods");
    const written: string[] = [];
    const { pushState } = tab.history;
    tab.history.pushState = (data, title, address) => {
      written.push(address);
      pushState(data, title, address);
    };
    bar.show(links.empty, null);
    expect(written).toEqual(["/app/?x=1"]);
  });
});

describe("an address that a person goes to", () => {
  it("leads nowhere where it is the one that was written", () => {
    const { bar } = opened("#v=1&a=org/a");
    bar.show(PINNED, 1);
    expect(bar.follow(PINNED)).toBeNull();
  });

  it("leads back to the view before, which makes no entry of its own", () => {
    const { tab, bar } = opened("#v=1&a=org/a&b=org/b");
    bar.show(PINNED, 1);
    const deep = { ...PINNED, ...seen({ tint: "deep" }) };
    bar.show(deep, 1);
    tab.back();
    const move = bar.follow(deep);
    expect(move).toEqual({ to: "view", link: links.parse(links.format(PINNED)).link, renamed: false });
    bar.show(PINNED, 1);
    expect(tab.entries).toEqual([links.format(PINNED), links.format(deep)]);
  });

  it.each<[hash: string, to: "view" | "operands"]>([
    ["#v=1&a=org/a@1234567&b=org/c", "operands"],
    ["#v=1&a=org/a@1234567&b=org/b@89abcde&hub=https://hub.test", "operands"],
    ["#v=1&a=org/a@1234567&b=org/b@89abcde&engine=wasm", "operands"],
    ["#v=1&a=org/a@1234567&b=org/b@89abcde&tint=odd&engine=harp", "view"],
  ])("%s leads to other %s", (hash, to) => {
    const { tab, bar } = opened("");
    bar.show(PINNED, 1);
    tab.type(hash);
    const { link, problems } = links.parse(hash);
    expect(bar.follow(PINNED)).toEqual(to === "view" ? { to, link, renamed: false } : { to, link, problems });
    expect(bar.follow(PINNED)).toBeNull();
  });

  it("tells where names are read by another rule", () => {
    const { tab, bar } = opened("");
    bar.show(PINNED, 1);
    tab.type(`${links.format(PINNED)}&rename=x%20%3D%3E%20y`);
    expect(bar.follow(PINNED)).toMatchObject({ to: "view", renamed: true });
  });

  it("is held against the address that is being opened while there is no comparison", () => {
    const { tab, bar } = opened("#v=1&a=org/a&b=org/b");
    tab.type("#v=1&a=org/a&b=org/b&tint=deep");
    expect(bar.follow(null)).toMatchObject({ to: "view" });
    tab.type("#v=1&a=org/a");
    expect(bar.follow(null)).toMatchObject({ to: "operands", problems: [] });
  });
});
