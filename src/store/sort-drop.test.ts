import { expect, test } from "vitest";
import { type Dropped, sortDrop } from "./sort-drop.ts";

const file = (path: string) => ({ path, file: new Blob([path]) });
const folder = (name: string, ...paths: string[]) => ({ name, files: paths.map((path) => file(`${name}/${path}`)) });

/** What is dropped, and the models that it is, or that it is a comparison. */
const CASES: [what: string, dropped: Partial<Dropped>, models: string[] | "comparison"][] = [
  ["nothing", {}, []],
  ["a folder", { folders: [folder("tiny", "model.safetensors")] }, ["tiny"]],
  ["an empty folder", { folders: [folder("empty")] }, ["empty"]],
  ["two folders", { folders: [folder("one", "x"), folder("two", "y")] }, ["one", "two"]],
  ["a folder and a file", { folders: [folder("one", "x")], files: [file("b.safetensors")] }, ["one", "b.safetensors"]],
  ["one file", { files: [file("a.safetensors")] }, ["a.safetensors"]],
  ["two whole files", { files: [file("a.safetensors"), file("b.safetensors")] }, ["a.safetensors", "b.safetensors"]],
  [
    "the shards of one model",
    { files: [file("m-00001-of-00002.safetensors"), file("m-00002-of-00002.safetensors")] },
    ["m-00001-of-00002.safetensors"],
  ],
  [
    "shards with any names, and their index",
    { files: [file("model.safetensors.index.json"), file("x.safetensors"), file("y.safetensors")] },
    ["x.safetensors"],
  ],
  ["a file with its config", { files: [file("config.json"), file("model.safetensors")] }, ["model.safetensors"]],
  ["a file of another kind", { files: [file("model.gguf")] }, ["model.gguf"]],
  ["an index alone", { files: [file("model.safetensors.index.json")] }, ["model.safetensors.index.json"]],
  ["a saved comparison", { files: [file("a--b.auscult.json")] }, "comparison"],
  ["a gzipped comparison", { files: [file("a--b.auscult.json.gz")] }, "comparison"],
];

test.each(CASES)("%s", (_, dropped, models) => {
  const sorted = sortDrop({ folders: [], files: [], ...dropped });
  expect("models" in sorted ? sorted.models.map(({ name }) => name) : "comparison").toEqual(models);
});

test("every file of the model goes along with it", () => {
  const sorted = sortDrop({ folders: [], files: [file("config.json"), file("model.safetensors")] });
  expect("models" in sorted && sorted.models[0].files.map(({ path }) => path)).toEqual([
    "config.json",
    "model.safetensors",
  ]);
});
