import { expect, test } from "./auscult-test.ts";
import type { FixtureTensor } from "./fixtures/write-safetensors.ts";
import { HEADERS, openHalfway } from "./held-scan.ts";
import type { LogEntry } from "./server/request-log.ts";

const FIRST_READ = "bytes=0-262143";
const weightOf = (model: readonly FixtureTensor[]) => model.reduce((sum, { data }) => sum + data.length, 0);
const path = ({ url }: LogEntry) => url.split("?")[0];
const tally = (entries: readonly LogEntry[]) => {
  const counts: Record<string, number> = {};
  for (const entry of entries) counts[path(entry)] = (counts[path(entry)] ?? 0) + 1;
  return counts;
};

test("a scan asks for no more than it needs", async ({ auscult, hub, house }) => {
  await auscult.open({ hub: hub.origin, a: "org/long-base-sharded", b: "org/long-tuned" });
  await auscult.whenIdle();
  await hub.whenQuiet();
  const [base, tuned] = [hub.commit("org/long-base-sharded"), hub.commit("org/long-tuned")];
  const shards = [1, 2, 3].map((n) => `model-0000${n}-of-00003.safetensors`);
  const ofHub = hub.log.filter(({ server }) => server === "hub");
  const ofCdn = hub.log.filter(({ server }) => server === "cdn");

  // The Hub: revision, one listing, the index, and every weights file resolved once.
  const index = "model.safetensors.index.json";
  expect(tally(ofHub)).toEqual({
    "/api/models/org/long-base-sharded/revision/main": 1,
    "/api/models/org/long-tuned/revision/main": 1,
    [`/api/models/org/long-base-sharded/tree/${base}`]: 1,
    [`/api/models/org/long-tuned/tree/${tuned}`]: 1,
    [`/org/long-base-sharded/resolve/${base}/${index}`]: 1,
    [`/api/resolve-cache/models/org/long-base-sharded/${base}/${index}`]: 1,
    ...Object.fromEntries(shards.map((shard) => [`/org/long-base-sharded/resolve/${base}/${shard}`, 1])),
    [`/org/long-tuned/resolve/${tuned}/model.safetensors`]: 1,
  });

  // The CDN: at most two header reads a file, then the weights and hardly anything else.
  const headers = ofCdn.filter(({ range }) => range === FIRST_READ);
  expect(Object.values(tally(headers)).every((count) => count <= 2)).toBe(true);
  expect(Object.keys(tally(headers)).length).toBe(4);
  const weights = ofCdn.filter(({ range }) => range !== FIRST_READ);
  const read = weights.reduce((sum, { bytes }) => sum + bytes, 0);
  const planned = weightOf(house.long.base) + weightOf(house.long.tuned);
  expect(read).toBeGreaterThanOrEqual(planned);
  expect(read).toBeLessThanOrEqual(planned * 1.02);
  expect(headers.reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(4 * 262_144);

  // Only what browsers send without asking first, to nobody's knowledge of where it came from.
  expect(hub.log.filter(({ method }) => method !== "GET")).toEqual([]);
  expect(ofCdn.filter(({ range }) => !/^bytes=\d+-\d+$/.test(range ?? ""))).toEqual([]);
  expect(hub.log.filter(({ headers: { referer, cookie } }) => referer !== undefined || cookie !== undefined)).toEqual(
    [],
  );
  expect(new Set(ofCdn.map(({ status }) => status))).toEqual(new Set([206]));
});

test("pinned operands are not looked up again", async ({ auscult, hub }) => {
  const pinned = (repo: string) => `${repo}@${hub.commit(repo)}`;
  await auscult.open({ hub: hub.origin, a: pinned("org/base"), b: pinned("org/tuned") });
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  expect(hub.log.filter(({ url }) => url.includes("/revision/"))).toEqual([]);
});

test("what the person looks at is read first", async ({ auscult, hub }) => {
  // Two workers, on any machine: more would have more than those four under way at once.
  await auscult.page.addInitScript(() => Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 }));
  // After the headers no more bytes than the four matrices of that module have.
  hub.set({ allowance: HEADERS + 2 * 4 * 128 * 256 * 2 });
  await auscult.open({ hub: hub.origin, a: "org/long-base", b: "org/long-tuned", module: "down_proj" });
  await expect(auscult.exactCells).not.toHaveCount(0);
  const first = await auscult.exactCells.evaluateAll((cells) => cells.map((cell) => cell.getAttribute("aria-label")));
  expect(first.every((label) => label?.includes("down_proj"))).toBe(true);
  hub.set({ allowance: undefined });
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(28);
});

test("progress is told in bytes, tensors and time, and ends", async ({ auscult, hub }) => {
  await openHalfway(auscult, hub);
  await expect(auscult.progress).toContainText(/A [\d.]+ k?M?B of 1\.44 MB · B [\d.]+ k?M?B of 1\.44 MB/);
  await expect(auscult.progress).toContainText(/[\d.]+ [kM]?B\/s · .+ left · \d+ of 39 tensors exact/);
  await expect(auscult.progress).toContainText(/model\.layers\.\d|embed_tokens|lm_head/);
  await expect(auscult.progress.getByRole("progressbar")).not.toHaveAttribute("aria-valuenow", "0");
  await expect(auscult.page).toHaveTitle(/^\d+ % · org\/long-base → org\/long-tuned · Auscult$/);
  hub.set({ allowance: undefined });
  await auscult.whenIdle();
  await expect(auscult.progress).toContainText(/^2.89 MB read/);
  await expect(auscult.progress).toContainText("39 of 39 tensors exact");
  await expect(auscult.progress.getByRole("progressbar")).toHaveAttribute("aria-valuenow", "100");
  await expect(auscult.page).toHaveTitle("org/long-base → org/long-tuned · Auscult");
});
