import { createHash } from "node:crypto";
import { describe, expect, it, test } from "vitest";
import { llamaPair, shard } from "../../e2e/fixtures/models.ts";
import { writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { readRange } from "../bytes/read-range.ts";
import type { LocalDrop } from "./local-files.ts";
import { openLocal } from "./open-local.ts";

const { base, tuned, config } = llamaPair({ layers: 1, hidden: 16 });
const single = writeSafetensors(base);
const shards = shard(base, 3);
const INDEX = "model.safetensors.index.json";
const [first, second, third] = Object.keys(shards).filter((path) => path !== INDEX);

type Content = string | Uint8Array<ArrayBuffer>;
const drop = (name: string, files: Record<string, Content>): LocalDrop => ({
  name,
  files: Object.entries(files).map(([path, content]) => ({ path, file: new Blob([content]) })),
});
const inFolder = (folder: string, files: Record<string, Content>) =>
  drop(folder, Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content])));
const hashOf = (content: Content, kind: "sha256" | "sha1" = "sha256") => createHash(kind).update(content).digest("hex");

const COMMIT = "0123456789abcdef0123456789abcdef01234567";
/** A repo in the Hugging Face cache as a browser shows it: without the links in `snapshots/`. */
function cached(files: Record<string, Content>, more: Record<string, Content> = {}): LocalDrop {
  const blobs = Object.entries(files).map(([path, content]): [string, Content] => [
    `blobs/${hashOf(content, /\.safetensors$/.test(path) ? "sha256" : "sha1")}`,
    content,
  ]);
  return inFolder("models--org--tiny-llama", { ...Object.fromEntries(blobs), "refs/main": COMMIT, ...more });
}

const names = base.map(({ name }) => name).sort();

const GOOD: [name: string, drop: LocalDrop, label: string, files: string[]][] = [
  ["one file", drop("x.safetensors", { "x.safetensors": single }), "x.safetensors", ["x.safetensors"]],
  ["a folder", inFolder("tiny", { "model.safetensors": single, "README.md": "#" }), "tiny", ["model.safetensors"]],
  [
    "a folder that repeats its weights in another layout",
    inFolder("tiny", { "model.safetensors": single, "consolidated.safetensors": single }),
    "tiny",
    ["model.safetensors"],
  ],
  ["shards and their index", inFolder("tiny", shards), "tiny", [first, second, third]],
  [
    "shards without their index",
    drop(first, { [first]: shards[first], [second]: shards[second], [third]: shards[third] }),
    first,
    [first, second, third],
  ],
  [
    "a cached repo",
    cached({ "model.safetensors": single, "config.json": config }),
    "org/tiny-llama",
    ["model.safetensors"],
  ],
  ["a cached repo in shards", cached({ ...shards, "config.json": config }), "org/tiny-llama", [first, second, third]],
  [
    "a cached repo whose last download was broken off",
    cached({ "model.safetensors": single }, { [`blobs/${"e".repeat(64)}.incomplete`]: single.slice(0, 99) }),
    "org/tiny-llama",
    ["model.safetensors"],
  ],
];

