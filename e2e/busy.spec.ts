import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { comparisonBreaches } from "./float64-oracle.ts";
import { openHalfway } from "./held-scan.ts";

/** 15 seconds or more. */
const LONG = /in (?:1[5-9] s|[2-9]\d s|\d+ min \d+ s)$/;

/** From now on the page, but not its workers, finds it as late as it is now: what it counts down to does not come nearer. */
const stopClock = ({ page }: AuscultPage) => page.clock.setFixedTime(Date.now());

test("a busy Hub is waited for, with the seconds that it takes, and can be asked at once", async ({
  auscult,
  hub,
  watch,
}) => {
  watch.expect(/429 \(Too Many Requests\)/);
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs("org/base", "org/tuned");
  hub.set({ busy: 1000 });
  await auscult.compare();
  const note = auscult.page.getByText(/^127\.0\.0\.1:\d+ is busy; trying again in (?:\d+ s|\d+ min \d+ s)$/);
  await expect(note).toBeVisible();
  await expect(auscult.page.getByText("Reading headers…")).toBeVisible();
  const refused = () => hub.log.filter(({ status }) => status === 429).length;
  // Of either request the second wait is of 15 seconds at least, and ends so long after this.
  await stopClock(auscult);
  const before = refused();
  await auscult.button("Try now").click();
  await expect.poll(refused).toBeGreaterThan(before);
  await expect(note).toHaveText(LONG);
  hub.set({ busy: undefined });
  const all = refused();
  // Nobody has to sit through it.
  await auscult.button("Try now").click();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  await expect(note).toHaveCount(0);
  expect(refused()).toBe(all);
});

test("a CDN that is busy in mid-scan is waited for, as is one that says so without CORS headers", async ({
  auscult,
  hub,
  house,
  watch,
}) => {
  watch.expect(/503 \(Service Unavailable\)|CORS policy|ERR_FAILED/);
  await openHalfway(auscult, hub);
  hub.set({ only: /xet-bridge/, busy: 1000, busyStatus: 503, allowance: undefined });
  const note = auscult.page.getByText(/is busy; trying again in /);
  await expect(note).toBeVisible();
  await stopClock(auscult);
  await auscult.button("Try now").click();
  await expect(note).toHaveText(LONG);
  hub.set({ noCors: true, busy: 1000 });
  const refused = () => hub.log.filter(({ status }) => status === 503).length;
  const before = refused();
  await stopClock(auscult);
  await auscult.button("Try now").click();
  // The wait that is seen is a new one, not what is left of the one before.
  await expect.poll(refused).toBeGreaterThan(before);
  await expect(note).toHaveText(LONG);
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
