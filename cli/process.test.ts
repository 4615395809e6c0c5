import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { llamaPair, shard } from "../e2e/fixtures/models.ts";
import { writeSafetensors } from "../e2e/fixtures/write-safetensors.ts";
import { startHub } from "../e2e/server/hub-server.ts";
import { version } from "../package.json";
import { cliFolder, ensureCli } from "../scripts/build-cli.mjs";
import { ownFolder, type Ran, textOf } from "./testing/command-line.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const built = join(cliFolder, "auscult.mjs");

beforeAll(ensureCli);

interface Started {
  child: ChildProcess;
  ended: Promise<Ran & { signal: string | null }>;
}

/** Starts a program of its own, without a terminal. */
function start(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Started {
  const { env = {}, cwd = root } = options;
  const child = spawn(command, args, { cwd, env: { ...process.env, HF_TOKEN: "", HF_HOME: "/nowhere", ...env } });
  let [out, said] = ["", ""];
  child.stdout.on("data", (text) => {
    out += text;
  });
  child.stderr.on("data", (text) => {
    said += text;
  });
  const ended = once(child, "close").then(([status, signal]) => ({
    status: status as number,
    signal: signal as string | null,
    out,
    said,
  }));
  return { child, ended };
}

const auscult = (...words: string[]) => start(process.execPath, [built, ...words]).ended;

describe("what goes where", () => {
  test("the result alone to standard output, and nothing to standard error where it is no terminal", async () => {
    const { status, out, said } = await auscult("compare", "demo:base", "demo:tuned");
    expect([status, said]).toEqual([0, ""]);
    expect(out).toMatch(
      /^down_proj moved most: 0\.256 of its own norm, 1\.2 × o_proj\.\n\nmodule +layers +‖Δ‖ \/ ‖A‖ /,
    );
    expect(out).toMatch(/\no_proj +8 +0\.208 +0\.189 +0\.225 +1\.093 +−0\.0366 +99\.12 %\n/);
    expect(out).not.toContain("\u001b");
  });

  test("nothing to standard output where a file is written, unless it is asked for", async () => {
    const path = join(ownFolder(), "x.auscult.json");
    expect(await auscult("compare", "demo:base", "demo:tuned", "-o", path)).toMatchObject({
      status: 0,
      out: "",
      said: "",
    });
    const { out } = await auscult("compare", "demo:base", "demo:tuned", "-o", path, "--table");
    expect(out.split("\n")[0]).toMatch(/^tensor +shape +type +‖Δ‖ /);
    expect(out.split("\n").filter((line) => line.startsWith("model.layers."))).toHaveLength(72);
  });

  test("where a bar holds, to standard error, with status 1", async () => {
    const bars = ["--fail-if", "relative>0.35", "--fail-if", "o_proj:rescale<-5%"];
    const { status, out, said } = await auscult("compare", "demo:base", "demo:tuned", "--modules", ...bars);
    expect(status).toBe(1);
    expect(out).toMatch(/^down_proj moved most/);
    expect(said).toMatch(
      /^relative>0\.35 holds in layer 7 down_proj: relative is 0\.3596\d+\.\no_proj:rescale<-5% holds in layer 0 o_proj: rescale is -0\.0596\d+\.\n$/,
    );
    expect(await auscult("compare", "demo:base", "demo:base", "--fail-if", "changed>0")).toMatchObject({
      status: 0,
      said: "",
    });
  });

  test("help and version, and one line for what is not understood", async () => {
    expect((await auscult("--help")).out).toMatch(/^auscult compare A \[B\]/);
    expect((await auscult("--version")).out).toBe(`auscult ${version}\n`);
    for (const words of [
      ["compote"],
      ["compare"],
      ["compare", "--nope"],
      ["part", "3/2", "demo:base", "-o", "x"],
      ["merge"],
    ]) {
      const { status, out, said } = await auscult(...words);
      expect([status, out, said.split("\n").length]).toEqual([2, "", 2]);
    }
  });
});

describe("the other end", () => {
  test("may have read enough", async () => {
    const { child, ended } = start(process.execPath, [built, "compare", "demo:base", "demo:tuned", "--table"]);
    child.stdout?.destroy();
    const { status, said } = await ended;
    expect([status, said]).toEqual([0, ""]);
  });

  test("may be full", async () => {
    const { status, said } = await start("/bin/sh", [
      "-c",
      `"${process.execPath}" "${built}" compare demo:base demo:tuned > /dev/full`,
    ]).ended;
    expect(status).toBe(2);
    expect(said).toMatch(/^The result cannot be written: ENOSPC/);
  });
});

/** About 1.5 MB each: runs for several requests, one of which can be interrupted. */
const long = llamaPair({ layers: 4, hidden: 128, vocab: 512, seed: 3 });
const LONG = {
  "org/long-base-sharded": { files: shard(long.base, 3) },
  "org/long-tuned": { files: { "model.safetensors": writeSafetensors(long.tuned) } },
};

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s leaves a file that the same command goes on from", async (signal, status) => {
  const hub = await startHub({ repos: LONG });
  onTestFinished(() => hub.close());
  const path = join(ownFolder(), "kept.json");
  const words = ["compare", "org/long-base-sharded", "org/long-tuned", "-o", path, "--threads", "1"];
  const env = { HF_ENDPOINT: hub.origin };
  // The headers of all files and a little more than the first run takes; the rest stands still.
  hub.set({ allowance: 2_650_000 });
  const { child, ended } = start(process.execPath, [built, ...words], { env });
  const weights = () => hub.log.filter(({ range }) => range !== undefined && !range.startsWith("bytes=0-"));
  // Both sides of the first run are read when those of the second are asked for.
  await expect.poll(() => weights().length, { timeout: 100_000 }).toBeGreaterThan(2);
  child.kill(signal);
  const stopped = await ended;
  expect(stopped).toMatchObject({ status, signal: null, out: "" });
  expect(stopped.said).toMatch(/^[1-9]\d* of \d+ segments are kept in .*\nInterrupted\.\n$/);
  hub.set({ allowance: undefined });
  const { part } = JSON.parse(textOf(path));
  expect(part.left).toBeGreaterThan(0);
  const asked = hub.log.length;
  expect(await start(process.execPath, [built, ...words], { env }).ended).toMatchObject({ status: 0, said: "" });
  const again = hub.log.slice(asked).filter(({ range }) => range !== undefined && !range.startsWith("bytes=0-"));
  expect(again.reduce((bytes, entry) => bytes + entry.bytes, 0)).toBeLessThan(2_800_000);
  const whole = join(ownFolder(), "whole.json");
  await start(process.execPath, [built, ...words.with(4, whole)], { env }).ended;
  expect(textOf(path) === textOf(whole)).toBe(true);
  expect(JSON.parse(textOf(path)).part).toBeUndefined();
});

