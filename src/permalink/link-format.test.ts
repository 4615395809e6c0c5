import { describe, expect, it } from "vitest";
import { DEFAULT_VIEW, DELTA_SECTION, type ViewState } from "../instruments/delta/view-state.ts";
import { type Link, LinkFormat } from "./link-format.ts";
import { choice, sectionOf, text } from "./section.ts";

const links = new LinkFormat([DELTA_SECTION]);

/** Every form of link ever shipped, and what it means. A form is never taken out. */
const SHIPPED: { hash: string; link: Partial<Omit<Link, "views">>; view?: Partial<ViewState> }[] = [
  { hash: "#v=1&page=methods", link: { page: "methods" } },
  { hash: "#v=1&a=a/b&b=c/d&page=report", link: { a: "a/b", b: "c/d", page: "report" } },
  { hash: "#v=1&a=demo:base&b=demo:tuned", link: { a: "demo:base", b: "demo:tuned" } },
  { hash: "#v=1&a=gpt2", link: { a: "gpt2" } },
  {
    hash: "#v=1&a=Qwen/Qwen2.5-Math-1.5B@4a83ca6e4526a4f2da3aa259ec36c259f66b2ab2&b=deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B",
    link: {
      a: "Qwen/Qwen2.5-Math-1.5B@4a83ca6e4526a4f2da3aa259ec36c259f66b2ab2",
      b: "deepseek-ai/DeepSeek-R1-Distill-Qwen-1.5B",
    },
  },
  { hash: "#v=1&a=org/x@refs/pr/1:sub/folder&scan=exact", link: { a: "org/x@refs/pr/1:sub/folder", exact: true } },
  {
    hash: "#v=1&a=a/b&b=c/d&hub=http://127.0.0.1:8080&engine=wgsl",
    link: { a: "a/b", b: "c/d", hub: "http://127.0.0.1:8080", engine: "wgsl" },
  },
  { hash: "#v=1&a=a/b&adapter=c/lora", link: { a: "a/b", adapter: "c/lora" } },
  {
    hash: "#v=1&a=a/b&b=c/d&rename=%5Edecoder%5C.(%5Cd%2B)%20%3D%3E%20h.%241",
    link: { a: "a/b", b: "c/d", rename: "^decoder\\.(\\d+) => h.$1" },
  },
  { hash: "#v=1&a=local:my%20model&b=c/d", link: { a: "local:my model", b: "c/d" } },
  {
    hash: "#v=1&a=a/b&b=c/d&metric=rescale&module=attn.o&cell=12%7Cattn.o&every=5&denominator=abs&beyond=drop&unchanged=hide&log=1",
    link: { a: "a/b", b: "c/d" },
    view: {
      metric: "rescale",
      module: "attn.o",
      cell: "12|attn.o",
      every: 5,
      denominator: "abs",
      beyond: "drop",
      unchanged: "hide",
      log: true,
    },
  },
  ...(["share", "residual", "energy", "dip", "valley", "adapter"] as const).map((metric) => ({
    hash: `#v=1&a=a/b&b=c/d&metric=${metric}`,
    link: { a: "a/b", b: "c/d" },
    view: { metric },
  })),
  ...(["2", "2b", "3"] as const).map((figure) => ({
    hash: `#v=1&a=a/b&b=c/d&figure=${figure}`,
    link: { a: "a/b", b: "c/d" },
    view: { figure },
  })),
  {
    hash: "#v=1&a=a/b&b=c/d&cell=model.layers.3.mlp.experts.12.up_proj.weight&experts=3",
    link: { a: "a/b", b: "c/d" },
    view: { cell: "model.layers.3.mlp.experts.12.up_proj.weight", experts: "3" },
  },
  { hash: "#v=1&a=a/b&experts=decoder.layers@3", link: { a: "a/b" }, view: { experts: "decoder.layers@3" } },
  {
    hash: "#v=1&a=a/b&find=o_proj%20%26%20v&sort=-relative",
    link: { a: "a/b" },
    view: { find: "o_proj & v", sort: "-relative" },
  },
];

