import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { buildHouse, GOOD_TOKEN } from "../e2e/fixtures/house.ts";
import { llamaPair } from "../e2e/fixtures/models.ts";
import { writeSafetensors } from "../e2e/fixtures/write-safetensors.ts";
import { type HubServer, startHub } from "../e2e/server/hub-server.ts";
import { ensureCli } from "../scripts/build-cli.mjs";
import { endingAt, ownFolder, progressOn, ran, textOf } from "./testing/command-line.ts";

let hub: HubServer;
beforeAll(async () => {
  await ensureCli();
  hub = await startHub(buildHouse().options);
});
afterAll(() => hub.close());
beforeEach(() => void vi.stubEnv("HF_TOKEN", ""));

const environment = () => ({ HF_ENDPOINT: hub.origin, HF_HOME: "/nowhere" });
const sentence = async (...words: string[]) => {
  const { status, out, said } = await ran(words, { environment: environment() });
  expect([status, out]).toEqual([2, ""]);
  // One sentence or two, on one line.
  expect(said.trimEnd()).not.toContain("\n");
  return said.trimEnd();
};

describe("a reference", () => {
  const cases: [what: string, words: string[], sentence: RegExp][] = [
    [
      "unknown",
      ["org/base", "org/missing"],
      /^There is no model org\/missing on 127\.0\.0\.1:\d+, or it is private\..*HF_TOKEN/,
    ],
    [
      "gated, without a token",
      ["org/base", "org/gated"],
      /^org\/gated is gated\. Accept its terms at .*set a read token \(in the environment variable HF_TOKEN\)/,
    ],
    ["of an unknown revision", ["org/base@nope"], /^org\/base has no revision "nope"\. Check/],
    ["without safetensors", ["org/gguf"], /^org\/gguf/],
    ["damaged", ["org/corrupt"], /model\.safetensors/],
    ["that cannot be read", ["not a name"], /^"not a name" has a space in it/],
    ["of nothing in common", ["org/base", "org/other"], /org\/other/],
    [
      "of a path that is not there",
      ["./no/such/folder"],
      /^There is no file or folder .*no\/such\/folder\. Check the path\.$/,
    ],
    ["of an unknown demo", ["demo:none"], /^There is no demo model none\. Check the word after demo:\.$/],
    [
      "not in the cache, offline",
      ["org/base", "--offline"],
      /^org\/base is not in the cache \(\/nowhere\/hub\), and nothing is to be fetched/,
    ],
    [
      "on the network, offline",
      ["https://127.0.0.1/x/", "--offline"],
      /is on the network, and nothing is to be fetched/,
    ],
    [
      "and a rule that is none",
      ["org/base", "org/tuned", "--rename", "nonsense"],
      /^"nonsense" is no rename rule\. Write/,
    ],
    ["and a model as an adapter", ["org/base", "org/tuned", "--adapter", "org/tuned-f16"], /org\/tuned-f16/],
  ];
  test.each(cases)("%s", async (_, words, expected) => {
    expect(await sentence("compare", ...words)).toMatch(expected);
  });

  test.each([
    ["nothing", {}, / holds no files\. Name a \.safetensors file, or the folder/],
    ["no weights", { "notes.json": "{}" }, /^model holds no safetensors files\. Name a \.safetensors file/],
    [
      "an index without its file",
      { "model.safetensors.index.json": JSON.stringify({ weight_map: { w: "far.safetensors" } }) },
      /names far\.safetensors, which is not beside it\. Name the folder that holds both\.$/,
    ],
  ])("of a folder with %s", async (_, files: Record<string, string>, expected) => {
    const folder = join(ownFolder(), "model");
    mkdirSync(folder);
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    expect(await sentence("compare", folder)).toMatch(expected);
  });

  test("gated opens with a token, which goes to the Hub alone", async () => {
    vi.stubEnv("HF_TOKEN", GOOD_TOKEN);
    const before = hub.log.length;
    const gated = await ran(["compare", "org/base", "org/gated"], { environment: environment() });
    expect(gated.status).toBe(0);
    const asked = hub.log.slice(before);
    const withToken = asked.filter(({ headers }) => headers.authorization !== undefined);
    expect(withToken.length).toBeGreaterThan(0);
    expect(new Set(withToken.map(({ server }) => server))).toEqual(new Set(["hub"]));
    expect(asked.some(({ server }) => server === "cdn")).toBe(true);
  });

  test("of another place gets no token", async () => {
    vi.stubEnv("HF_TOKEN", GOOD_TOKEN);
    const before = hub.log.length;
    const { status } = await ran(["compare", hub.plain("base")], {
      environment: { HF_ENDPOINT: "http://127.0.0.1:9" },
    });
    expect(status).toBe(0);
    const asked = hub.log.slice(before);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  });
});

