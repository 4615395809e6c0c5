import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { llamaPair, shard } from "../../e2e/fixtures/models.ts";
import { writeSafetensors } from "../../e2e/fixtures/write-safetensors.ts";
import { corsFetch } from "../../e2e/server/cors-fetch.ts";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { readRange } from "../bytes/read-range.ts";
import { type OpenOptions, openCheckpoint } from "./open-checkpoint.ts";
import { formatRef, parseRef } from "./parse-ref.ts";

const { base, tuned, config } = llamaPair({ layers: 2, hidden: 16 });
const single = { "model.safetensors": writeSafetensors(base), "config.json": config };
const sharded = { ...shard(base, 5), "config.json": config };
const indexOf = (weightMap: Record<string, string>) => JSON.stringify({ weight_map: weightMap });
const part = writeSafetensors(base.slice(0, 3));
const names = base.slice(0, 3).map(({ name }) => name);
const mapTo = (file: string, among: string[] = names) => Object.fromEntries(among.map((name) => [name, file]));
const INDEX = "model.safetensors.index.json";

const repos = {
  "org/adapted": { files: single, baseModel: ["org/single"] },
  "org/single": {
    revisions: {
      main: single,
      v2: { "model.safetensors": writeSafetensors(tuned) },
      "refs/pr/1": { "model.safetensors": writeSafetensors(tuned.slice(0, 4)) },
    },
    aliases: ["old/single", "single"],
  },
  "org/sharded": { files: sharded },
  "org/many": {
    files: { ...sharded, ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`log/${i}.txt`, "."])) },
  },
  "org/folders": {
    files: {
      "unet/d.safetensors": part,
      "unet/config.json": "{}",
      "vae/d.safetensors": part,
      "a b/é.safetensors": part,
    },
  },
  "org/gated": { files: single, gated: true },
  "org/private": { files: single, private: true },
  "org/bin": { files: { "pytorch_model.bin": "x", "config.json": config } },
  "org/strays": { files: { [INDEX]: indexOf(mapTo("a.safetensors", names.slice(1))), "a.safetensors": part } },
  "org/elsewhere": {
    files: {
      [INDEX]: indexOf({ ...mapTo("a.safetensors"), [names[0] ?? ""]: "b.safetensors" }),
      "a.safetensors": part,
      "b.safetensors": part,
    },
  },
  "org/lacking": {
    files: { [INDEX]: indexOf({ ...mapTo("a.safetensors"), ghost: "a.safetensors" }), "a.safetensors": part },
  },
  "org/incomplete": { files: { [INDEX]: indexOf(mapTo("gone.safetensors")), "a.safetensors": part } },
  "org/merge": { files: { [INDEX]: `${indexOf(mapTo("a"))}\n=======\n`, "a.safetensors": part } },
  "org/corrupt": { files: { "model.safetensors": part.slice(0, -3) } },
  "org/oddconfig": { files: { "model.safetensors": part, "config.json": "[]" } },
};

let server: HubServer;
beforeAll(async () => {
  server = await startHub({ repos, tokens: { hf_good: ["org/gated", "org/private"], hf_other: [] }, pageSize: 25 });
});
afterAll(() => server.close());
beforeEach(() => vi.stubGlobal("fetch", corsFetch("https://page.test")));
afterEach(() => {
  vi.unstubAllGlobals();
  server.set({
    only: undefined,
    busy: undefined,
    busyStatus: undefined,
    truncateAfter: undefined,
    down: undefined,
    noCors: undefined,
  });
  server.log.length = 0;
});

const retry = { tries: 3, wait: async () => undefined, random: () => 0 };
const open = (text: string, options: Partial<OpenOptions> = {}) =>
  openCheckpoint(parseRef(text, { hub: server.origin }), {
    hub: server.origin,
    demo: "https://page.test/demo/",
    retry,
    ...options,
  });
const requests = () => server.log.map(({ server: who, method, url }) => `${who} ${method} ${url.replace(/\?.*/, "")}`);