describe("the package", () => {
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "auscult-pack-"));
    expect(await start("npm", ["pack", "--silent", "--pack-destination", folder]).ended).toMatchObject({ status: 0 });
    await start("tar", ["-xzf", join(folder, `auscult-${version}.tgz`), "-C", folder]).ended;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("is small, has no demo models, and needs no other", () => {
    expect(statSync(join(folder, `auscult-${version}.tgz`)).size).toBeLessThan(2 * 2 ** 20);
    expect(readdirSync(join(folder, "package")).sort()).toEqual(["LICENSE", "README.md", "dist-cli", "package.json"]);
    const manifest = JSON.parse(textOf(join(folder, "package", "package.json")));
    expect([manifest.dependencies, manifest.peerDependencies]).toEqual([undefined, undefined]);
    expect(Object.keys(manifest.scripts).filter((name) => /install|^prepare$/.test(name))).toEqual([]);
  });

  test("compares where nothing is installed", async () => {
    const program = join(folder, "package", "dist-cli", "auscult.mjs");
    const demo = (name: string) => join(root, "public/demo", name);
    const cwd = ownFolder();
    const { status, out, said } = await start(program, ["compare", demo("base"), demo("tuned")], { cwd }).ended;
    expect([status, said]).toEqual([0, ""]);
    expect(out).toMatch(/^down_proj moved most/);
    const absent = await start(program, ["compare", "demo:base"], { cwd }).ended;
    expect(absent).toMatchObject({ status: 2, out: "" });
    expect(absent.said).toMatch(/^The demo models are not in this package\./);
    expect(existsSync(join(folder, "package", "node_modules"))).toBe(false);
  });
});