describe("parts", () => {
  /** Both parts of two comparisons, and one that is not finished. */
  async function parts() {
    const folder = ownFolder();
    const path = (name: string) => join(folder, `${name}.json`);
    const part = async (name: string, ...words: string[]) =>
      expect(await ran(["part", ...words, "-o", path(name)], { environment: environment() })).toMatchObject({
        status: 0,
      });
    await part("one", "1/2", "org/base", "org/tuned");
    await part("two", "2/2", "org/base", "org/tuned");
    await part("stranger", "2/2", "org/base", "org/tuned-f16");
    await part("third", "3/3", "org/base", "org/tuned");
    await part("slow", "2/2", "org/base", "org/tuned", "--engine", "reference");
    await part("ruled", "2/2", "org/base", "org/tuned", "--rename", "^xyz => model");
    const stopped = ["part", "2/2", "org/long-base", "org/long-tuned", "-o", path("stopped"), "--threads", "1"];
    await ran(stopped, { environment: environment(), ...endingAt(1) });
    await part("long", "1/2", "org/long-base", "org/long-tuned");
    writeFileSync(path("damaged"), textOf(path("two")).replace(/"sumD2":[^,]*,/, ""));
    writeFileSync(path("foreign"), '{"hello":1}');
    return path;
  }

  test("that do not belong together are refused by name", async () => {
    const path = await parts();
    const merged = (...names: string[]) => sentence("merge", ...names.map(path), "-o", path("merged"));
    expect(await merged("one")).toBe("Part 2 of 2 is missing. Name all parts.");
    expect(await merged("one", "two", "two")).toBe(
      `${path("two")} and ${path("two")} are both part 2 of 2. Name each part once.`,
    );
    expect(await merged("one", "stranger")).toMatch(
      /stranger\.json belongs to another comparison than .*one\.json: it has org\/tuned-f16@\w+ as B, and not org\/tuned@\w+\. Name/,
    );
    expect(await merged("one", "third")).toMatch(
      /third\.json belongs to another comparison than .*: it is one of 3 parts, and not of 2\./,
    );
    expect(await merged("one", "slow")).toMatch(
      /slow\.json .*: it was computed by the engine reference, and not by wasm: the last bits/,
    );
    expect(await merged("one", "ruled")).toMatch(
      /ruled\.json .*: it has the rename rule \^xyz => model, and not none\./,
    );
    expect(await merged("long", "stopped")).toMatch(
      /stopped\.json is not finished: \d+ segments are left of part 2 of 2\. Run its command again/,
    );
    expect(await merged("one", "damaged")).toMatch(/damaged\.json is damaged: .*Delete it and compute it again\.$/);
    expect(await merged("one", "foreign")).toMatch(/foreign\.json is no part of a comparison\./);
    expect(await merged("one", "nowhere")).toMatch(/^There is no file .*nowhere\.json\. Check the path\.$/);
    expect(await ran(["merge", path("two"), path("one"), "-o", path("whole")])).toMatchObject({ status: 0 });
    expect(await merged("whole", "one")).toMatch(/whole\.json is a whole comparison and no part of one\./);
    expect(await sentence("part", "1/2", "org/base", "org/tuned", "-o", path("two"))).toMatch(
      /two\.json holds an unfinished comparison that is part 2 of 2\. Give another file/,
    );
    expect(await sentence("compare", "org/base", "org/tuned", "-o", path("foreign"))).toMatch(
      /foreign\.json is there already and is no comparison saved by Auscult/,
    );
    expect(readFileSync(path("foreign"), "utf8")).toBe('{"hello":1}');
  });

  test("of folders whose files differ are told apart by what is in them", async () => {
    const folder = ownFolder();
    const { base, tuned } = llamaPair({ layers: 1 });
    const write = (name: string, seed: number) => {
      mkdirSync(join(folder, name), { recursive: true });
      const tensors = seed === 1 ? tuned : llamaPair({ layers: 1, seed }).tuned;
      writeFileSync(join(folder, name, "model.safetensors"), writeSafetensors(tensors));
    };
    mkdirSync(join(folder, "base"));
    writeFileSync(join(folder, "base", "model.safetensors"), writeSafetensors(base));
    const words = [join(folder, "base"), join(folder, "tuned")];
    const part = (i: number) => ran(["part", `${i}/2`, ...words, "-o", join(folder, `${i}.json`)]);
    write("tuned", 1);
    expect(await part(1)).toMatchObject({ status: 0 });
    // Of the same name and size.
    write("tuned", 2);
    expect(await part(2)).toMatchObject({ status: 0 });
    const merged = await ran(["merge", join(folder, "1.json"), join(folder, "2.json")]);
    expect(merged.said).toMatch(
      /2\.json belongs to another comparison than .*: it was made of other files of B, local:tuned\./,
    );
  });
});

