import { expect, it } from "vitest";
import { splitRefs } from "./split-refs.ts";

it.each([
  ["", []],
  [" \n\t", []],
  ["org/name", ["org/name"]],
  ["a/b c/d", ["a/b", "c/d"]],
  ["a/b\nc/d\r\ne/f\n", ["a/b", "c/d", "e/f"]],
  ["a/b, c/d;gpt2", ["a/b", "c/d", "gpt2"]],
  ["a/b,c/d", ["a/b", "c/d"]],
  ["a/b vs c/d", ["a/b", "c/d"]],
  ["a/b VS. c/d", ["a/b", "c/d"]],
  ["a/b versus c/d", ["a/b", "c/d"]],
  ["a/vs-model c/versus", ["a/vs-model", "c/versus"]],
  ["a/b → c/d", ["a/b", "c/d"]],
  ["a/b->c/d", ["a/b", "c/d"]],
  ["a/b => c/d", ["a/b", "c/d"]],
  ['"a/b" and-so "c/d"', ["a/b", "and-so", "c/d"]],
  ["(a/b) [c/d] <https://x.test/y>.", ["a/b", "c/d", "https://x.test/y"]],
  ["a/b@refs/pr/1:x/y c/d@v1.0", ["a/b@refs/pr/1:x/y", "c/d@v1.0"]],
  [
    "# dropped from a browser\r\nhttps://hf.co/a/b\r\nhttps://hf.co/c/d\r\n",
    ["https://hf.co/a/b", "https://hf.co/c/d"],
  ],
  ["https://hf.co/a/b#usage https://hf.co/a/b", ["https://hf.co/a/b#usage", "https://hf.co/a/b"]],
])("finds in %j %j", (text, refs) => {
  expect(splitRefs(text)).toEqual(refs);
});