describe("a repo with one file", () => {
  it("is opened in four requests of its own, pinned to its commit", async () => {
    const commit = server.commit("org/single");
    const checkpoint = await open("org/single");
    expect(checkpoint).toMatchObject({
      ref: `org/single@${commit}`,
      label: "org/single",
      revision: commit,
      config: JSON.parse(config),
      notes: [],
      files: [
        {
          path: "model.safetensors",
          size: single["model.safetensors"].length,
          hash: expect.stringMatching(/^[\da-f]{64}$/),
        },
      ],
      opened: { requests: 4 },
    });
    expect(checkpoint.tensors.map(({ tensor }) => [tensor.name, tensor.shape])).toEqual(
      base.map(({ name, shape }) => [name, shape]),
    );
    const [first, second, ...rest] = requests();
    expect([first, second]).toEqual([
      "hub GET /api/models/org/single/revision/main",
      `hub GET /api/models/org/single/tree/${commit}`,
    ]);
    expect(rest.sort()).toEqual([
      expect.stringMatching(/^cdn GET \/xet-bridge\//),
      `hub GET /api/resolve-cache/models/org/single/${commit}/config.json`,
      `hub GET /org/single/resolve/${commit}/config.json`,
      `hub GET /org/single/resolve/${commit}/model.safetensors`,
    ]);
    expect(checkpoint.opened.bytes).toBe(server.log.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it("knows what its card says it was made from, without another request", async () => {
    const checkpoint = await open("org/adapted");
    expect(checkpoint.baseModel).toBe("org/single");
    expect(requests().filter((line) => line.includes("/api/models/") && !line.includes("/tree/"))).toEqual([
      "hub GET /api/models/org/adapted/revision/main",
    ]);
  });

  it("has its bytes where the checkpoint says", async () => {
    const { files, tensors } = await open("org/single");
    for (const [i, { file, tensor }] of tensors.entries()) {
      const { location } = files[file] ?? expect.unreachable();
      expect(Buffer.compare(await readRange(location, tensor.span), base[i]?.data ?? part)).toBe(0);
    }
  });

  it.each([
    ["v2", tuned.length],
    ["refs/pr/1", 4],
  ])("is read at %s", async (revision, count) => {
    const checkpoint = await open(`org/single@${revision}`);
    expect(checkpoint.tensors).toHaveLength(count);
    expect(checkpoint.revision).toBe(server.commit("org/single", revision));
  });

  it("opens again from the pinned reference, without asking for the revision", async () => {
    const first = await open("org/single");
    server.log.length = 0;
    const again = await open(first.ref.toUpperCase().replace("ORG/SINGLE", "org/single"));
    expect(again.ref).toBe(first.ref);
    expect(again.tensors).toEqual(first.tensors);
    expect(requests().filter((line) => line.includes("/revision/"))).toEqual([]);
    expect(formatRef(parseRef(again.ref, { hub: server.origin }))).toBe(first.ref);
  });

  it.each(["old/single", "single", "pinned"])("answers under its new name to %s", async (text) => {
    const ref = text === "pinned" ? `old/single@${server.commit("org/single")}` : text;
    const checkpoint = await open(ref);
    expect(checkpoint.ref).toBe(`org/single@${server.commit("org/single")}`);
    expect(checkpoint.notes).toEqual([expect.stringMatching(/is now called org\/single/)]);
  });
});

describe("a sharded repo", () => {
  it("has every header read in one request, all files in order", async () => {
    const checkpoint = await open("org/sharded");
    expect(checkpoint.files.map(({ path }) => path)).toEqual(Object.keys(sharded).filter((path) => /-of-/.test(path)));
    expect(checkpoint.tensors.map(({ tensor }) => tensor.name)).toEqual(base.map(({ name }) => name));
    expect(checkpoint.tensors.map(({ file }) => file)).toEqual([...checkpoint.tensors.map(({ file }) => file)].sort());
    expect(checkpoint.opened.requests).toBe(2 + 1 + 5 + 1);
    expect(requests().filter((line) => line.startsWith("cdn"))).toHaveLength(5);
  });

  it("is found in a listing of several pages", async () => {
    const checkpoint = await open("org/many");
    expect(checkpoint.files).toHaveLength(5);
    expect(requests().filter((line) => line.includes("/tree/"))).toHaveLength(3);
  });

  it("leaves out what the index does not list, or lists elsewhere, with a note", async () => {
    const strays = await open("org/strays");
    expect(strays.tensors.map(({ tensor }) => tensor.name)).toEqual(names.slice(1));
    expect(strays.notes).toEqual([
      `a.safetensors holds a tensor that the index does not place there, left out here: ${names[0]}.`,
    ]);
    const elsewhere = await open("org/elsewhere");
    expect(elsewhere.tensors.map(({ file, tensor }) => [file, tensor.name])).toEqual([
      [0, names[1]],
      [0, names[2]],
      [1, names[0]],
    ]);
    expect(elsewhere.notes).toEqual([expect.stringContaining("a tensor"), expect.stringContaining("2 tensors")]);
  });
});

describe("a folder or file of a repo", () => {
  it.each([
    ["org/folders:unet", "unet/d.safetensors"],
    ["org/folders:vae/", "vae/d.safetensors"],
    ["org/folders:vae/d.safetensors", "vae/d.safetensors"],
    ["org/folders:a b/é.safetensors", "a b/é.safetensors"],
  ])("%s", async (text, path) => {
    const checkpoint = await open(text);
    expect(checkpoint.files.map((file) => file.path)).toEqual([path]);
    expect(checkpoint.ref).toBe(text.replace(/\/$/, "").replace(":", `@${server.commit("org/folders")}:`));
    expect(checkpoint.config).toEqual(text.endsWith("unet") ? {} : undefined);
  });
});

describe("tokens", () => {
  it.each(["org/gated", "org/private"])("open %s and stay with the Hub", async (repo) => {
    const checkpoint = await open(repo, { token: "hf_good" });
    expect(checkpoint.tensors).toHaveLength(base.length);
    expect(JSON.stringify(checkpoint)).not.toContain("hf_good");
    const asked = server.log.filter(({ method }) => method === "GET");
    expect(
      asked.filter(({ server: who, authorization }) => (who === "hub") !== (authorization === "Bearer hf_good")),
    ).toEqual([]);
    expect(asked.filter(({ server: who }) => who === "cdn")).toHaveLength(1);
    expect(server.log.filter(({ server: who, method }) => who === "cdn" && method === "OPTIONS")).toEqual([]);
  });

  it("are not sent to a Hub other than theirs, nor to folders", async () => {
    const other = await startHub({ plain: { x: { files: single } } });
    await open(`${other.plain("x")}`, { token: "hf_good" });
    expect(other.log.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
    await other.close();
  });

  it("are not needed, and nothing but ranges is asked for, without one", async () => {
    await open("org/sharded");
    expect(server.log.filter(({ method }) => method !== "GET")).toEqual([]);
    expect(
      server.log.filter(({ headers }) => "authorization" in headers || "referer" in headers || "cookie" in headers),
    ).toEqual([]);
    expect(server.log.flatMap(({ range }) => range ?? []).every((range) => /^bytes=\d+-\d+$/.test(range))).toBe(true);
  });
});

describe("what goes wrong", () => {
  it.each([
    ["org/none", {}, "RepoNotFound", /no model org\/none on .*, or it is private/],
    ["org/private", {}, "RepoNotFound", /private one set a read token/],
    ["org/private", { token: "hf_other" }, "RepoNotFound", /that the token which is set may see/],
    ["org/single", { token: "hf_bad" }, "BadToken", /does not accept the token/],
    ["org/single@nope", {}, "RevisionNotFound", /no revision "nope"/],
    [`org/single@${"0".repeat(40)}`, {}, "RevisionNotFound", /no revision "0{40}"/],
    ["org/single:nowhere", {}, "EntryNotFound", /no "nowhere"/],
    ["org/folders:unet/x.safetensors", {}, "EntryNotFound", /no file "unet\/x\.safetensors"/],
    [
      "org/gated",
      {},
      "AccessDenied",
      /Accept its terms .* set a read token \(under Access, at the top\).* There are [\d.]+ kB in one file to read then\.$/,
    ],
    [
      "org/gated",
      { canSignIn: true },
      "AccessDenied",
      /, then sign in or set a read token \(under Access, at the top\)/,
    ],
    ["org/gated", { token: "hf_other" }, "AccessDenied", /was not granted access/],
    ["org/bin", {}, "NoSafetensors", /only PyTorch \.bin files/],
    ["org/folders", {}, "NoSafetensors", /in folders: a b, unet, vae/],
    ["org/lacking", {}, "TensorNotFound", /a\.safetensors holds the tensor "ghost"/],
    ["org/incomplete", {}, "EntryNotFound", /names gone\.safetensors, which is not in the repo/],
    ["org/merge", {}, "InvalidIndex", /unresolved merge/],
    ["org/corrupt", {}, "MetadataIncompleteBuffer", /^model\.safetensors: The file is cut off/],
  ])("%s %j: %s", async (text, options, name, message) => {
    await expect(open(text, options)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
    await expect(open(text, options)).rejects.toMatchObject({ message: expect.stringMatching(/^\S.*\.$/s) });
  });

  it.each([
    [{ busy: 99 }, "RateLimited"],
    [{ busy: 99, busyStatus: 503 }, "Busy"],
    [{ busy: 99, busyStatus: 500 }, "HttpStatus"],
    [{ noCors: true }, "Busy"],
    [{ down: true }, "NetworkFailed"],
    [{ only: /xet-bridge/, truncateAfter: 100 }, "FileTruncated"],
  ])("%o: %s", async (faults, name) => {
    server.set(faults);
    await expect(open("org/single")).rejects.toMatchObject({ name });
  });

  it("passes when the Hub is busy for a moment", async () => {
    server.set({ busy: 2 });
    expect((await open("org/single")).opened.requests).toBe(6);
  });

  it("is a note when it is only the configuration", async () => {
    const checkpoint = await open("org/oddconfig");
    expect(checkpoint.config).toBeUndefined();
    expect(checkpoint.notes).toEqual([expect.stringMatching(/^config\.json could not be read/)]);
    server.set({ only: /config\.json/, busy: 99, busyStatus: 404 });
    expect((await open("org/single")).notes).toHaveLength(1);
  });

  it.each(["<!doctype html>", "{}", "[]", '{"sha":"main"}'])(
    "is said of a server that is no Hub: %s",
    async (answer) => {
      vi.stubGlobal("fetch", async () => new Response(answer));
      await expect(open("org/single")).rejects.toMatchObject({
        name: "HttpStatus",
        message: expect.stringContaining("not the Hub's API"),
      });
    },
  );

  it("ends every request when it is aborted", async () => {
    const stop = new AbortController();
    server.set({ only: /xet-bridge/, held: true });
    const opening = open("org/sharded", { signal: stop.signal });
    await vi.waitUntil(() => server.log.filter(({ server: who }) => who === "cdn").length === 5);
    stop.abort();
    await expect(opening).rejects.toMatchObject({ name: "AbortError" });
    await server.whenQuiet();
    expect(server.log.filter(({ server: who, end }) => who === "cdn" && end !== "aborted")).toEqual([]);
  });
});
