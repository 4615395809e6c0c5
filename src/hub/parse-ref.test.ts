import { describe, expect, it } from "vitest";
import { formatRef, parseRef } from "./parse-ref.ts";
import type { Ref } from "./ref.ts";
import { RefError } from "./ref-error.ts";

const options = { hub: "https://huggingface.co" };
const sha = "0123456789abcdef0123456789abcdef01234567";

const hub = (repo: string, revision?: string, folder?: string): Ref => ({
  kind: "hub",
  repo,
  ...(revision ? { revision } : {}),
  ...(folder ? { folder } : {}),
});
const url = (address: string): Ref => ({ kind: "url", url: address });

describe("a reference", () => {
  const forms: [string, Ref][] = [
    ["org/name", hub("org/name")],
    ["  Qwen/Qwen2.5-0.5B \n", hub("Qwen/Qwen2.5-0.5B")],
    ['"org/name"', hub("org/name")],
    ["`org/name`", hub("org/name")],
    ["<https://huggingface.co/org/name>", hub("org/name")],
    ["gpt2", hub("gpt2")],
    ["01-ai/Yi-1.5-6B", hub("01-ai/Yi-1.5-6B")],
    ["o/_x.y", hub("o/_x.y")],
    ["org/name@main", hub("org/name", "main")],
    ["org/name@v1.0", hub("org/name", "v1.0")],
    [`org/name@${sha}`, hub("org/name", sha)],
    ["org/name@refs/pr/1", hub("org/name", "refs/pr/1")],
    ["org/name@refs%2Fpr%2F1", hub("org/name", "refs/pr/1")],
    ["EleutherAI/pythia-70m@step1000", hub("EleutherAI/pythia-70m", "step1000")],
    ["org/name:transformer", hub("org/name", undefined, "transformer")],
    ["org/name:/a/b c/", hub("org/name", undefined, "a/b c")],
    ["org/name:a@b:c", hub("org/name", undefined, "a@b:c")],
    ["org/name:model.fp16.safetensors", hub("org/name", undefined, "model.fp16.safetensors")],
    ["org/name:", hub("org/name")],
    ["gpt2@feature/x:sub/folder", hub("gpt2", "feature/x", "sub/folder")],

    ["https://huggingface.co/org/name", hub("org/name")],
    ["http://www.huggingface.co/org/name/", hub("org/name")],
    ["HTTPS://HuggingFace.co/org/name?library=transformers#usage", hub("org/name")],
    ["huggingface.co/org/name", hub("org/name")],
    ["www.huggingface.co/gpt2", hub("gpt2")],
    ["hf.co/org/name", hub("org/name")],
    ["https://hf.co/gpt2", hub("gpt2")],
    ["https://huggingface.co/gpt2/tree/main", hub("gpt2", "main")],
    ["https://huggingface.co/org/name/tree/main", hub("org/name", "main")],
    ["https://huggingface.co/org/name/tree/main/", hub("org/name", "main")],
    ["https://huggingface.co/org/name/tree/v2/unet/sub", hub("org/name", "v2", "unet/sub")],
    ["https://huggingface.co/org/name/tree/refs%2Fpr%2F1/unet", hub("org/name", "refs/pr/1", "unet")],
    ["https://huggingface.co/org/name/tree/refs/pr/12", hub("org/name", "refs/pr/12")],
    ["https://huggingface.co/org/name/tree/main/a%20b", hub("org/name", "main", "a b")],
    ["https://huggingface.co/org/name/blob/main/model.safetensors", hub("org/name", "main")],
    ["https://huggingface.co/org/name/blob/main/config.json", hub("org/name", "main")],
    [
      "https://huggingface.co/org/name/blob/main/unet/model-00001-of-00002.safetensors",
      hub("org/name", "main", "unet"),
    ],
    ["https://huggingface.co/org/name/blob/main/x/other.safetensors", hub("org/name", "main", "x/other.safetensors")],
    ["https://huggingface.co/org/name/resolve/main/model.safetensors?download=true", hub("org/name", "main")],
    ["https://huggingface.co/org/name/raw/v1/model.safetensors.index.json", hub("org/name", "v1")],
    [`https://huggingface.co/org/name/commit/${sha}`, hub("org/name", sha)],
    ["https://huggingface.co/org/name/commits/main", hub("org/name", "main")],
    ["https://huggingface.co/org/name/discussions/7", hub("org/name")],
    ["https://huggingface.co/api/models/org/name/tree/main?recursive=true", hub("org/name", "main")],
    ["https://huggingface.co/api/models/gpt2/revision/main", hub("gpt2", "main")],
    ["hf://org/name", hub("org/name")],
    ["hf://models/org/name@v1/unet", hub("org/name", "v1", "unet")],
    ["hf://org/name@refs/pr/1/unet/sub", hub("org/name", "refs/pr/1", "unet/sub")],
    ["hf://org/name/unet", hub("org/name", undefined, "unet")],

    ["https://host.test/models/a", url("https://host.test/models/a/")],
    ["https://host.test/models/a/#x", url("https://host.test/models/a/")],
    ["https://host.test", url("https://host.test/")],
    ["https://host.test/a?x=1", url("https://host.test/a/")],
    ["https://host.test/a/model.safetensors", url("https://host.test/a/model.safetensors")],
    ["https://host.test/m.safetensors?sig=a%2Fb#x", url("https://host.test/m.safetensors?sig=a%2Fb")],
    ["https://host.test/a/x.safetensors.index.json", url("https://host.test/a/x.safetensors.index.json")],
    ["http://localhost:8080/a", url("http://localhost:8080/a/")],
    ["http://127.0.0.1/a/", url("http://127.0.0.1/a/")],
    ["http://[::1]:99/m.safetensors", url("http://[::1]:99/m.safetensors")],
    ["http://models.localhost/a", url("http://models.localhost/a/")],

    ["demo:arithmetic-base", { kind: "demo", name: "arithmetic-base" }],
  ];

  it.each(forms)("%s", (text, ref) => {
    expect(parseRef(text, options)).toEqual(ref);
  });

  it.each(forms)("%s is written so that it reads the same again", (text, ref) => {
    const written = formatRef(parseRef(text, options));
    expect(parseRef(written, options)).toEqual(ref);
    expect(formatRef(parseRef(written, options))).toBe(written);
  });
});