describe("permalink", () => {
  it.each(SHIPPED)("reads and writes $hash", ({ hash, link, view }) => {
    const expected = { ...links.empty, ...link, views: { delta: { ...DEFAULT_VIEW, ...view } } };
    expect(links.parse(hash)).toEqual({ link: expected, problems: [] });
    expect(links.format(expected)).toBe(hash);
  });

  it("keeps a plus sign and characters that percent-encoding is for", () => {
    const link = {
      ...links.empty,
      a: "https://x.org/a+b c/?#&=%/",
      views: { delta: { ...DEFAULT_VIEW, find: "ä+=&" } },
    };
    expect(links.parse(links.format(link)).link).toEqual(link);
  });

  it.each([
    ["#v=2&a=a/b", /another version/],
    ["#v=1&a=a/b&metric=dip9", /metric=dip9/],
    ["#v=1&a=a/b&figure=7", /figure=7/],
    ["#v=1&a=a/b&engine=cuda", /engine=cuda; known are wgsl, wasm and reference\./],
    ["#v=1&a=a/b&instrument=harp", /instrument=harp, which this page does not know; it shows the usual one/],
  ])("opens the data of %s and says what it could not read", (hash, sentence) => {
    const { link, problems } = links.parse(hash);
    expect(link.a).toBe("a/b");
    expect(link.views).toEqual({ delta: DEFAULT_VIEW });
    expect(problems.join(" ")).toMatch(sentence);
  });

  it("says nothing for an empty page", () => {
    expect(links.parse("")).toEqual({ link: links.empty, problems: [] });
    expect(links.format(links.empty)).toBe("");
  });
});

describe("a link of several instruments", () => {
  interface StringsView {
    string: "e" | "a";
    bow: string | null;
  }
  const strings = sectionOf<StringsView>(
    "strings",
    { string: choice(["e", "a"], "e"), bow: text(null) },
    { undone: ["string"], typed: ["bow"] },
  );
  const two = new LinkFormat([DELTA_SECTION, strings]);

  it("names the one that is open, unless it is the first, and keeps how each is looked at", () => {
    const views = { delta: { ...DEFAULT_VIEW, log: true }, strings: { string: "a", bow: "b" } };
    const link: Link = { ...two.empty, a: "a/b", instrument: "strings", page: "report", present: true, views };
    const hash = "#v=1&a=a/b&instrument=strings&page=report&log=1&string=a&bow=b&present=1";
    expect(two.format(link)).toBe(hash);
    expect(two.parse(hash)).toEqual({ link, problems: [] });
    expect(two.format({ ...link, instrument: "delta" })).not.toContain("instrument");
    expect(two.parse("#v=1&a=a/b&instrument=delta").link).toEqual({ ...two.empty, a: "a/b" });
  });

  it("lets what one section does not know fall back alone", () => {
    const { link, problems } = two.parse("#v=1&a=a/b&metric=norm&string=x&bow=b");
    expect(link.views).toEqual({ delta: { ...DEFAULT_VIEW, metric: "norm" }, strings: { string: "e", bow: "b" } });
    expect(problems).toEqual(["The link asks for string=x, which this page does not know; it shows the usual one."]);
  });

  it("is another step by what a section says is one, and another place by all but what is typed", () => {
    const seen = (view: Partial<StringsView>) => ({
      ...two.empty,
      views: { strings: { ...strings.defaults, ...view } },
    });
    const [usual, drawn, typed] = [seen({}), seen({ string: "a" }), seen({ bow: "b" })];
    expect([two.step(drawn) === two.step(usual), two.step(typed) === two.step(usual)]).toEqual([false, true]);
    expect([two.isSamePlace(drawn, usual), two.isSamePlace(typed, usual)]).toEqual([false, true]);
    expect(two.step({ ...usual, instrument: "strings" })).not.toBe(two.step(usual));
    expect(two.isSamePlace({ ...usual, a: "a/b@refs/pr/1:folder" }, { ...usual, a: "a/b:folder" })).toBe(true);
  });
});
