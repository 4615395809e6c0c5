import { createHash } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { peftAdapter } from "../../e2e/fixtures/adapters.ts";
import { llamaPair } from "../../e2e/fixtures/models.ts";
import { writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { corsFetch } from "../../e2e/server/cors-fetch.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { isNamedAdapter, mayBeAdapter } from "./adapter-files.ts";
import { adapterBaseModel } from "./base-model.ts";
import { findWeights } from "./find-weights.ts";
import type { LocalDrop } from "./local-files.ts";
import { openCheckpoint } from "./open-checkpoint.ts";
import { openLocal } from "./open-local.ts";
import { parseRef } from "./parse-ref.ts";

const WEIGHTS = "adapter_model.safetensors";
const CONFIG = "adapter_config.json";
const { base, config } = llamaPair({ layers: 1, hidden: 16 });
const peft = peftAdapter(base, { baseModel: "org/tiny" });
const said = JSON.parse(peft[CONFIG]);
const model = writeSafetensors(base);
const mlx = { "adapters.safetensors": peft[WEIGHTS], [CONFIG]: '{"lora_parameters":{"scale":20}}' };
const metadata = { lora_adapter_metadata: '{"unet.lora_alpha":8}' };
const withHeader = writeSafetensors(base.slice(0, 1), { metadata });
const FOLDERS = {
  peft,
  mlx: { ...mlx, "0000100_adapters.safetensors": peft[WEIGHTS] },
  bare: { [WEIGHTS]: peft[WEIGHTS] },
  broken: { [WEIGHTS]: peft[WEIGHTS], [CONFIG]: "{" },
  both: { "model.safetensors": model, "config.json": config, ...peft },
  below: {
    "README.md": "#",
    ...Object.fromEntries(Object.entries(peft).map(([path, file]) => [`step/${path}`, file])),
  },
  header: { "pytorch_lora_weights.safetensors": withHeader, "other.safetensors": withHeader },
  alone: { [CONFIG]: peft[CONFIG] },
};

let server: HubServer;
beforeAll(async () => {
  const all = Object.entries(FOLDERS);
  server = await startHub({
    repos: Object.fromEntries(all.map(([name, files]) => [`org/${name}`, { files }])),
    plain: Object.fromEntries(all.map(([name, files]) => [name, { files }])),
  });
});
afterAll(() => server.close());
beforeEach(() => vi.stubGlobal("fetch", corsFetch("https://page.test")));
afterEach(() => {
  vi.unstubAllGlobals();
  server.log.length = 0;
});

const open = (text: string) =>
  openCheckpoint(parseRef(text, { hub: server.origin }), { hub: server.origin, demo: `${server.cdn}/plain/` });
const asked = () => server.log.map(({ url }) => url.replace(/[?#].*/, "").replace(/^.*\//, ""));

describe("a repo", () => {
  test.each([
    ["org/peft", WEIGHTS, said],
    ["org/mlx", "adapters.safetensors", { lora_parameters: { scale: 20 } }],
    ["org/bare", WEIGHTS, undefined],
    ["org/both:adapter_model.safetensors", WEIGHTS, said],
    ["org/below:step", `step/${WEIGHTS}`, said],
    ["org/header", "pytorch_lora_weights.safetensors", { "unet.lora_alpha": 8 }],
  ])("%s is opened with its configuration", async (ref, path, adapter) => {
    const checkpoint = await open(ref);
    expect(checkpoint.files.map((file) => file.path)).toEqual([path]);
    expect([checkpoint.adapter, checkpoint.notes]).toEqual([adapter, []]);
    expect(checkpoint.baseModel).toBe(adapter === said ? "org/tiny" : undefined);
    expect(checkpoint.tensors.length).toBeGreaterThan(0);
  });

  test("that holds a model too is opened as the model, and says so", async () => {
    const checkpoint = await open("org/both");
    expect(checkpoint.files.map(({ path }) => path)).toEqual(["model.safetensors"]);
    expect([checkpoint.adapter, checkpoint.baseModel]).toEqual([undefined, undefined]);
    expect(checkpoint.notes).toEqual([expect.stringMatching(/also holds an adapter.*:adapter_model\.safetensors\.$/)]);
    expect(asked()).not.toContain(CONFIG);
  });

  test("with a configuration that is no JSON is opened with a note", async () => {
    const { adapter, notes } = await open("org/broken");
    expect([adapter, notes]).toEqual([undefined, [expect.stringMatching(/^adapter_config\.json could not be read/)]]);
  });
});

describe("a folder on the web", () => {
  test.each([
    ["peft/", WEIGHTS, said],
    ["mlx/", "adapters.safetensors", { lora_parameters: { scale: 20 } }],
    [`peft/${WEIGHTS}`, WEIGHTS, said],
    [`bare/${WEIGHTS}`, WEIGHTS, undefined],
  ])("%s is opened with its configuration", async (path, file, adapter) => {
    const checkpoint = await open(`${server.cdn}/plain/${path}`);
    expect(checkpoint.files.map((each) => each.path)).toEqual([file]);
    expect(checkpoint.adapter).toEqual(adapter);
  });

  test("of a model is not asked for an adapter's", async () => {
    const { notes } = await open(`${server.cdn}/plain/both/`);
    expect(notes).toEqual([]);
    expect(asked().filter((file) => file.startsWith("adapter"))).toEqual([]);
  });

  test("with a configuration and no weights is refused", async () => {
    await expect(open(`${server.cdn}/plain/alone/`)).rejects.toMatchObject({
      name: "NoSafetensors",
      message: expect.stringMatching(/nor an adapter\. Give the folder/),
    });
  });
});

describe("a folder on this machine", () => {
  const drop = (name: string, files: Record<string, string | Uint8Array<ArrayBuffer>>): LocalDrop => ({
    name,
    files: Object.entries(files).map(([path, content]) => ({ path: `${name}/${path}`, file: new Blob([content]) })),
  });
  const blobs = (files: Record<string, string | Uint8Array<ArrayBuffer>>) =>
    Object.fromEntries(
      Object.values(files).map((content) => [`blobs/${createHash("sha256").update(content).digest("hex")}`, content]),
    );

  test.each([
    ["PEFT's", drop("lora", peft), WEIGHTS, said],
    [
      "mlx's, with steps on the way",
      drop("lora", FOLDERS.mlx),
      "adapters.safetensors",
      { lora_parameters: { scale: 20 } },
    ],
    ["without a configuration", drop("lora", FOLDERS.bare), WEIGHTS, undefined],
    ["a cached repo", drop("models--org--lora", blobs(peft)), WEIGHTS, said],
  ])("%s is opened with its configuration", async (_, dropped, path, adapter) => {
    const checkpoint = await openLocal(dropped);
    expect(checkpoint.files.map((file) => file.path)).toEqual([path]);
    expect(checkpoint.adapter).toEqual(adapter);
    expect(checkpoint.baseModel).toBe(adapter === said ? "org/tiny" : undefined);
  });

  test("that holds a model too is opened as the model", async () => {
    const { files, adapter } = await openLocal(drop("both", FOLDERS.both));
    expect([files.map(({ path }) => path), adapter]).toEqual([["model.safetensors"], undefined]);
  });
});

test("an adapter is told by its name where nothing else tells", () => {
  expect(["adapter_model.safetensors", "x/my-LoRA.safetensors", "model.safetensors"].map(isNamedAdapter)).toEqual([
    ...[true, true, false],
  ]);
  expect(isNamedAdapter("lora/model.safetensors")).toBe(false);
  const models = ["model.safetensors", "x/model-00001-of-00002.safetensors", "model.safetensors.index.json"];
  expect(models.filter(mayBeAdapter)).toEqual([]);
  expect(["adapter_model.safetensors", "x/any.safetensors"].every(mayBeAdapter)).toBe(true);
});

test("an index beside an adapter is opened, and other adapters give way to the usual name", () => {
  const paths = ["adapter_model.safetensors", "x.safetensors.index.json", "last.safetensors"];
  expect(findWeights(paths, "", "org/x")).toMatchObject({ kind: "index", path: "x.safetensors.index.json" });
  expect(findWeights(["a.safetensors", "adapters.safetensors"], "", "org/x").path).toBe("adapters.safetensors");
});

test.each([
  ["org/tiny", "org/tiny"],
  ["gpt2", "gpt2"],
  ["/home/me/models/tiny", undefined],
  ["./out/tiny/last", undefined],
  [null, undefined],
])("a base of %j is %j", (named, repo) => {
  expect(adapterBaseModel({ base_model_name_or_path: named })).toBe(repo);
});
