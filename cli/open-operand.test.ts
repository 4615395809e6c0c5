import { createHash } from "node:crypto";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { peftAdapter } from "../e2e/fixtures/adapters.ts";
import { llamaPair, shard } from "../e2e/fixtures/models.ts";
import { writeSafetensors } from "../e2e/fixtures/write-safetensors.ts";
import { type HubServer, startHub } from "../e2e/server/hub-server.ts";
import { type Files, toBytes } from "../e2e/server/repo-store.ts";
import { ensureCli } from "../scripts/build-cli.mjs";
import { ownFolder, ran, textOf } from "./testing/command-line.ts";

const { base, tuned, config } = llamaPair({ layers: 2 });
const SHARDED: Files = { ...shard(base, 3), "config.json": config };
const TUNED: Files = { "model.safetensors": writeSafetensors(tuned), "config.json": config };
const LORA: Files = peftAdapter(base, { modules: /\.q_proj\.weight$/ });

let hub: HubServer;
beforeAll(async () => {
  await ensureCli();
  hub = await startHub({
    repos: { "org/base": { files: SHARDED }, "org/tuned": { files: TUNED }, "org/lora": { files: LORA } },
  });
});
afterAll(() => hub.close());
beforeEach(() => {
  vi.stubEnv("HF_TOKEN", "");
  hub.log.length = 0;
});

/** Puts files of a repo into a cache as the Hub's own tools do: blobs by their hash, and a snapshot of links to them. */
function fetchInto(cache: string, repo: string, files: Files, lost: RegExp = /^$/): string {
  const folder = join(cache, `models--${repo.replace("/", "--")}`);
  const commit = hub.commit(repo);
  for (const [path, content] of Object.entries(files)) {
    if (lost.test(path)) continue;
    const hash = createHash(path.endsWith(".safetensors") ? "sha256" : "sha1")
      .update(toBytes(content))
      .digest("hex");
    const link = join(folder, "snapshots", commit, path);
    for (const made of [join(folder, "blobs"), join(folder, "refs"), dirname(link)])
      mkdirSync(made, { recursive: true });
    writeFileSync(join(folder, "blobs", hash), content);
    symlinkSync(join("..", "..", "blobs", hash), link);
  }
  writeFileSync(join(folder, "refs", "main"), commit);
  return folder;
}

/** What comes out of a comparison, and what was asked of the Hub for it. */
async function compared(words: string[], environment: NodeJS.ProcessEnv) {
  const path = join(ownFolder(), "x.json");
  expect(await ran(["compare", ...words, "-o", path], { environment })).toEqual({ status: 0, out: "", said: "" });
  return textOf(path);
}

describe("the Hub's cache", () => {
  const far = () => compared(["org/base", "org/tuned"], { HF_ENDPOINT: hub.origin, HF_HOME: "/nowhere" });

  test("gives what the Hub gives, and nothing is asked of it, where that is wished", async () => {
    const expected = await far();
    const home = ownFolder();
    fetchInto(join(home, "hub"), "org/base", SHARDED);
    fetchInto(join(home, "hub"), "org/tuned", TUNED);
    hub.log.length = 0;
    const environment = { HF_ENDPOINT: hub.origin, HF_HOME: home };
    const commit = hub.commit("org/base");
    expect((await compared(["org/base", "org/tuned", "--offline"], environment)) === expected).toBe(true);
    expect((await compared(["org/base@main", "org/tuned"], { ...environment, HF_HUB_OFFLINE: "1" })) === expected).toBe(
      true,
    );
    const cache = { HF_ENDPOINT: hub.origin, HF_HUB_CACHE: join(home, "hub") };
    expect((await compared([`org/base@${commit}`, "org/tuned", "--offline"], cache)) === expected).toBe(true);
    expect(hub.log).toEqual([]);
    // A branch may have moved: what stands at it now is asked, and not read again.
    expect((await compared(["org/base", "org/tuned"], environment)) === expected).toBe(true);
    expect(hub.log.map(({ url }) => url)).toEqual([
      expect.stringContaining("/revision/main"),
      expect.stringContaining("/revision/main"),
    ]);
  });

  test("is passed over where it has only some of the files", async () => {
    const expected = await far();
    const home = ownFolder();
    fetchInto(join(home, "hub"), "org/base", SHARDED, /00002/);
    const environment = { HF_ENDPOINT: hub.origin, HF_HOME: home };
    expect((await compared(["org/base", "org/tuned"], environment)) === expected).toBe(true);
    const { status, said } = await ran(["compare", "org/base", "--offline"], { environment });
    expect(status).toBe(2);
    expect(said).toMatch(
      /^The cache has only some files of org\/base at \w{40} \(.*\)\. Fetch the rest, or go without --offline\.\n$/,
    );
  });

  test("is known by its folders' paths, too", async () => {
    const expected = await far();
    const cache = ownFolder();
    const folders = [fetchInto(cache, "org/base", SHARDED), fetchInto(cache, "org/tuned", TUNED)];
    expect((await compared(folders, { HF_HOME: "/nowhere" })) === expected).toBe(true);
    const snapshots = ["org/base", "org/tuned"].map((repo, i) => join(folders[i], "snapshots", hub.commit(repo)));
    expect((await compared(snapshots, { HF_HOME: "/nowhere" })) === expected).toBe(true);
  });
});

describe("a path", () => {
  const numbersOf = (text: string) =>
    JSON.parse(text).pairs.map(({ name, stats }: { name: string; stats: unknown }) => [name, stats]);

  test("may lead to a folder, an index, a file or an adapter", async () => {
    const folder = ownFolder();
    const put = (name: string, files: Files) => {
      mkdirSync(join(folder, name));
      for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, name, path), content);
      return join(folder, name);
    };
    const [a, b, adapter] = [put("base", SHARDED), put("tuned", TUNED), put("lora", LORA)];
    const environment = { HF_ENDPOINT: hub.origin, HF_HOME: "/nowhere" };
    const far = numbersOf(await compared(["org/base", "org/tuned"], environment));
    expect(numbersOf(await compared([a, b], {}))).toEqual(far);
    const parts = [join(a, "model.safetensors.index.json"), join(b, "model.safetensors")];
    expect(numbersOf(await compared(parts, {}))).toEqual(far);
    const adapted = numbersOf(await compared(["org/base", "org/lora"], environment));
    expect(numbersOf(await compared([a, adapter], {}))).toEqual(adapted);
    expect(numbersOf(await compared([a, join(adapter, "adapter_model.safetensors")], {}))).toEqual(adapted);
    rmSync(join(a, "model-00002-of-00003.safetensors"));
    expect((await ran(["compare", a, b])).said).toMatch(/model-00002-of-00003\.safetensors/);
    rmSync(join(b, "model.safetensors"));
    expect((await ran(["compare", b])).said).toMatch(/^tuned holds no safetensors/);
  });
});
