import { createHash } from "node:crypto";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "./auscult-test.ts";
import { shard } from "./fixtures/models.ts";
import { writeSafetensors } from "./fixtures/write-safetensors.ts";
import { comparisonBreaches } from "./float64-oracle.ts";

const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** Writes files below a folder of this test. */
function put(folder: string, files: Record<string, Uint8Array | string>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** A repo as huggingface_hub caches it: blobs by hash, and links to them under the commit. */
function putCached(folder: string, files: Record<string, Uint8Array | string>): string {
  put(folder, { "refs/main": COMMIT });
  mkdirSync(join(folder, "snapshots", COMMIT), { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    const hash = createHash(path.endsWith(".safetensors") ? "sha256" : "sha1")
      .update(content)
      .digest("hex");
    put(folder, { [`blobs/${hash}`]: content });
    symlinkSync(join("..", "..", "blobs", hash), join(folder, "snapshots", COMMIT, path));
  }
  return folder;
}

test("two folders dropped at once are compared where they lie", async ({ auscult, hub, house }, info) => {
  const { base, tuned } = house.models;
  const a = put(info.outputPath("my base"), { "model.safetensors": writeSafetensors(base), "README.md": "#" });
  const b = put(info.outputPath("my tuned"), shard(tuned, 3));
  await auscult.open({ hub: hub.origin });
  await auscult.dropPaths([a, b]);
  await expect(auscult.field("a")).toHaveValue("local:my base");
  await expect(auscult.field("b")).toHaveValue("local:my tuned");
  await auscult.compare();
  await auscult.whenIdle();
  expect(comparisonBreaches((await auscult.comparison()).pairs, base, tuned)).toEqual([]);
  await expect(auscult.exactCells).toHaveCount(21);
  expect(hub.log).toEqual([]);
  // Back and forth they are known, and the link keeps their names.
  await auscult.button("Swap A and B").click();
  await auscult.whenIdle();
  expect(comparisonBreaches((await auscult.comparison()).pairs, tuned, base)).toEqual([]);
  await auscult.page.goBack();
  await auscult.whenIdle();
  await expect(auscult.field("a")).toHaveValue("local:my base");
  await expect(auscult.exactCells).toHaveCount(21);
});

test("a file dropped on B stands beside a repo; the link says what is missing", async ({
  auscult,
  hub,
  house,
  newTab,
}, info) => {
  await auscult.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const { base, tuned } = house.models;
  const folder = put(info.outputPath("files"), { "tuned.safetensors": writeSafetensors(tuned) });
  await auscult.open({ hub: hub.origin });
  await auscult.dropPaths([join(folder, "tuned.safetensors")], "b");
  await expect(auscult.field("a")).toHaveValue("");
  await auscult.field("a").fill("org/base");
  await auscult.compare();
  await auscult.whenIdle();
  expect(comparisonBreaches((await auscult.comparison()).pairs, base, tuned)).toEqual([]);
  expect(hub.log.every(({ url }) => /org\/base|xet-bridge/.test(decodeURIComponent(url)))).toBe(true);

  await auscult.button("Share").click();
  await expect(auscult.notices).toContainText(
    "local files cannot be in it: whoever opens it has to drop tuned.safeten",
  );
  const link = await auscult.page.evaluate(() => navigator.clipboard.readText());
  const tab = await newTab();
  await tab.page.goto(link);
  await tab.whenIdle();
  await expect(tab.field("a")).toHaveValue(/^org\/base/);
  await expect(tab.error("b")).toHaveText(
    /^"tuned\.safetensors" stands for local files, which cannot be in a link or typed\. Drop them on this field again/,
  );
  await tab.dropPaths([join(folder, "tuned.safetensors")], "b");
  await tab.compare();
  await tab.whenIdle();
  await expect(tab.exactCells).toHaveCount(21);
});

test("a cache folder is read through its blobs; a lone snapshot says what to drop", async ({
  auscult,
  house,
}, info) => {
  const { base, tuned } = house.models;
  const a = putCached(info.outputPath("models--org--base"), { "model.safetensors": writeSafetensors(base) });
  const b = putCached(info.outputPath("models--org--tuned"), shard(tuned, 2));
  await auscult.open();
  await auscult.dropPaths([join(a, "snapshots", COMMIT), b]);
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("a")).toHaveText(
    new RegExp(`^${COMMIT} is a snapshot in the Hugging Face cache: it holds only links.*Drop the folder above`),
  );
  await auscult.dropPaths([a], "a");
  await auscult.compare();
  await auscult.whenIdle();
  expect(comparisonBreaches((await auscult.comparison()).pairs, base, tuned)).toEqual([]);
  await expect(auscult.page).toHaveTitle("org/base → org/tuned · Auscult");
});

test("an empty folder, other formats and a third model get their sentences", async ({ auscult }, info) => {
  const empty = info.outputPath("nothing in it");
  mkdirSync(empty, { recursive: true });
  const other = put(info.outputPath("other"), { "model.gguf": "GGUF" });
  await auscult.open();
  await auscult.dropPaths([empty, join(other, "model.gguf")]);
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("a")).toHaveText(/^nothing in it holds no files that the browser shows\. Drop a \.safe/);
  await expect(auscult.error("b")).toHaveText(/holds no safetensors, only weights in formats that cannot be read here/);
  await auscult.dropPaths([empty, other, info.outputPath(".")]);
  await expect(auscult.notices).toContainText("3 models were dropped, and two are compared at a time.");
});

test("files and folders can be picked from the keyboard", async ({ auscult, house }, info) => {
  const { base, tuned } = house.models;
  const a = put(info.outputPath("picked base"), shard(base, 2));
  const b = put(info.outputPath("files"), { "tuned.safetensors": writeSafetensors(tuned) });
  const { page } = auscult;
  await auscult.open();
  const pick = async (side: "A" | "B", what: string, path: string) => {
    // Listened for from the beginning: the key press is quicker than the wish to hear of it.
    const choice = page.waitForEvent("filechooser");
    await auscult.button(`Choose files of this computer for ${side}`).focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await expect(auscult.button(what)).toHaveCount(0);
    await page.keyboard.press("Enter");
    await expect(auscult.button(what)).toBeVisible();
    await page.keyboard.press("Tab");
    if (what === "Folder…") await page.keyboard.press("Tab");
    await expect(auscult.button(what)).toBeFocused();
    await page.keyboard.press("Enter");
    await (await choice).setFiles(path);
  };
  await pick("A", "Folder…", a);
  await pick("B", "Files…", join(b, "tuned.safetensors"));
  await expect(auscult.field("a")).toHaveValue("local:picked base");
  await expect(auscult.field("b")).toHaveValue("local:tuned.safetensors");
  await auscult.compare();
  await auscult.whenIdle();
  expect(comparisonBreaches((await auscult.comparison()).pairs, base, tuned)).toEqual([]);
});

test("a file that goes away in between gets a sentence", async ({ auscult, house, watch }, info) => {
  watch.expect(/ERR_(?:FILE_NOT_FOUND|UPLOAD_FILE_CHANGED)/);
  const { base } = house.models;
  const folder = put(info.outputPath("mine"), { "model.safetensors": writeSafetensors(base) });
  await auscult.open();
  await auscult.dropPaths([folder]);
  await expect(auscult.field("a")).toHaveValue("local:mine");
  put(folder, { "model.safetensors": "another" });
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("a")).toHaveText(/A dropped file cannot be read any more: .* Drop it again\./);
});
