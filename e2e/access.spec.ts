import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { GOOD_TOKEN } from "./fixtures/house.ts";
import { comparisonBreaches } from "./float64-oracle.ts";
import { tracesOf, wentToHubOnly } from "./token-traces.ts";

async function giveToken(auscult: AuscultPage, token: string, forGood = false): Promise<void> {
  await auscult.button("Access settings").click();
  await auscult.page.getByLabel("Read token").fill(token);
  await auscult.page.getByLabel("Keep it on this computer until I forget it").setChecked(forGood);
  await auscult.button("Keep").click();
}

test("a gated repo says what to set where; with the token it opens", async ({ auscult, hub, house, watch }) => {
  watch.expect(/401 \(Unauthorized\)/);
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs("org/base", "org/gated");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("b")).toContainText(
    /org\/gated is gated\. Accept its terms at .*\/org\/gated, then set a/,
  );
  // The listing is public, so what there is to read is known before.
  await expect(auscult.error("b")).toContainText(/There are [\d.]+ kB in one file to read then\.$/);
  await expect(auscult.error("b").getByRole("link")).toHaveAttribute("href", `${hub.origin}/org/gated`);
  await expect(auscult.error("a")).toHaveCount(0);

  await giveToken(auscult, GOOD_TOKEN);
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("b")).toHaveCount(0);
  const { pairs } = await auscult.comparison();
  expect(comparisonBreaches(pairs, house.models.base, house.models.tuned)).toEqual([]);
  expect(wentToHubOnly(hub, GOOD_TOKEN)).toBe(true);
  expect(await tracesOf(auscult, GOOD_TOKEN)).toEqual([]);
});

test("a token that opens nothing, or is not one, gets a sentence that does not repeat it", async ({
  auscult,
  hub,
  watch,
}) => {
  watch.expect(/401 \(Unauthorized\)|403 \(Forbidden\)/);
  await auscult.open({ hub: hub.origin });
  await giveToken(auscult, "hf_unknown_to_all");
  await auscult.typeRefs("org/base", "org/gated");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("b")).toContainText("does not accept the token that is set");
  expect(wentToHubOnly(hub, "hf_unknown_to_all")).toBe(true);
  expect(await tracesOf(auscult, "hf_unknown_to_all")).toEqual([]);
  // Kept again without typing, it is still there; forgotten, open repos open.
  await giveToken(auscult, "");
  await auscult.button("Access settings").click();
  await auscult.button("Forget the token").click();
  await expect(auscult.button("Forget the token")).toHaveCount(0);
  await auscult.button("Close").click();
  await auscult.typeRefs("org/base", "org/tuned");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
});

test("the browser's own storage forgets the token with the tab", async ({ auscult, hub, newTab, watch }) => {
  watch.expect(/401 \(Unauthorized\)/);
  await auscult.open({ hub: hub.origin });
  await giveToken(auscult, GOOD_TOKEN);
  await auscult.page.reload();
  await auscult.typeRefs("org/gated");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  const tab = await newTab();
  await tab.page.goto(auscult.page.url());
  await tab.whenIdle();
  await expect(tab.error("a")).toContainText("org/gated is gated");
});

test("a token for one Hub is not sent to another, nor to a plain host", async ({
  auscult,
  hub,
  house,
  newHub,
  watch,
}) => {
  watch.expect(/404 \(Not Found\)/);
  const other = await newHub(house.options);
  await auscult.open({ hub: hub.origin });
  await giveToken(auscult, GOOD_TOKEN);
  await auscult.typeRefs(other.plain("base"), "org/gated");
  await auscult.compare();
  await auscult.whenIdle();
  expect((await auscult.comparison()).pairs.length).toBe(house.models.base.length);
  expect(wentToHubOnly(hub, GOOD_TOKEN)).toBe(true);

  await auscult.button("Access settings").click();
  await auscult.page.getByRole("textbox", { name: /^Hub\b/ }).fill(other.origin);
  await auscult.button("Keep").click();
  await auscult.typeRefs("org/base", "org/tuned");
  await auscult.compare();
  await auscult.whenIdle();
  expect(other.log.some(({ url }) => url.includes("/org/base/resolve/"))).toBe(true);
  expect(wentToHubOnly(other, GOOD_TOKEN)).toBe(false);
});

test("a token is kept for the next visit only where that is asked for, and is gone when it is forgotten", async ({
  auscult,
  hub,
  watch,
}) => {
  watch.expect(/401 \(Unauthorized\)/);
  const { page } = auscult;
  /** What another visit in the same browser can open. */
  const visit = async () => {
    const tab = await page.context().newPage();
    await tab.goto(`${auscult.address}#v=1&a=org/gated&hub=${hub.origin}`);
    await tab.evaluate(() => window.auscult.whenIdle());
    const refused = await tab.locator("#error-a").count();
    await tab.close();
    return refused === 0;
  };
  await auscult.open({ hub: hub.origin });
  await giveToken(auscult, GOOD_TOKEN);
  expect(await visit()).toBe(false);
  await giveToken(auscult, GOOD_TOKEN, true);
  expect(await visit()).toBe(true);
  await auscult.button("Access settings").click();
  await expect(page.getByPlaceholder("one is kept on this computer; type to replace it")).toBeVisible();
  await auscult.button("Forget the token").click();
  await auscult.button("Close").click();
  expect(await visit()).toBe(false);
  expect(wentToHubOnly(hub, GOOD_TOKEN)).toBe(true);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(GOOD_TOKEN);
});
