import { expect, test } from "./auscult-test.ts";
import { comparisonBreaches } from "./float64-oracle.ts";

test("two models without a name in common are paired by a rule, and opened once", async ({ auscult, hub, house }) => {
  const { base } = house.models;
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs("org/other", "org/base");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("b")).toContainText("have no tensor name in common");
  await auscult.page.getByLabel("Rename in B").fill("nonsense");
  await auscult.button("Pair again").click();
  await expect(auscult.page.locator("#rename-error")).toHaveText(
    '"nonsense" is no rename rule. Write a pattern, =>, and what takes its place, such as ^decoder\\. => model.',
  );
  await auscult.page.getByLabel("Rename in B").fill("( => x");
  await auscult.button("Pair again").click();
  await expect(auscult.page.locator("#rename-error")).toHaveText(/The pattern of the rename rule cannot be read/);

  await auscult.typeRefs("org/renamed", "org/base");
  await auscult.compare();
  await auscult.whenIdle();
  hub.log.length = 0;
  await expect(auscult.page.getByLabel("Rename in B")).toHaveValue("");
  await auscult.page.getByLabel("Rename in B").fill("^ => net.");
  await auscult.button("Pair again").click();
  await auscult.whenIdle();
  const { pairs, unpaired } = await auscult.comparison();
  expect([pairs.length, unpaired]).toEqual([base.length, []]);
  // Nothing but weights was asked for, and those of the Hub's own at their signed addresses.
  expect(hub.log.filter(({ server }) => server === "hub")).toEqual([]);
});

test("a rule in the link pairs what has other names", async ({ auscult, hub, house }) => {
  const { base, tuned } = house.models;
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/part-renamed", rename: "layers\\.one\\. => layers.1." });
  await auscult.whenIdle();
  const { pairs, unpaired, rename } = await auscult.comparison();
  expect([unpaired, rename]).toEqual([[], "layers\\.one\\. => layers.1."]);
  const named = pairs.map((pair) => ({ ...pair, nameB: pair.name }));
  expect(comparisonBreaches(named, base, tuned)).toEqual([]);
  expect(new URL(auscult.page.url()).hash).toContain("rename=layers%5C.one%5C.%20%3D%3E%20layers.1.");
  // Taken back, there are tensors without a partner; the step back brings the rule again.
  await auscult.page.getByLabel("Rename in B").fill("");
  await auscult.button("Pair again").click();
  await auscult.whenIdle();
  expect((await auscult.comparison()).unpaired.length).toBeGreaterThan(0);
  expect(new URL(auscult.page.url()).hash).not.toContain("rename=");
  await auscult.page.goBack();
  await auscult.whenIdle();
  expect((await auscult.comparison()).unpaired).toEqual([]);
});

test("a rule in the link that cannot be read is named, and the rest opens", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", rename: "no rule" });
  await auscult.whenIdle();
  await expect(auscult.notices).toContainText('"no rule" is no rename rule. Write a pattern, =>, and what takes');
  await expect(auscult.exactCells).toHaveCount(21);
});