describe("openLocal", () => {
  test.each(GOOD)("opens %s", async (_, dropped, label, files) => {
    const checkpoint = await openLocal(dropped);
    expect(checkpoint).toMatchObject({ label, ref: `local:${label}`, opened: { requests: 0, bytes: 0 } });
    expect(checkpoint.files.map(({ path }) => path)).toEqual(files);
    expect(checkpoint.tensors.map(({ tensor }) => tensor.name).sort()).toEqual(names);
    for (const { file, tensor } of checkpoint.tensors) {
      const bytes = await readRange(checkpoint.files[file].location, tensor.span);
      const written = base.find(({ name }) => name === tensor.name);
      expect(Buffer.compare(bytes, written?.data ?? new Uint8Array())).toBe(0);
    }
  });

  it("reads config.json, and notes one that is broken", async () => {
    const good = await openLocal(inFolder("tiny", { "model.safetensors": single, "config.json": config }));
    expect(good.config).toEqual(JSON.parse(config));
    const bad = await openLocal(inFolder("tiny", { "model.safetensors": single, "config.json": "{" }));
    expect([bad.config, bad.notes]).toEqual([undefined, [expect.stringMatching(/^config\.json could not be read/)]]);
  });

  it("knows a cached file's SHA-256 and commit, as the Hub lists them", async () => {
    const checkpoint = await openLocal(cached({ "model.safetensors": single }));
    expect(checkpoint.files[0].hash).toBe(hashOf(single));
    expect(checkpoint.revision).toBe(COMMIT);
  });

  const other = writeSafetensors(tuned, { metadata: { version: "2" } });
  const BAD: [name: string, drop: LocalDrop, error: string, words: RegExp][] = [
    ["nothing", drop("folder", {}), "NoSafetensors", /links inside a folder are hidden/],
    ["a snapshot of the cache", drop(COMMIT, {}), "NoSafetensors", /snapshot .* Drop the folder above its snapshots/],
    ["other formats", inFolder("old", { "pytorch_model.bin": "x" }), "NoSafetensors", /Convert them/],
    ["no weights", inFolder("notes", { "README.md": "#" }), "NoSafetensors", /holds no safetensors files/],
    [
      "folders below",
      inFolder("pipe", { "unet/model.safetensors": single, "vae/model.safetensors": single }),
      "NoSafetensors",
      /unet, vae.*Drop one of these/,
    ],
    [
      "two models",
      inFolder("both", { "one.safetensors": single, "two.safetensors": other }),
      "NoSafetensors",
      /several models \(one\.safetensors, two\.safetensors\)/,
    ],
    [
      "two sets of shards",
      inFolder("both", { ...shards, "other.safetensors.index.json": shards[INDEX] }),
      "NoSafetensors",
      /several models/,
    ],
    [
      "a missing shard",
      drop(first, { [first]: shards[first], [third]: shards[third] }),
      "EntryNotFound",
      /lacks .*00002/,
    ],
    [
      "an index that names a shard which is not there",
      inFolder("tiny", { [INDEX]: shards[INDEX], [first]: shards[first], [second]: shards[second] }),
      "EntryNotFound",
      /names .*00003.*was not dropped/,
    ],
    [
      "a cache with two versions",
      cached({ "model.safetensors": single }, { [`blobs/${hashOf(other)}`]: other }),
      "NoSafetensors",
      /several versions/,
    ],
    [
      "a cache with two versions in shards",
      cached(shards, { [`blobs/${"d".repeat(64)}`]: shards[first] }),
      "NoSafetensors",
      /several versions/,
    ],
    [
      "a file that is cut short",
      drop("x.safetensors", { "x.safetensors": single.slice(0, 5) }),
      "HeaderTooSmall",
      /x\.safetensors/,
    ],
    [
      "a header that claims 2 GB",
      drop("x.safetensors", { "x.safetensors": new Uint8Array([0, 0, 0, 128, 0, 0, 0, 0, 123, 125]) }),
      "HeaderTooLarge",
      /x\.safetensors.*100 MB/s,
    ],
  ];

  test.each(BAD)("refuses %s", async (_, dropped, name, words) => {
    const error = await openLocal(dropped).catch((cause: Error) => cause);
    expect(error).toMatchObject({ name, message: expect.stringMatching(words) });
    expect((error as Error).message).toMatch(/^\S.*\.$/s);
  });

  it("says so when a file is gone", async () => {
    const gone = { path: "x.safetensors", file: new Blob([single]) };
    gone.file.slice = () => ({ arrayBuffer: () => Promise.reject(new DOMException("gone", "NotFoundError")) }) as never;
    await expect(openLocal({ name: "x.safetensors", files: [gone] })).rejects.toMatchObject({
      message: expect.stringMatching(/cannot be read any more.*Drop it again\.$/),
    });
  });

  it("ends with the signal's reason", async () => {
    const stop = AbortSignal.abort(new Error("Enough."));
    await expect(openLocal(drop("x.safetensors", { "x.safetensors": single }), stop)).rejects.toThrow("Enough.");
  });
});
