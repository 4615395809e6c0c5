import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { barriers } from "./barriers.ts";

/** The kinds found in the cell that is looked at, by name, with their sentences. */
const findings = ({ inspector }: AuscultPage): Promise<[label: string, sentence: string][]> =>
  inspector
    .getByRole("region", { name: "What kind of change it is" })
    .getByRole("listitem")
    .evaluateAll((items) =>
      items.map((item): [string, string] => {
        const [label, sentence] = [...item.children].map(({ textContent }) => textContent ?? "");
        return [label, sentence.replaceAll("\u00a0", " ")];
      }),
    );

/** One of the four small drawings. */
const way = ({ inspector }: AuscultPage, over: "|a|" | "a", ends: "dropped" | "piled up") =>
  inspector.getByRole("button", { name: `Δ / ${over}, ${ends}` });

const legend = ({ inspector }: AuscultPage) => inspector.getByRole("img", { name: /^Line: / });

async function openCell(auscult: AuscultPage, b: string, module: string, layer: number): Promise<void> {
  await auscult.open({ a: "demo:base", b });
  await auscult.whenIdle();
  await auscult.cell(module, layer).click();
  await auscult.whenIdle();
}

test("a rescale is named, with its two humps that are one over a", async ({ auscult }) => {
  await openCell(auscult, "demo:rescaled", "o_proj", 3);
  const found = await findings(auscult);
  expect(found.map(([label]) => label)).toEqual(["rescale", "clip artefact"]);
  const { stats } =
    (await auscult.comparison()).pairs.find(({ name }) => name === "model.layers.3.self_attn.o_proj.weight") ?? {};
  if (!stats) throw new Error("It was read.");
  const share = (100 * stats.sumAD ** 2) / (stats.sumA2 * stats.sumD2);
  expect(found[0][1]).toMatch(/^Mostly a rescale: B ≈ 0\.6\d · A explains \d\d\.\d % of ‖Δ‖²;/);
  expect(Number(/explains ([\d.]+) %/.exec(found[0][1])?.[1])).toBeCloseTo(share, 1);

  await expect(way(auscult, "|a|", "dropped")).toContainText(/Two modes, at ±0\.3\d$/);
  await expect(way(auscult, "a", "dropped")).toContainText(/One mode, at −0\.3\d$/);
  await expect(way(auscult, "|a|", "piled up")).toContainText(/Two modes, at ±0\.3\d; humps at ±1 only by piling up$/);
  await expect(legend(auscult)).toHaveAccessibleName(
    /^Line: independent noise of the same size\. Marks: two modes, at ±0\.3\d\. Band: no BF16 change is below 1\/256\.$/,
  );
  await expect(auscult.number("modes over |a|")).toHaveText(/^±0\.3\d/);
  const [overAbs, over] = await Promise.all(
    ["dip over |a|", "dip over a"].map(async (name) => Number(await auscult.number(name).innerText())),
  );
  expect(overAbs).toBeGreaterThan(0.03);
  expect(over).toBeLessThan(0.01);
  await expect(auscult.inspector).toContainText("a p-value would say nothing");
});

test("one of the four ways chosen is how the page draws, and chosen again it is not", async ({ auscult, newTab }) => {
  await openCell(auscult, "demo:rescaled", "o_proj", 3);
  const chosen = way(auscult, "a", "piled up");
  await expect(chosen).toHaveAttribute("aria-pressed", "false");
  await chosen.click();
  await expect(chosen).toHaveAttribute("aria-pressed", "true");
  await expect(legend(auscult)).toHaveAccessibleName(/Marks: one mode, at −0\.3\d\./);
  await expect(auscult.inspector.getByRole("slider", { name: "Δ / a: weights" })).toBeVisible();
  expect(auscult.page.url()).toContain("denominator=signed");
  expect(auscult.page.url()).toContain("beyond=pile");

  const picture = await auscult.picture();
  const tab = await newTab();
  await tab.page.goto(auscult.page.url());
  expect(await tab.picture()).toEqual(picture);

  await chosen.press("Enter");
  await expect(chosen).toHaveAttribute("aria-pressed", "false");
  await expect(legend(auscult)).toHaveAccessibleName(/Marks: two modes, at ±0\.3\d\./);
});

test("a sparse update is named with its share", async ({ auscult }) => {
  await openCell(auscult, "demo:sparse", "q_proj", 3);
  const found = await findings(auscult);
  expect(found[0][0]).toBe("sparse update");
  const shown = Number.parseFloat(/^Sparse: ([\d.]+) %/.exec(found[0][1])?.[1] ?? "");
  expect(shown).toBe(Number.parseFloat(await auscult.number("unchanged weights").innerText()));
  // Of so few weights no mode can be told from chance.
  await expect(way(auscult, "|a|", "dropped")).toContainText(
    /(Too few changed to have a shape|No mode that stands out)$/,
  );
});

test("what is no kind is said to be none, and a norm has too few weights", async ({ auscult }) => {
  await openCell(auscult, "demo:tuned", "down_proj", 7);
  const said = auscult.inspector.getByRole("region", { name: "What kind of change it is" });
  await expect(said).toContainText(/The weights moved by 0\.\d+ of their norm;/);
  await expect(said).toContainText("None of the kinds of change that this page knows fits.");
  expect((await findings(auscult)).map(([label]) => label)).toEqual(["clip artefact"]);
  await expect(way(auscult, "a", "dropped")).toContainText("One broad mode");

  await auscult.choose("Parameters", "norms");
  await auscult.cell("input_layernorm", 2).click();
  await auscult.whenIdle();
  await expect(auscult.inspector).toContainText("Too few changed to have a shape");
  await expect(way(auscult, "a", "dropped")).toHaveCount(0);
});

test("the numbers are copied with their sentences", async ({ auscult }) => {
  await auscult.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await openCell(auscult, "demo:rescaled", "o_proj", 0);
  await auscult.button("Copy numbers").click();
  await expect(auscult.button("Copied")).toBeVisible();
  const lines = (await auscult.page.evaluate(() => navigator.clipboard.readText())).split("\n");
  const copied = new Map(lines.map((line) => line.split("\t") as [string, string]));
  expect(copied.get("Layer 0 · o_proj")).toBe("model.layers.0.self_attn.o_proj.weight");
  expect(Number(copied.get("rescale"))).toBeCloseTo(-0.386, 2);
  expect(copied.get("finding: rescale")).toMatch(/^Mostly a rescale: B ≈ 0\.6/);
  expect(copied.get("modes over |a|")).toMatch(/^±0\.3/);
});

for (const scheme of ["light", "dark"] as const)
  test(`nothing of it bars the way of anyone, ${scheme}`, async ({ auscult }) => {
    const { page } = auscult;
    await page.emulateMedia({ colorScheme: scheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await openCell(auscult, "demo:rescaled", "o_proj", 3);
    const wide = await auscult.inspector.evaluate((aside) =>
      [aside, ...aside.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1),
    );
    expect(wide).toEqual([]);
    await way(auscult, "a", "dropped").click();
    await auscult.whenIdle();
    expect(await barriers(page, { scheme, within: "aside" })).toEqual([]);
  });
