import { describe, expect, test } from "vitest";
import { parseBar } from "./bar.ts";

describe("a bar", () => {
  const cases: [text: string, module: string | null, id: string, above: number, below: number, holdsAbove: boolean][] =
    [
      ["relative>0.05", null, "relative", 0.0501, 0.05, true],
      ["relative >= 5%", null, "relative", 0.05, 0.0499, true],
      ["o_proj:rescale<-1e-3", "o_proj", "rescale", -0.001, -0.0011, false],
      ["attn.o:norm<=2", "attn.o", "norm", 2.1, 2, false],
    ];
  test.each(cases)("%s", (text, module, id, above, below, holdsAbove) => {
    const bar = parseBar(text);
    expect([bar.text, bar.module, bar.metric.id]).toEqual([text, module, id]);
    expect([bar.exceeds(above), bar.exceeds(below)]).toEqual([holdsAbove, !holdsAbove]);
  });

  test.each(["", "relative", "relative>", "relative>x", ">0.1", "relative=1", "relative>0.1.2", "a b>1"])(
    "is not “%s”",
    (text) => {
      expect(() => parseBar(text)).toThrow(/is no bar: write a measure, >, >=, < or <=, and a number/);
    },
  );

  test("of an unknown measure names those there are", () => {
    expect(() => parseBar("speed>1")).toThrow(/^"speed>1" names no measure: they are .*\brelative\b.*\.$/);
  });
});
