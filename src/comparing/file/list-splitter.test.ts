import { describe, expect, it, test } from "vitest";
import { ListSplitter } from "./list-splitter.ts";

/** Takes `pairs` and `left` out of a text that comes in pieces of `length` characters. */
function split(text: string, length = text.length): { rest: string; elements: [string, unknown][] } {
  const elements: [string, unknown][] = [];
  const splitter = new ListSplitter(["pairs", "left"], (list, element) => elements.push([list, JSON.parse(element)]));
  for (let at = 0; at < text.length; at += Math.max(1, length)) splitter.push(text.slice(at, at + Math.max(1, length)));
  return { rest: splitter.end(), elements };
}

/** What JSON.parse makes of it, the two lists apart. */
function parsed(text: string): { rest: unknown; elements: [string, unknown][] } {
  const rest = JSON.parse(text) as Record<string, unknown>;
  const elements: [string, unknown][] = [];
  for (const [name, value] of Object.entries(rest)) {
    if ((name !== "pairs" && name !== "left") || !Array.isArray(value)) continue;
    for (const element of value) elements.push([name, element]);
    rest[name] = [];
  }
  return { rest, elements };
}

const TEXTS = [
  "{}",
  '{"pairs":[]}',
  '{"pairs":[ \n ],"left":[]}',
  '{"pairs":[{"a":1},{"b":[1,2,{"c":"]}"}]}],"x":3}',
  '{"x":{"pairs":[1,2]},"pairs":[1,"two",null,[3,[4]],{"pairs":[5]}],"left":[{}]}',
  String.raw`{"q":"a \"quoted\" \\","pairs":["\\\"",",","[",{"\"}":"{"}],"z":"\\"}`,
  '{"p\\u0061irs":[1,2],"left":"none","s":"\\u005d"}',
  '{"pairs":{"no":"list"},"left":[true,false]}',
  '  { "left" : [ 1 , 2 ] , "pairs" : [ [ ] , { } ] }  ',
  '{"left":[["a",["b"]]],"é ✓ 😀":["😀",1],"pairs":["😀","ü"]}',
  "[]",
  '[{"pairs":[1]}]',
  '"pairs"',
  "7",
];

describe.each(TEXTS)("%s", (text) => {
  test("is what JSON.parse makes of it, however it is cut", () => {
    for (let length = 1; length <= text.length; length++) {
      const { rest, elements } = split(text, length);
      expect({ rest: JSON.parse(rest), elements }, `pieces of ${length}`).toEqual(parsed(text));
    }
  });
});

/** Texts that are no JSON: either an element or the rest says so. */
const BROKEN = [
  '{"pairs":[1,]}',
  '{"pairs":[,1]}',
  '{"pairs":[1 2]}',
  '{"pairs":[{]}',
  '{"pairs":[1',
  '{"pairs":[1]',
  '{"pairs":[1]]}',
  '{"pairs":[1}',
  '{"pairs":[1],}',
  '{"pairs":["a]}',
  '{"pairs" [1]}',
  '{"pairs":[1]}{}',
  "",
];

test.each(BROKEN)("%s is still found to be no JSON", (text) => {
  for (let length = 1; length <= text.length + 1; length++)
    expect(() => JSON.parse(split(text, length).rest), `pieces of ${length}`).toThrow(SyntaxError);
});

it("keeps no more than an element while a list is read", () => {
  let kept = 0;
  const splitter = new ListSplitter(["pairs"], (_, element) => {
    kept += element.length;
  });
  splitter.push('{"pairs":[');
  for (let i = 0; i < 10_000; i++) splitter.push(`"${"x".repeat(98)}",`);
  splitter.push("1]}");
  expect(kept).toBe(1_000_001);
  expect(splitter.end()).toBe('{"pairs":[]}');
});
