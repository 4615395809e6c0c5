import { expect, test } from "./auscult-test.ts";

const WORDS = "identical (same file on both sides, not downloaded)";

test("files of one hash are not downloaded, and ‖A‖ is read when asked for", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/base" });
  await auscult.whenIdle();
  const { pairs } = await auscult.comparison();
  expect(pairs.every(({ identical, stats, coverage }) => identical && stats === null && coverage === 1)).toBe(true);
  await expect(auscult.headline).toContainText("Nothing changed");
  await expect(auscult.page.getByRole("gridcell", { name: WORDS })).toHaveCount(await auscult.cells.count());
  const before = hub.log.length;

  await auscult.cell("o_proj", 1).click();
  await expect(auscult.inspector).toContainText(WORDS);
  await expect(auscult.number("‖Δ‖ / ‖A‖")).toHaveText(/^0/);
  await expect(auscult.number("‖A‖")).toHaveText(/not read/);
  await auscult.button(/^Read ‖A‖ \(/).click();
  await auscult.whenIdle();
  await expect(auscult.number("‖A‖")).toHaveText(/^\d/);
  expect(hub.log.length).toBeGreaterThan(before);
  await auscult.expectNoGarbage();
});