describe("with another Hub", () => {
  it.each([
    ["http://127.0.0.1:4321", "http://127.0.0.1:4321/org/name/tree/v1"],
    ["https://mirror.test", "https://mirror.test/org/name/blob/v1/model.safetensors"],
    ["https://mirror.test", "mirror.test/org/name/tree/v1"],
    ["https://mirror.test", "https://huggingface.co/org/name/tree/v1"],
  ])("%s is a repo's page: %s", (origin, text) => {
    expect(parseRef(text, { hub: origin })).toEqual(hub("org/name", "v1"));
  });

  it("elsewhere the same address is a folder", () => {
    expect(parseRef("https://mirror.test/org/name", options)).toEqual(url("https://mirror.test/org/name/"));
  });
});

it.each([
  ["", /^Nothing is written/],
  ["   ", /^Nothing is written/],
  ["org/name other/name", /one model per field/],
  ["https://a.test/x https://b.test/y", /one model per field/],
  ["a/b/c", /not a model's name/],
  ["/org/name", /not on the Hub/],
  ["./model", /not on the Hub/],
  ["C:\\models\\x", /not on the Hub/],
  ["org/", /not a model's name/],
  ["org//name", /not a model's name/],
  ["org/na--me", /not a model's name/],
  ["org/name.git", /not a model's name/],
  ["org/-name", /not a model's name/],
  ["org/näme", /not a model's name/],
  [`org/${"x".repeat(97)}`, /not a model's name/],
  ["@main", /not a model's name/],
  ["org/name@", /not a revision/],
  ["org/name@a..b", /not a revision/],
  ["org/name@a//b", /not a revision/],
  ["org/name:../x", /not a folder/],
  ["org/name:a//b", /not a folder/],
  ["org/name:a\\b", /not a folder/],
  ["model.safetensors", /file's name/],
  ["folder/model.safetensors", /file's name/],
  ["localhost:8080", /begins with https/],
  ["127.0.0.1:8080/x", /begins with https/],
  ["http://host.test/a", /use https/],
  ["https://user:secret@host.test/a", /user name or password/],
  ["https://host.test/model.gguf", /not a safetensors file/],
  ["https://host.test/pytorch_model.bin?x", /not a safetensors file/],
  ["https://", /not a web address/],
  ["ftp://host.test/a", /"ftp:\/\/" addresses/],
  ["file:///home/me/model.safetensors", /"file:\/\/" addresses/],
  ["s3://bucket/a", /"s3:\/\/" addresses/],
  ["https://huggingface.co", /not a model's page/],
  ["https://huggingface.co/models?search=x", /not a model's page/],
  ["https://huggingface.co/datasets/org/name", /not a model's page/],
  ["https://huggingface.co/spaces/org/name", /not a model's page/],
  ["https://huggingface.co/org/name/nonsense/x", /not a model's page/],
  ["hf://datasets/org/name", /not a model/],
  ["hf://", /not a model/],
  ["demo:", /names no demo/],
  ["demo:../x", /names no demo/],
])("%j is refused, with what is accepted", (text, message) => {
  const refused = expect.objectContaining({ name: "RefError", message: expect.stringMatching(message) });
  expect(() => parseRef(text, options)).toThrowError(refused);
  expect(() => parseRef(text, options)).toThrowError(RefError);
  expect(() => parseRef(text, options)).toThrowError(/Accepted are org\/name|without\.$/);
});

it.each([
  [
    "local:my model",
    /^"my model" stands for local files, which cannot be in a link or typed\. Drop them on this field again/,
  ],
  [" LOCAL:org/name ", /^"org\/name" stands for local files/],
  ["local:", /^Local files cannot be in a link or typed\. Drop them on this field again, or pick them/],
])("%j leads to no files", (text, message) => {
  expect(() => parseRef(text, options)).toThrowError(
    expect.objectContaining({ name: "RefError", message: expect.stringMatching(message) }),
  );
});

it("writes what stands for local files, which is not read back", () => {
  expect(formatRef({ kind: "local", drop: { name: "my model", files: [] } })).toBe("local:my model");
});
