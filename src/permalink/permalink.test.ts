import { describe, expect, it } from "vitest";
import { DEFAULT_VIEW } from "../instruments/delta/view-state.ts";
import { EMPTY_LINK, formatLink, type Link, parseLink } from "./permalink.ts";

/** Every form of link ever shipped, and what it means. A form is never taken out. */
const SHIPPED: { hash: string; link: Partial<Omit<Link, "view">>; view?: Partial<Link["view"]> }[] = [
  { hash: "#v=1&page=methods", link: {}, view: { page: "methods" } },
  { hash: "#v=1&a=a/b&b=c/d&page=report", link: { a: "a/b", b: "c/d" }, view: { page: "report" } },
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
    const expected = { ...EMPTY_LINK, ...link, view: { ...DEFAULT_VIEW, ...view } };
    expect(parseLink(hash)).toEqual({ link: expected, problems: [] });
    expect(formatLink(expected)).toBe(hash);
  });

  it("keeps a plus sign and characters that percent-encoding is for", () => {
    const link = { ...EMPTY_LINK, a: "https://x.org/a+b c/?#&=%/", view: { ...DEFAULT_VIEW, find: "ä+=&" } };
    expect(parseLink(formatLink(link)).link).toEqual(link);
  });

  it.each([
    ["#v=2&a=a/b", /another version/],
    ["#v=1&a=a/b&metric=dip9", /metric=dip9/],
    ["#v=1&a=a/b&figure=7", /figure=7/],
    ["#v=1&a=a/b&engine=cuda", /engine=cuda/],
  ])("opens the data of %s and says what it could not read", (hash, sentence) => {
    const { link, problems } = parseLink(hash);
    expect(link.a).toBe("a/b");
    expect(link.view).toEqual(DEFAULT_VIEW);
    expect(problems.join(" ")).toMatch(sentence);
  });

  it("says nothing for an empty page", () => {
    expect(parseLink("")).toEqual({ link: EMPTY_LINK, problems: [] });
    expect(formatLink(EMPTY_LINK)).toBe("");
  });
});
