import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";

// Colours fade in and bars glide here, and what is idle has arrived all the same.
test.use({ contextOptions: { reducedMotion: "no-preference" } });

const link = (auscult: AuscultPage) => new URLSearchParams(new URL(auscult.page.url()).hash.slice(1));

test("the address pins both operands and makes no step of it", async ({ hub, newTab }) => {
  const auscult = await newTab();
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  expect(link(auscult).get("a")).toBe(`org/base@${hub.commit("org/base")}`);
  expect(link(auscult).get("b")).toMatch(/^org\/tuned@[\da-f]{40}$/);
  expect(link(auscult).get("hub")).toBe(hub.origin);
  // about:blank, then the page.
  expect(await auscult.page.evaluate(() => history.length)).toBe(2);
});

test("the whole view comes back from its address in another tab", async ({ auscult, hub, newTab }) => {
  const { page } = auscult;
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  await auscult.choose("Parameters", "biases");
  await auscult.choose("Measure", "k − 1");
  await auscult.cell("v_proj.bias", 1).click();
  await auscult.choose("Denominator", "Δ / a");
  await auscult.choose("Beyond ±1", "dropped");
  await page.getByRole("checkbox", { name: "without unchanged" }).check();
  await page.getByRole("checkbox", { name: "log" }).check();
  await page.getByRole("combobox", { name: "Layers drawn" }).selectOption("2");
  await page.getByRole("searchbox", { name: "Find tensors" }).fill("layers.1 proj");
  await page.getByRole("columnheader", { name: "‖Δ‖ / ‖A‖" }).getByRole("button").click();
  const picture = await auscult.picture();
  expect(picture.table.length).toBeGreaterThan(5);
  expect(picture.headings.join()).toContain("every 2nd layer");
  expect(picture.inspector).toContain("Layer 1 · v_proj.bias");

  const tab = await newTab();
  await tab.page.goto(page.url());
  expect(await tab.picture()).toEqual(picture);
  expect(tab.page.url()).toBe(page.url());
  expect(Object.fromEntries(link(tab))).toMatchObject({
    ...{ v: "1", hub: hub.origin, metric: "rescale", group: "bias", denominator: "signed", beyond: "drop" },
    ...{ unchanged: "hide", log: "1", every: "2", find: "layers.1 proj", sort: "-relative" },
  });
});

test("Back and Forward step through the views, without reading anything again", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  const steps: (() => Promise<void>)[] = [
    () => auscult.choose("Measure", "changed"),
    () => auscult.cell("gate_proj", 0).click(),
    () => auscult.row("k_proj").click(),
    () => auscult.choose("Parameters", "norms"),
    () => auscult.choose("Denominator", "Δ / |a|"),
  ];
  const pictures = [await auscult.picture()];
  for (const step of steps) {
    await step();
    pictures.push(await auscult.picture());
  }
  expect(new Set(pictures.map((picture) => JSON.stringify(picture))).size).toBe(pictures.length);
  const { length } = hub.log;
  for (const earlier of pictures.slice(0, -1).reverse()) {
    await auscult.page.goBack();
    expect(await auscult.picture()).toEqual(earlier);
    expect(link(auscult).get("hub")).toBe(hub.origin);
  }
  for (const later of pictures.slice(1)) {
    await auscult.page.goForward();
    expect(await auscult.picture()).toEqual(later);
  }
  expect(hub.log.length).toBe(length);
});

test("Back leads to the comparison before, and Forward to the one after", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  const first = await auscult.picture();
  await auscult.typeRefs("org/wide-base", "org/wide-tuned");
  await auscult.compare();
  const second = await auscult.picture();
  expect(second.cells).not.toEqual(first.cells);
  await auscult.page.goBack();
  expect(await auscult.picture()).toEqual(first);
  await auscult.page.goForward();
  expect(await auscult.picture()).toEqual(second);
  await expect(auscult.field("a")).toHaveValue("org/wide-base");
});

test("Back from the first comparison leads to the first screen", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs("org/base", "org/tuned");
  await auscult.compare();
  const picture = await auscult.picture();
  await auscult.page.goBack();
  await auscult.whenIdle();
  await expect(auscult.button("Look at the demo")).toBeVisible();
  await expect(auscult.cells).toHaveCount(0);
  await expect(auscult.page).toHaveTitle("Auscult");
  await auscult.page.goForward();
  expect(await auscult.picture()).toEqual(picture);
});

test("a link with parts that the page does not know opens the rest and says so", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", metric: "splendour", group: "norm", more: "x" });
  await auscult.whenIdle();
  await expect(auscult.notices).toContainText("metric=splendour");
  await expect(auscult.cells).toHaveCount(6);
  await auscult.button("Dismiss").click();
  await expect(auscult.notices).toBeEmpty();
});

test("a view of what the pair does not have gives way to one that it has", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", group: "bias", cell: "q_proj.bias@2" });
  await auscult.whenIdle();
  await expect(auscult.cells).toHaveCount(9);
  await expect(auscult.inspector.getByRole("heading")).toHaveText("Layer 2 · q_proj.bias");
  // One layer of matrices and nothing else.
  await auscult.typeRefs("org/wide-base", "org/wide-tuned");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(7);
  await expect(auscult.inspector.getByRole("heading")).toHaveText(/^Layer 0 · /);
});

test("Share puts the address on the clipboard", async ({ auscult, hub }) => {
  await auscult.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  await auscult.choose("Measure", "changed");
  await auscult.button("Share").click();
  await expect(auscult.button("Link copied")).toBeVisible();
  expect(await auscult.page.evaluate(() => navigator.clipboard.readText())).toBe(auscult.page.url());
});
