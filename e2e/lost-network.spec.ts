import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { comparisonBreaches } from "./float64-oracle.ts";
import { openHalfway } from "./held-scan.ts";

const known = async (auscult: AuscultPage) => (await auscult.comparison()).pairs.filter(({ stats }) => stats !== null);

test("the network gone in mid-scan: it pauses, keeps everything, and goes on", async ({
  auscult,
  hub,
  house,
  watch,
}) => {
  watch.expect(/ERR_(?:EMPTY_RESPONSE|CONNECTION_\w+|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH|FAILED)/);
  await openHalfway(auscult, hub);
  const before = await known(auscult);
  hub.set({ down: true });
  await auscult.whenIdle();
  await expect(auscult.notices.getByRole("alert")).toContainText(
    /(?:could not be reached|broke off).*Everything read so far is kept\./,
  );
  const kept = await known(auscult);
  expect(kept.length).toBeGreaterThanOrEqual(before.length);
  const { pairs } = await auscult.comparison();
  expect(kept.length).toBeLessThan(pairs.length);
  for (const { name, stats } of before) expect(kept.find((pair) => pair.name === name)?.stats).toEqual(stats);

  // Still gone: it says so again.
  await auscult.notices.getByRole("button", { name: "Resume" }).click();
  await auscult.whenIdle();
  await expect(auscult.notices.getByRole("alert")).toContainText("Everything read so far is kept.");

  hub.set({ down: undefined, allowance: undefined });
  await auscult.notices.getByRole("button", { name: "Resume" }).click();
  await auscult.whenIdle();
  await expect(auscult.notices).toBeEmpty();
  expect(comparisonBreaches((await auscult.comparison()).pairs, house.long.base, house.long.tuned)).toEqual([]);
});

test("gone for a moment only, nobody is troubled with it", async ({ auscult, hub, house, watch }) => {
  watch.expect(/ERR_(?:EMPTY_RESPONSE|CONNECTION_\w+|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH|FAILED)/);
  await openHalfway(auscult, hub);
  hub.set({ down: true });
  hub.set({ down: undefined, allowance: undefined });
  await auscult.whenIdle();
  await expect(auscult.notices).toBeEmpty();
  expect(comparisonBreaches((await auscult.comparison()).pairs, house.long.base, house.long.tuned)).toEqual([]);
});

test("signed addresses that expire in mid-scan are asked for again, once a file", async ({
  auscult,
  hub,
  house,
  watch,
}) => {
  watch.expect(/403 \(Forbidden\)/);
  await openHalfway(auscult, hub);
  const { length } = hub.log;
  hub.expireLinks();
  hub.set({ allowance: undefined });
  await auscult.whenIdle();
  await expect(auscult.notices).toBeEmpty();
  expect(comparisonBreaches((await auscult.comparison()).pairs, house.long.base, house.long.tuned)).toEqual([]);
  const later = hub.log.slice(length);
  expect(later.some(({ server, status }) => server === "cdn" && status === 403)).toBe(true);
  expect(later.filter(({ server, url }) => server === "hub" && url.includes("/resolve/")).length).toBe(2);
});

test("signed addresses that are about to expire are renewed before they do", async ({ auscult, hub, house }) => {
  hub.set({ linkLifetime: 59 });
  await auscult.open({ hub: hub.origin, a: "org/long-base", b: "org/long-tuned" });
  await auscult.whenIdle();
  expect(hub.log.filter(({ status }) => status === 403)).toEqual([]);
  expect(hub.log.filter(({ url }) => url.includes("/resolve/")).length).toBeGreaterThan(2);
  expect(comparisonBreaches((await auscult.comparison()).pairs, house.long.base, house.long.tuned)).toEqual([]);
});

test("a file that is replaced in mid-scan ends it with a sentence", async ({ auscult, hub }) => {
  await openHalfway(auscult, hub);
  hub.set({ changeEtag: true, allowance: undefined });
  await auscult.whenIdle();
  await expect(auscult.notices.getByRole("alert")).toContainText(/has changed since its header was read\. Open/);
  expect((await known(auscult)).length).toBeGreaterThan(0);
  hub.set({ changeEtag: undefined });
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.notices).toBeEmpty();
  await expect(auscult.exactCells).toHaveCount(28);
});
