import { describe, expect, it } from "vitest";
import { JsonError, JsonNumber, JsonObject, parseStrictJson, type StrictJson } from "./strict-json.ts";

/** What `JSON.parse` would have made of it, to compare the two where both accept. */
function loosely(value: StrictJson): unknown {
  if (value instanceof JsonNumber) return Number(value.text);
  if (value instanceof JsonObject) return Object.fromEntries(value.members.map(([key, item]) => [key, loosely(item)]));
  return Array.isArray(value) ? value.map(loosely) : value;
}

describe("texts that JSON.parse takes", () => {
  it.each([
    "null",
    " true\t",
    "\r\n[ ]",
    "{}",
    "-0.5e+3",
    "[1,2.0,3E2,-4]",
    '{"a":{"b":[{"c":null}]},"":false}',
    '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\\ud83d\\ude00é😀"',
    '{"__proto__":1,"constructor":2}',
  ])("%s", (text) => {
    expect(loosely(parseStrictJson(text))).toEqual(JSON.parse(text));
  });

  it("keep numbers as they are written and keys as often as they are", () => {
    expect(parseStrictJson("[1.0,18446744073709551616]")).toEqual([
      new JsonNumber("1.0"),
      new JsonNumber("18446744073709551616"),
    ]);
    expect(parseStrictJson('{"a":true,"a":false}')).toEqual(
      new JsonObject([
        ["a", true],
        ["a", false],
      ]),
    );
  });

  it("except lone surrogates and numbers out of range", () => {
    for (const text of ['"\\ud800"', '"\\udc00"', '"\\ud800\\ud800"', '"\\ud800x"', "1e400", "-1e400"]) {
      expect(() => JSON.parse(text)).not.toThrow();
      expect(() => parseStrictJson(text)).toThrow(JsonError);
    }
  });
});

it.each([
  "",
  " ",
  "nul",
  "True",
  "01",
  "1.",
  ".5",
  "+1",
  "-",
  "1e",
  "0x1",
  "'a'",
  '"a',
  '"\t"',
  '"\\x41"',
  '"\\u12"',
  "[1,]",
  "[1 2]",
  "[",
  "{",
  '{"a"}',
  '{"a":}',
  '{"a":1,}',
  "{a:1}",
  "{1:1}",
  "1 2",
  "{}x",
  "\u00a0{}",
  "\ufeff{}",
  "[[[",
  "}",
])("refuses %j as JSON.parse does", (text) => {
  expect(() => JSON.parse(text)).toThrow();
  expect(() => parseStrictJson(text)).toThrow(/ at character \d+$/);
});

it("reads an index as large as they come, half a million tensors", () => {
  const members = Array.from({ length: 500_000 }, (_, i) => `"model.layers.${i}.weight":"model-00001.safetensors"`);
  expect(parseStrictJson(`{${members.join(",")}}`)).toMatchObject({ members: { length: 500_000 } });
});
