import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { barriers } from "./barriers.ts";

const methods = ({ page }: AuscultPage) => page.getByRole("link", { name: "Methods", exact: true });
const hash = ({ page }: AuscultPage) => new URL(page.url()).hash;
const title = ({ page }: AuscultPage) => page.getByRole("heading", { level: 1, name: "Methods" });

test("before any comparison the Methods are one link away, and Back leads to what was typed", async ({ auscult }) => {
  const { page } = auscult;
  await auscult.open();
  await auscult.whenIdle();
  await auscult.typeRefs("org/somewhere");
  await methods(auscult).click();
  await auscult.whenIdle();
  await expect(title(auscult)).toBeVisible();
  expect(hash(auscult)).toBe("#v=1&page=methods");
  await expect(page).toHaveTitle("Methods · Auscult");
  await expect(auscult.button("Look at the demo")).toHaveCount(0);
  await page.goBack();
  await expect(auscult.button("Look at the demo")).toBeVisible();
  expect(hash(auscult)).toBe("");
  await expect(auscult.field("a")).toHaveValue("org/somewhere");
  await page.goForward();
  await expect(title(auscult)).toBeVisible();
  await auscult.button("Back to the start").click();
  await expect(auscult.button("Look at the demo")).toBeVisible();
});

test("the address opens them in another tab, and a comparison begun there is shown", async ({ auscult }) => {
  await auscult.open({ page: "methods" });
  await auscult.whenIdle();
  await expect(title(auscult)).toBeVisible();
  // The widths and thresholds are those that the page computes with.
  await expect(auscult.page.getByText(/at least 10(?:\.0)?\s% of the lower peak deep/)).toBeVisible();
  await auscult.typeRefs("demo:base", "demo:tuned");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(7 * 8);
  expect(hash(auscult)).toBe("#v=1&a=demo:base&b=demo:tuned");
});

test("beside a comparison they keep it, and its view", async ({ auscult }) => {
  await auscult.open({ a: "demo:base", b: "demo:tuned", metric: "changed" });
  const picture = await auscult.picture();
  await methods(auscult).click();
  await auscult.whenIdle();
  await expect(title(auscult)).toBeVisible();
  expect(hash(auscult)).toBe("#v=1&a=demo:base&b=demo:tuned&page=methods&metric=changed");
  await auscult.button("Back to the comparison").click();
  expect(await auscult.picture()).toEqual(picture);
  await auscult.page.goBack();
  await expect(title(auscult)).toBeVisible();
  await auscult.page.goBack();
  expect(await auscult.picture()).toEqual(picture);
});

test("the keyboard leads past the controls and to each part", async ({ auscult }) => {
  const { page } = auscult;
  await auscult.open({ page: "methods" });
  await auscult.whenIdle();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  expect(hash(auscult)).toBe("#v=1&page=methods");
  const parts = page.getByRole("navigation", { name: "On this page" }).getByRole("button");
  const names = await parts.allTextContents();
  expect(names).toEqual(await page.getByRole("main").getByRole("heading", { level: 2 }).allTextContents());
  await parts.last().press("Enter");
  await expect(page.getByRole("heading", { name: names.at(-1) })).toBeFocused();
  await expect(page.getByRole("heading", { name: names.at(-1) })).toBeInViewport();
  expect(hash(auscult)).toBe("#v=1&page=methods");
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`they bar nobody's way and fit a phone, ${colorScheme}`, async ({ auscult }) => {
    const { page } = auscult;
    await page.emulateMedia({ colorScheme });
    await auscult.open({ page: "methods" });
    await auscult.whenIdle();
    expect(await barriers(page, { scheme: colorScheme })).toEqual([]);
    const lines = await page.locator("main article p").evaluateAll((all) => all.map(({ clientWidth }) => clientWidth));
    expect(Math.max(...lines)).toBeLessThan(680);
    await page.setViewportSize({ width: 320, height: 640 });
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(tooWide).toBeLessThanOrEqual(0);
  });
}
