import { readFileSync } from "node:fs";
import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { barriers } from "./barriers.ts";
import { openHalfway } from "./held-scan.ts";

const hash = ({ page }: AuscultPage) => new URL(page.url()).hash;
const report = ({ page }: AuscultPage) => page.getByRole("article");

/** k, ‖Δ‖/‖A‖ and residual of every o_proj, by PyTorch in float64. */
function loggedOutputs(): { k: number; change: number; residual: number }[] {
  const text = readFileSync(new URL("../demo/rescaled.log", import.meta.url), "utf8");
  const rows = [...text.matchAll(/^tensor \S+o_proj\.weight \d+ \d+ (\S+) (\S+) (\S+)$/gm)];
  return rows.map(([, change, k, residual]) => ({ change: Number(change), k: Number(k), residual: Number(residual) }));
}

const ends = (values: number[]) => [Math.min(...values), Math.max(...values)] as const;

test("the report of the rescaled demo says that o_proj was rescaled, with the numbers behind it", async ({
  auscult,
}) => {
  const { page } = auscult;
  await auscult.open({ a: "demo:base", b: "demo:rescaled", metric: "changed" });
  await auscult.whenIdle();
  await auscult.button("Report").click();
  await auscult.whenIdle();
  expect(hash(auscult)).toBe("#v=1&a=demo:base&b=demo:rescaled&page=report&metric=changed");
  await expect(page).toHaveTitle("Report · base → rescaled · Auscult");

  const outputs = loggedOutputs();
  expect(outputs.length).toBe(8);
  const k = ends(outputs.map((one) => one.k)).map((one) => one.toFixed(2));
  // What lies along A and what is left are the two sides of ‖Δ‖².
  const share = ends(outputs.map(({ change, residual }) => 100 * (1 - (residual / change) ** 2)));
  const residual = ends(outputs.map((one) => one.residual));
  const sentence = (await report(auscult).getByRole("listitem").filter({ hasText: "o_proj:" }).textContent()) ?? "";
  const found =
    /^o_proj: a rescale in 8 of 8 layers, k from (\S+) to (\S+), which explains (\S+) to (\S+)\s% of ‖Δ‖² and leaves (\S+) to (\S+) of ‖A‖; over a the changes have one mode, near −0\.3\d+ to −0\.3\d+\.$/.exec(
      sentence,
    );
  expect(found, sentence).not.toBeNull();
  const numbers = (found ?? []).slice(1).map(Number);
  expect(numbers.slice(0, 2)).toEqual(k.map(Number));
  for (const [i, value] of [...share, ...residual].entries())
    expect(Math.abs(numbers[2 + i] - value), sentence).toBeLessThanOrEqual(i < 2 ? 0.06 : 6e-4);

  const rows = await report(auscult).locator("tbody tr").allTextContents();
  expect(rows[0]).toMatch(/^o_proj0\.400/);
  await expect(report(auscult).getByRole("heading", { level: 1 })).toHaveText("base → rescaled");
  await expect(report(auscult)).toContainText(
    "All 75 pairs of tensors, every one of their 1\u2009542\u2009272 weights.",
  );
  await expect(report(auscult)).toContainText("o_proj over q_proj (Yudin 2026): 3.5");
  await expect(report(auscult).getByRole("link")).toHaveAttribute(
    "href",
    `${auscult.address}#v=1&a=demo:base&b=demo:rescaled&metric=changed`,
  );
  expect(await barriers(page)).toEqual([]);

  await auscult.button("Back to the comparison").click();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(7 * 8);
  await page.goBack();
  await auscult.whenIdle();
  await expect(report(auscult)).toBeVisible();
});

