import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { type FixtureTensor, writeSafetensors } from "./fixtures/write-safetensors.ts";
import { comparisonBreaches } from "./float64-oracle.ts";
import { HEADERS, openHalfway } from "./held-scan.ts";
import type { HubServer } from "./server/hub-server.ts";
import { shownBytes } from "./shown-number.ts";

/** Presses a button while the line holds every body back: what is quiet then was ended by the page. */
async function endEveryFetch(auscult: AuscultPage, hub: HubServer, button: string): Promise<void> {
  await hub.whenDry();
  const open = hub.log.filter(({ end }) => end === "open");
  await auscult.progress.getByRole("button", { name: button }).click();
  await hub.whenQuiet();
  expect(open.filter(({ end }) => end === "aborted").length).toBeGreaterThan(0);
}

/** How long what is drawn in the heatmap takes to move or to change its colour, in seconds: the longest of all. */
const heatmapMotion = (auscult: AuscultPage): Promise<number> =>
  auscult.page
    .locator(".heatmap *")
    .evaluateAll((all) =>
      Math.max(...all.flatMap((one) => getComputedStyle(one).transitionDuration.split(",").map(Number.parseFloat))),
    );

const exactNames = async (auscult: AuscultPage): Promise<string[]> =>
  (await auscult.comparison()).pairs.filter(({ coverage }) => coverage === 1).map(({ name }) => name);

test("a pause ends every fetch at once and loses nothing; resumed, the numbers are the same", async ({
  auscult,
  hub,
  house,
}) => {
  await openHalfway(auscult, hub);
  await expect(auscult.page).toHaveTitle(/^[1-9]\d? % · org\/long-base → org\/long-tuned/);
  await endEveryFetch(auscult, hub, "Pause");
  // And again, with nothing more to be had in between.
  await auscult.progress.getByRole("button", { name: "Resume" }).click();
  await endEveryFetch(auscult, hub, "Pause");
  await auscult.whenIdle();
  await expect(auscult.page).toHaveTitle(/^org\/long-base/);
  const kept = await exactNames(auscult);
  const { length } = hub.log;
  expect(kept.length).toBeGreaterThan(0);
  await expect(auscult.headline).toContainText(/so far|Nothing read yet/);
  // What a broken-off fetch had brought is not counted: it will come again.
  const keptOf = (model: readonly FixtureTensor[]) =>
    model.filter(({ name }) => kept.includes(name)).reduce((sum, { data }) => sum + data.length, 0);
  const [, doneA = "", doneB = ""] =
    /A (.+?) of .* · B (.+?) of /.exec((await auscult.progress.textContent()) ?? "") ?? [];
  for (const [shown, model] of [
    [doneA, house.long.base],
    [doneB, house.long.tuned],
  ] as const) {
    const { value, room } = shownBytes(shown);
    expect(Math.abs(value - keptOf(model)), `shown as ${shown}`).toBeLessThanOrEqual(room);
  }

  hub.set({ allowance: undefined });
  await auscult.progress.getByRole("button", { name: "Resume" }).click();
  await auscult.whenIdle();
  const { pairs } = await auscult.comparison();
  expect(comparisonBreaches(pairs, house.long.base, house.long.tuned)).toEqual([]);
  expect(kept.length).toBeLessThan(pairs.length);
  // What was read before the pause is not read again.
  const again = hub.log.slice(length).reduce((sum, { bytes }) => sum + bytes, 0);
  const whole = [...house.long.base, ...house.long.tuned].reduce((sum, { data }) => sum + data.length, 0);
  expect(again).toBe(whole - keptOf(house.long.base) - keptOf(house.long.tuned));
  await expect(auscult.headline).not.toContainText("so far");
});

test("Stop ends every fetch and keeps the picture; Compare begins again", async ({ auscult, hub, house }) => {
  await auscult.page.emulateMedia({ reducedMotion: "no-preference" });
  await openHalfway(auscult, hub);
  // What moves keeps the page painting, on cores that the scan needs.
  expect(await heatmapMotion(auscult)).toBe(0);
  await endEveryFetch(auscult, hub, "Stop");
  await auscult.whenIdle();
  expect(await heatmapMotion(auscult)).toBeGreaterThan(0);
  const kept = await exactNames(auscult);
  expect(kept.length).toBeGreaterThan(0);
  await expect(auscult.exactCells).not.toHaveCount(0);
  await expect(auscult.notices).toContainText("Stopped");
  hub.set({ allowance: undefined });
  await auscult.compare();
  await auscult.whenIdle();
  const { pairs } = await auscult.comparison();
  expect(comparisonBreaches(pairs, house.long.base, house.long.tuned)).toEqual([]);
});

