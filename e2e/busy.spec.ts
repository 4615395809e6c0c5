import { expect, test } from "./auscult-test.ts";
import { comparisonBreaches } from "./float64-oracle.ts";

test("a busy Hub is waited for, with the seconds that it takes, and can be asked at once", async ({
  auscult,
  hub,
  watch,
}) => {
  watch.expect(/429 \(Too Many Requests\)/);
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs("org/base", "org/tuned");
  hub.set({ busy: 4 });
  await auscult.compare();
  const note = auscult.page.getByText(/^127\.0\.0\.1:\d+ is busy; trying again in \d+ s$/);
  await expect(note).toBeVisible();
  await expect(auscult.page.getByText("Reading headers…")).toBeVisible();
  // The second wait is of 15 seconds at least; nobody has to sit through it.
  await expect(note).toContainText(/in (?:1\d|2\d|30) s$/);
  const before = hub.log.length;
  await auscult.button("Try now").click();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  await expect(note).toHaveCount(0);
  expect(before).toBe(4);
  expect(hub.log.filter(({ status }) => status === 429)).toHaveLength(4);
});

test("a CDN that is busy in mid-scan is waited for, as is one that says so without CORS headers", async ({
  auscult,
  hub,
  house,
  watch,
}) => {
  watch.expect(/503 \(Service Unavailable\)|CORS policy|ERR_FAILED/);
  hub.set({ pace: 1_000_000 });
  await auscult.open({ hub: hub.origin, a: "org/long-base", b: "org/long-tuned" });
  await expect(auscult.exactCells).not.toHaveCount(0);
  hub.set({ only: /xet-bridge/, busy: 1000, busyStatus: 503, pace: undefined });
  const note = auscult.page.getByText(/is busy; trying again in (?:\d\d s|\d min \d+ s)$/);
  await expect(note).toBeVisible({ timeout: 20_000 });
  hub.set({ noCors: true, busy: 1000 });
  const refused = () => hub.log.filter(({ status }) => status === 503).length;
  const before = refused();
  await auscult.button("Try now").click();
  // The wait that is seen is a new one, not what is left of the one before.
  await expect.poll(refused).toBeGreaterThan(before);
  await expect(note).toBeVisible();
  hub.set({ noCors: undefined, busy: undefined, busyStatus: undefined, only: undefined });
  await auscult.button("Try now").click();
  await auscult.whenIdle();
  await expect(auscult.notices).toBeEmpty();
  await expect(note).toHaveCount(0);
  expect(comparisonBreaches((await auscult.comparison()).pairs, house.long.base, house.long.tuned)).toEqual([]);
});

test("what is waited for can be stopped", async ({ auscult, hub, watch }) => {
  watch.expect(/429 \(Too Many Requests\)/);
  await auscult.open({ hub: hub.origin });
  hub.set({ busy: 1000 });
  await auscult.typeRefs("org/base", "org/tuned");
  await auscult.compare();
  await expect(auscult.page.getByText(/is busy; trying again in/)).toBeVisible();
  await auscult.button("Cancel").click();
  await auscult.whenIdle();
  await expect(auscult.page.getByText(/is busy; trying again in/)).toHaveCount(0);
});
