import { expect, it } from "vitest";
import { parseContentRange } from "./content-range.ts";

it.each([
  ["bytes 0-0/1", { begin: 0, end: 1, total: 1 }],
  ["bytes 5-9/123456789012", { begin: 5, end: 10, total: 123456789012 }],
  ["Bytes 5-9/*", { begin: 5, end: 10 }],
  ["bytes */7", { total: 7 }],
  [" bytes 1-2/3 ", { begin: 1, end: 3, total: 3 }],
  [null, undefined],
  ["", undefined],
  ["bytes 1-2", undefined],
  ["items 1-2/3", undefined],
  ["bytes -1-2/3", undefined],
  ["bytes 1-2/9007199254740993", undefined],
])("reads %j as %j", (header, range) => {
  expect(parseContentRange(header)).toEqual(range);
});
