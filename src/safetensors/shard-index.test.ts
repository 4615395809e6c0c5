import { describe, expect, it } from "vitest";
import { parseShardIndex } from "./shard-index.ts";

const indexOf = (weightMap: unknown, metadata?: unknown) => JSON.stringify({ metadata, weight_map: weightMap });

describe("an index", () => {
  it.each([
    ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
    ["model_00001-of-00072.safetensors", "model-00001-of-000001.safetensors"],
    ["diffusion_pytorch_model-00001-of-00003.safetensors", "part one/%41 50% of it.safetensors"],
  ])("may call its shards %s and %s", (first, second) => {
    const { weightMap, totalSize } = parseShardIndex(indexOf({ a: first, b: second, __proto__x: first }));
    expect([...weightMap]).toEqual([
      ["a", first],
      ["b", second],
      ["__proto__x", first],
    ]);
    expect(totalSize).toBeUndefined();
  });

  it.each([
    [{ total_size: 282215219200 }, 282215219200],
    [{ total_size: 12, total_parameters: 32682372656, mergekit_version: "0.1" }, 12],
    [{ total_size: "12" }, undefined],
    [{ total_size: 1.5 }, undefined],
    [{ total_size: -1 }, undefined],
    [{}, undefined],
    [null, undefined],
  ])("with the metadata %j has the total size %d", (metadata, expected) => {
    expect(parseShardIndex(indexOf({ a: "x.safetensors" }, metadata)).totalSize).toBe(expected);
  });
});

const one = indexOf({ a: "x.safetensors" });
it.each([
  ["an unfinished text", one.slice(0, -1), /not valid JSON/],
  ["two documents", one + one, /not valid JSON/],
  ["an unresolved merge", `<<<<<<< HEAD\n${one}\n=======\n${one}\n>>>>>>> theirs\n`, /unresolved merge/],
  ["two documents with a mark between", `${one}\n=======\n${one}`, /unresolved merge/],
  ["a web page", "<!doctype html><title>Not here</title>", /not valid JSON/],
  ["a list", "[]", /no "weight_map"/],
  ["no weight_map", "{}", /no "weight_map"/],
  ["an empty weight_map", indexOf({}), /no tensors/],
  ["a list as weight_map", indexOf(["x"]), /no "weight_map"/],
  ["a number for a file", indexOf({ a: 1 }), /no file for the tensor "a"/],
  ["a tensor given twice", '{"weight_map":{"a":"x","a":"y"}}', /"a" twice/],
])("refuses %s", (_, text, message) => {
  expect(() => parseShardIndex(text)).toThrowError(
    expect.objectContaining({ name: "InvalidIndex", message: expect.stringMatching(message) }),
  );
});

it.each([
  "",
  "../x.safetensors",
  "a/../../x.safetensors",
  "./x.safetensors",
  "/etc/x.safetensors",
  "//host/x.safetensors",
  "a//x.safetensors",
  "a/",
  "https://host/x.safetensors",
  "data:x",
  "C:\\x.safetensors",
  "..\\x.safetensors",
  "%2e%2e/x.safetensors",
  "%252e%252e%252fx.safetensors",
  "a%2f..%2f..%2fx.safetensors",
  "a%5c..%5cx.safetensors",
  "%68ttps://host/x",
  "a\nb.safetensors",
  "a%00b.safetensors",
  `${"%25".repeat(5000)}2e`,
])("lets no shard lie at %j", (path) => {
  expect(() => parseShardIndex(indexOf({ good: "x.safetensors", a: path }))).toThrowError(
    expect.objectContaining({ name: "InvalidIndex" }),
  );
});
