import { describe, expect, it } from "vitest";
import { findWeights } from "./find-weights.ts";

const INDEX = "model.safetensors.index.json";
const shards = ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"];

describe("what is opened", () => {
  it.each([
    { paths: ["model.safetensors", INDEX, ...shards], target: "", found: { kind: "index", path: INDEX } },
    {
      paths: ["model.safetensors", "other.safetensors"],
      target: "",
      found: { kind: "single", path: "model.safetensors" },
    },
    {
      paths: ["model.safetensors", "x.safetensors.index.json"],
      target: "",
      found: { kind: "single", path: "model.safetensors" },
    },
    {
      paths: ["x.safetensors.index.json", ...shards],
      target: "",
      found: { kind: "index", path: "x.safetensors.index.json" },
    },
    {
      paths: ["README.md", "pytorch_model.bin", "only.safetensors"],
      target: "",
      found: { kind: "single", path: "only.safetensors" },
    },
    {
      paths: ["consolidated.safetensors", "model.safetensors"],
      target: "",
      found: { kind: "single", path: "model.safetensors" },
    },
    {
      paths: ["consolidated.safetensors", "w.safetensors"],
      target: "",
      found: { kind: "single", path: "w.safetensors" },
    },
    {
      paths: ["w.safetensors", "original/model.safetensors"],
      target: "",
      found: { kind: "single", path: "w.safetensors" },
    },
    {
      paths: ["unet/d.safetensors", "model.safetensors"],
      target: "unet",
      found: { kind: "single", path: "unet/d.safetensors" },
    },
    { paths: [`a/b/${INDEX}`, "a/model.safetensors"], target: "a/b", found: { kind: "index", path: `a/b/${INDEX}` } },
    {
      paths: ["a.safetensors", "b.safetensors"],
      target: "b.safetensors",
      found: { kind: "single", path: "b.safetensors" },
    },
    {
      paths: ["x/a.safetensors.index.json"],
      target: "x/a.safetensors.index.json",
      found: { kind: "index", path: "x/a.safetensors.index.json" },
    },
  ])("of $paths at '$target': $found.path", ({ paths, target, found }) => {
    expect(findWeights(paths, target, "org/name")).toEqual({ ...found, notes: [] });
    expect(findWeights([...paths].reverse(), target, "org/name")).toMatchObject(found);
  });

  it("is the shorter of two indexes, and the other is mentioned", () => {
    const paths = ["d.fp16.safetensors.index.json", "d.safetensors.index.json"];
    const { path, notes } = findWeights(paths, "", "org/name");
    expect(path).toBe("d.safetensors.index.json");
    expect(notes.join()).toContain("d.fp16.safetensors.index.json");
  });
});

describe("what cannot be opened", () => {
  it.each([
    [[], "", "NoSafetensors", /holds no safetensors files/],
    [["README.md", "sub/README.md"], "", "NoSafetensors", /holds no safetensors files/],
    [["pytorch_model.bin"], "", "NoSafetensors", /only PyTorch \.bin files/],
    [["x.Q4_K_M.gguf", "y/z.bin"], "", "NoSafetensors", /only GGUF files and PyTorch \.bin/],
    [["sd.ckpt", "tf_model.h5"], "", "NoSafetensors", /\.ckpt.* and TensorFlow/],
    [["a.safetensors", "b.safetensors"], "", "NoSafetensors", /2 safetensors files .* such as :a\.safetensors/],
    [["u/a.safetensors", "u/b.safetensors"], "u", "NoSafetensors", /such as :u\/a\.safetensors/],
    [shards, "", "NoSafetensors", /no index that joins them/],
    [["unet/d.safetensors", "vae/d.safetensors"], "", "NoSafetensors", /in folders: unet, vae\. .* such as :unet/],
    [["a/x/d.safetensors"], "a", "NoSafetensors", /in folders: a\/x\. /],
    [["original/m.safetensors", "metal/m.safetensors"], "", "NoSafetensors", /holds no safetensors files/],
    [["consolidated.safetensors"], "", "NoSafetensors", /only consolidated\.safetensors/],
    [["a.safetensors"], "b.safetensors", "EntryNotFound", /no file "b\.safetensors"/],
  ])("%j at '%s': %s", (paths, target, name, message) => {
    expect(() => findWeights(paths, target, "org/name")).toThrowError(
      expect.objectContaining({ name, message: expect.stringMatching(message) }),
    );
  });

  it("names a few folders of many", () => {
    const paths = Array.from({ length: 50 }, (_, i) => `checkpoint-${100 + i}/model.safetensors`);
    expect(() => findWeights(paths, "", "org/name")).toThrowError(/checkpoint-100, .*checkpoint-105 and others\./);
  });
});