test("it prints on one or two sheets, light and without controls", async ({ auscult }) => {
  const { page } = auscult;
  await page.emulateMedia({ colorScheme: "dark" });
  await auscult.open({ a: "demo:base", b: "demo:rescaled", page: "report" });
  await auscult.whenIdle();
  await page.evaluate(() => Object.assign(window, { print: () => document.body.classList.add("printed") }));
  await auscult.button("Print").click();
  await expect(page.locator("body")).toHaveClass("printed");

  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(report(auscult)).toBeVisible();
  await expect(
    page.locator(
      "button:visible, input:visible, [role=tablist]:visible, body header:not(article *):visible, [aria-label=Progress]:visible",
    ),
  ).toHaveCount(0);
  const colours = await report(auscult).evaluate((sheet) => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    const lightness = (colour: string) => {
      if (!canvas) return Number.NaN;
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
      return canvas.getImageData(0, 0, 1, 1).data[1];
    };
    const { color, backgroundColor } = getComputedStyle(sheet);
    return { ink: lightness(color), paper: lightness(backgroundColor) };
  });
  expect(colours.paper).toBeGreaterThan(240);
  expect(colours.ink).toBeLessThan(60);
  for (const format of ["A4", "Letter"]) {
    const pdf = (await page.pdf({ format })).toString("latin1");
    const pages = pdf.match(/\/Type\s*\/Page\b/g) ?? [];
    expect(pages, format).toHaveLength(1);
  }
});

test("of a scan that was stopped it says so, and judges no module by a layer half read", async ({ auscult, hub }) => {
  await openHalfway(auscult, hub);
  await expect(auscult.button("Report")).toHaveCount(0);
  await auscult.progress.getByRole("button", { name: "Stop" }).click();
  await auscult.whenIdle();
  hub.set({ allowance: undefined });
  await auscult.button("Report").click();
  await auscult.whenIdle();
  const { pairs } = await auscult.comparison();
  const exact = pairs.filter(({ coverage }) => coverage === 1);
  expect(exact.length).toBeLessThan(pairs.length);
  const sheet = report(auscult);
  await expect(sheet).toContainText(`A partial scan: ${exact.length} of ${pairs.length} pairs of tensors in full`);
  await expect(sheet.locator("[data-part=lead]")).toContainText("so far");
  for (const row of await sheet.locator("tbody tr").all()) {
    const [module, layers] = [row.getByRole("rowheader"), row.locator("td").last()];
    const name = await module.textContent();
    const of = pairs.filter((pair) => pair.module === name && pair.layer !== null);
    const read = of.filter(({ coverage }) => coverage === 1).length;
    await expect(layers).toHaveText(read === of.length ? `${read}` : `${read} of ${of.length}`);
    for (const sentence of await sheet
      .getByRole("listitem")
      .filter({ hasText: `${name}:` })
      .allTextContents())
      expect(sentence).toContain(
        read === of.length ? ` of ${read} layer` : ` of ${read} layers read, of ${of.length} in all`,
      );
  }
});

test("one model alone has no report, and a link to one shows the model", async ({ auscult }) => {
  await auscult.open({ a: "demo:base", page: "report" });
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(7 * 8);
  await expect(auscult.button("Report")).toHaveCount(0);
});

test("what could not be paired is counted with its reasons", async ({ auscult }) => {
  await auscult.open({ a: "demo:base", b: "demo:tuned" });
  await auscult.whenIdle();
  const file = await auscult.comparison();
  const [first, ...rest] = file.pairs;
  const unpaired = ["x", "y"].map((name) => ({ side: "a" as const, name, reason: "B has no tensor of this name." }));
  await auscult.drop({
    file: { name: "some.auscult.json", text: JSON.stringify({ ...file, pairs: [first, ...rest], unpaired }) },
  });
  await auscult.whenIdle();
  await auscult.button("Report").click();
  await auscult.whenIdle();
  await expect(report(auscult)).toContainText("2 tensors of A:");
  await expect(report(auscult)).toContainText("2: B has no tensor of this name.");
});

for (const width of [320, 390]) {
  test(`at ${width} px it does not scroll sideways`, async ({ auscult }) => {
    await auscult.page.setViewportSize({ width, height: 700 });
    await auscult.open({ a: "demo:base", b: "demo:sparse", page: "report" });
    await auscult.whenIdle();
    await expect(report(auscult)).toContainText("a sparse update in 8 of 8 layers");
    const tooWide = await auscult.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(tooWide).toBeLessThanOrEqual(0);
  });
}
