import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import type { FixtureTensor } from "./fixtures/write-safetensors.ts";
import { comparisonBreaches } from "./float64-oracle.ts";

/** The tensors of one of the models that ship with the page. */
function demoModel(name: string): FixtureTensor[] {
  const file = readFileSync(fileURLToPath(new URL(`../public/demo/${name}/model.safetensors`, import.meta.url)));
  const begin = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(file.subarray(8, begin).toString()) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  return Object.entries(header)
    .filter(([key]) => key !== "__metadata__")
    .map(
      ([
        key,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => {
        return { name: key, dtype, shape, data: file.subarray(begin + from, begin + to) };
      },
    );
}

/** What the page asks of anyone but the host that it came from; such requests are not let out. */
async function keepHome({ page, address }: AuscultPage): Promise<string[]> {
  const strays: string[] = [];
  await page.context().route(
    (url) => !url.href.startsWith(address) && /^https?:$/.test(url.protocol),
    (route) => {
      strays.push(route.request().url());
      return route.abort();
    },
  );
  return strays;
}

test("the demo needs no network, and its numbers are the oracle's", async ({ auscult }) => {
  const strays = await keepHome(auscult);
  await auscult.open();
  await auscult.whenIdle();
  await auscult.button("Look at the demo").click();
  await auscult.whenIdle();
  const { pairs } = await auscult.comparison();
  expect(comparisonBreaches(pairs, demoModel("base"), demoModel("tuned"))).toEqual([]);
  expect(new URL(auscult.page.url()).hash).toBe("#v=1&a=demo:base&b=demo:tuned");
  await expect(auscult.headline).toBeVisible();
  expect(strays).toEqual([]);
});

test("the demo looks the same from a host that answers 200 to ranges", async ({ auscult, serve, newTab }) => {
  await auscult.open({ a: "demo:base", b: "demo:tuned" });
  const picture = await auscult.picture();
  const { origin } = await serve({ ranges: false });
  const tab = await newTab();
  await tab.page.goto(`${origin}/#v=1&a=demo:base&b=demo:tuned`);
  expect(await tab.picture()).toEqual(picture);
  expect((await tab.comparison()).pairs).toEqual((await auscult.comparison()).pairs);
});

test("two repo IDs dropped as text fill both fields", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin });
  await auscult.drop({ texts: { "text/plain": "org/base vs. org/tuned\n" } });
  await expect(auscult.field("a")).toHaveValue("org/base");
  await expect(auscult.field("b")).toHaveValue("org/tuned");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
});

test("a dropped list of links fills both fields, a single one the empty field", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin });
  const [base, tuned] = [`${hub.origin}/org/base`, `${hub.origin}/org/tuned/tree/main`];
  await auscult.drop({ texts: { "text/uri-list": `# two models\r\n${base}\r\n${tuned}\r\n`, "text/plain": base } });
  await expect(auscult.field("a")).toHaveValue(base);
  await expect(auscult.field("b")).toHaveValue(tuned);
  await auscult.field("b").fill("");
  await auscult.drop({ texts: { "text/uri-list": tuned, "text/plain": tuned } });
  await expect(auscult.field("a")).toHaveValue(base);
  await expect(auscult.field("b")).toHaveValue(tuned);
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.field("b")).toHaveValue("org/tuned");
  await expect(auscult.exactCells).toHaveCount(21);
});

for (const [where, target] of [
  ["into one field", "field"],
  ["anywhere on the page", "page"],
] as const) {
  test(`two references pasted at once ${where} fill both`, async ({ auscult, hub }) => {
    const { page } = auscult;
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await auscult.open({ hub: hub.origin });
    await page.evaluate(() => navigator.clipboard.writeText("org/base\norg/tuned"));
    if (target === "field") await auscult.field("b").focus();
    await page.keyboard.press("Control+V");
    await expect(auscult.field("a")).toHaveValue("org/base");
    await expect(auscult.field("b")).toHaveValue("org/tuned");
  });
}

test("one reference pasted into a field stays in that field", async ({ auscult, hub }) => {
  const { page } = auscult;
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await auscult.open({ hub: hub.origin });
  await page.evaluate(() => navigator.clipboard.writeText(" org/tuned\n"));
  await auscult.field("b").focus();
  await page.keyboard.press("Control+V");
  await expect(auscult.field("a")).toHaveValue("");
  await auscult.field("a").fill("org/base");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
});

test("a saved comparison holds what scripts get, and opens without the network to the same picture", async ({
  auscult,
  hub,
  newTab,
}) => {
  await auscult.open({ hub: hub.origin, a: "org/odd-base", b: "org/odd-tuned" });
  const picture = await auscult.picture();
  const comparison = await auscult.comparison();
  const [download] = await Promise.all([auscult.page.waitForEvent("download"), auscult.button("Save as JSON").click()]);
  expect(download.suggestedFilename()).toBe("org_odd-base--org_odd-tuned.auscult.json");
  const text = readFileSync(await download.path(), "utf8");
  expect(JSON.parse(text)).toEqual(comparison);

  const tab = await newTab();
  const strays = await keepHome(tab);
  await tab.open();
  await tab.whenIdle();
  await tab.drop({ file: { name: download.suggestedFilename(), text } });
  await expect(tab.cells).not.toHaveCount(0);
  expect(await tab.picture()).toEqual(picture);
  expect(await tab.comparison()).toEqual(comparison);
  expect(strays).toEqual([]);
  await expect(tab.page).toHaveTitle(await auscult.page.title());
});

test("a dropped file that is no comparison gets a sentence and changes nothing", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  const picture = await auscult.picture();
  for (const [text, sentence] of [
    ["PK not JSON", /not readable as JSON\. Drop a comparison saved by Auscult/],
    ['{"some":"thing"}', /is not a comparison saved by Auscult/],
  ] as const) {
    await auscult.drop({ file: { name: "other.json", text } });
    await expect(auscult.notices).toContainText(sentence);
    await auscult.button("Dismiss").click();
  }
  expect(await auscult.picture()).toEqual(picture);
});