describe("a file", () => {
  test("in no folder, or that is one, is said before anything is read", async () => {
    const before = hub.log.length;
    expect(await sentence("compare", "org/base", "-o", "/no/such/folder/x.json")).toBe(
      "/no/such/folder/x.json cannot be written: there is no such folder. Give another file with -o.",
    );
    expect(await sentence("compare", "org/base", "-o", ownFolder())).toMatch(/cannot be written: it is a folder\./);
    expect(hub.log.length).toBe(before);
  });

  test("on a disk that is full is said", async () => {
    expect(await sentence("compare", "org/base", "-o", "/dev/full")).toBe(
      "/dev/full cannot be written: the disk is full. Give another file with -o.",
    );
  });
});

describe("a connection that is lost", () => {
  test("ends with its sentence, and what was read is kept", async () => {
    const lost = await startHub(buildHouse().options);
    onTestFinished(() => lost.close());
    const path = join(ownFolder(), "kept.json");
    const words = ["compare", "org/long-base-sharded", "org/long-tuned", "-o", path, "--threads", "1"];
    const { progress } = progressOn(false);
    // From the first bytes on nothing is answered any more.
    progress.note = () => lost.set({ down: true });
    const { status, said } = await ran(words, { environment: { HF_ENDPOINT: lost.origin }, progress });
    expect(status).toBe(2);
    expect(said).toMatch(
      /segments are kept in .*kept\.json\. The same command goes on from there\.\n127\.0\.0\.1:\d+ /,
    );
    expect(JSON.parse(textOf(path)).part.left).toBeGreaterThan(0);
    lost.set({ down: undefined });
    const whole = join(ownFolder(), "whole.json");
    expect(await ran(words, { environment: { HF_ENDPOINT: lost.origin } })).toMatchObject({ status: 0 });
    expect(
      await ran(["compare", "org/long-base-sharded", "org/long-tuned", "-o", whole], {
        environment: { HF_ENDPOINT: lost.origin },
      }),
    ).toMatchObject({ status: 0 });
    expect(textOf(path) === textOf(whole)).toBe(true);
  });
});