test("a new comparison ends the one that runs, and hears nothing more of it", async ({ auscult, hub, house }) => {
  await openHalfway(auscult, hub);
  const old = [...hub.log];
  await auscult.typeRefs("org/base", "org/tuned");
  await auscult.compare();
  // The line gives nothing, so this is the page's doing.
  await expect.poll(() => old.filter(({ end }) => end === "open")).toEqual([]);
  expect(old.filter(({ end }) => end === "aborted").length).toBeGreaterThan(0);
  hub.set({ allowance: undefined });
  await auscult.whenIdle();
  const comparison = await auscult.comparison();
  expect(comparison.a.ref).toContain("org/base@");
  expect(comparisonBreaches(comparison.pairs, house.models.base, house.models.tuned)).toEqual([]);
  await expect(auscult.cells).toHaveCount(21);
  await expect(auscult.exactCells).toHaveCount(21);
  await expect(auscult.page).toHaveTitle(/^org\/base → org\/tuned/);
});

test("cancelled while the headers are read, the page is as it was", async ({ auscult, hub }) => {
  hub.set({ allowance: 0 });
  await auscult.open({ hub: hub.origin, a: "org/long-base", b: "org/long-tuned" });
  await auscult.button("Cancel").click();
  await auscult.whenIdle();
  await hub.whenQuiet();
  await expect(auscult.button("Look at the demo")).toBeVisible();
  await expect(auscult.field("a")).toHaveValue("org/long-base");
  hub.set({ allowance: undefined });
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(28);
});

/** Two folders that hold the same 1.05 GB of zeros, of which no page is ever touched. */
function hugePair() {
  const count = 525_000_000;
  const empty = { name: "model.layers.0.mlp.down_proj.weight", dtype: "BF16", shape: [count], data: new Uint8Array(0) };
  const header = new TextDecoder().decode(writeSafetensors([empty]).subarray(8)).trimEnd();
  const json = header.replace("[0,0]", `[0,${count * 2}]`).padEnd(256, " ");
  const file = new Uint8Array(8 + json.length + count * 2);
  new DataView(file.buffer).setBigUint64(0, BigInt(json.length), true);
  file.set(new TextEncoder().encode(json), 8);
  return { plain: { base: { files: { "model.safetensors": file } }, tuned: { files: { "model.safetensors": file } } } };
}

test("a scan of more than 2 GB says what it takes and waits for a click", async ({ auscult, newHub, watch }) => {
  watch.expect(/404 \(Not Found\)/);
  const huge = await newHub(hugePair());
  await auscult.open({ a: huge.plain("base"), b: huge.plain("tuned") });
  await auscult.whenIdle();
  await expect(auscult.notices).toContainText(/2\.10 GB to read in about \d+ requests: about .*(?:s|min)\b/);
  await huge.whenQuiet();
  const read = huge.log.reduce((sum, { bytes }) => sum + bytes, 0);
  expect(read).toBeLessThan(1_000_000);
  huge.set({ allowance: 0 });
  await auscult.button("Start the scan").click();
  await expect(auscult.page).toHaveTitle(/^0 % /);
  await auscult.progress.getByRole("button", { name: "Stop" }).click();
  await huge.whenQuiet();
  await auscult.whenIdle();
});

test("scan=exact starts a large scan at once on this machine", async ({ auscult, newHub, watch }) => {
  watch.expect(/404 \(Not Found\)/);
  const huge = await newHub({ ...hugePair(), allowance: HEADERS });
  await auscult.open({ a: huge.plain("base"), b: huge.plain("tuned"), scan: "exact" });
  await expect(auscult.page).toHaveTitle(/^0 % /);
  await expect(auscult.progress.getByRole("button", { name: "Pause" })).toBeVisible();
  await auscult.progress.getByRole("button", { name: "Stop" }).click();
  await auscult.whenIdle();
});

for (const [what, link] of [
  ["folder", { a: "https://files.example.invalid/model/", b: "demo:tuned" }],
  ["Hub", { hub: "https://hub.example.invalid", a: "org/base", b: "demo:tuned" }],
] as const) {
  test(`a link to a foreign ${what} asks first and sends nothing`, async ({ auscult, watch }) => {
    watch.expect(/ERR_NAME_NOT_RESOLVED|ERR_INTERNET_DISCONNECTED|ERR_TUNNEL|ERR_PROXY/);
    const sent: string[] = [];
    auscult.page.context().on("request", (request) => {
      if (request.url().includes("invalid")) sent.push(request.url());
    });
    await auscult.open(link);
    await auscult.whenIdle();
    await expect(auscult.notices).toContainText(`${what === "Hub" ? "hub" : "files"}.example.invalid`);
    expect(sent).toEqual([]);
    await auscult.button("Connect").click();
    await auscult.whenIdle();
    expect(sent.length).toBeGreaterThan(0);
    await expect(auscult.error("a")).toContainText("could not be reached");
  });
}
