import { expect, test } from "./auscult-test.ts";

test("one model alone offers its base", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs("org/carded");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.notices).toContainText("org/carded was made from org/base, says its model card.");
  // The card came with the answer about the repo.
  expect(hub.log.filter(({ url }) => url.includes("org/base"))).toEqual([]);
  await auscult.button("Compare with its base, org/base").click();
  await auscult.whenIdle();
  await expect(auscult.field("a")).toHaveValue("org/base");
  await expect(auscult.field("b")).toHaveValue("org/carded");
  await expect(auscult.exactCells).toHaveCount(21);
  await expect(auscult.notices).toBeEmpty();
});

test("pairs that were compared are one click away in the next visit, until they are forgotten", async ({
  auscult,
  hub,
}) => {
  const { page } = auscult;
  const visit = async () => {
    await page.goto("about:blank");
    await auscult.open();
    await auscult.whenIdle();
  };
  const recent = page.getByRole("region", { name: "Compared here before" });
  await auscult.open({ hub: hub.origin });
  await expect(recent).toHaveCount(0);
  for (const b of ["org/tuned", "org/tuned-f16", "org/tuned"]) {
    await auscult.typeRefs("org/base", b);
    await auscult.compare();
    await auscult.whenIdle();
  }
  await visit();
  await expect(recent.getByRole("listitem")).toHaveText([
    /org\/base.*org\/tunedon 127\.0\.0\.1/,
    /org\/base.*org\/tuned-f16on 127\.0\.0\.1/,
  ]);
  hub.log.length = 0;
  await recent.getByRole("button", { name: /org\/tuned-f16/ }).click();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  expect(new URL(page.url()).hash).toContain(`hub=${hub.origin}`);

  await visit();
  await expect(recent.getByRole("listitem").first()).toContainText("org/tuned-f16");
  await auscult.button("Forget them").click();
  await expect(recent).toHaveCount(0);
  await visit();
  await expect(recent).toHaveCount(0);
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});
