import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { expertsPair } from "./fixtures/experts.ts";
import { writeSafetensors } from "./fixtures/write-safetensors.ts";
import { shownNumber } from "./shown-number.ts";

const SIZE = { layers: 8, experts: 64 };
const { base, tuned } = expertsPair({ ...SIZE, loudest: { layer: 3, expert: 17, change: 0.2 } });
const repo = (model: typeof base) => ({ files: { "model.safetensors": writeSafetensors(model) } });
const REPOS = { "org/moe-base": repo(base), "org/moe-tuned": repo(tuned) };

const experts = ({ page }: AuscultPage) => page.getByRole("region", { name: "Experts" });
const expertCell = (auscult: AuscultPage, module: string, expert: number) =>
  experts(auscult).getByRole("gridcell", { name: `${module}, expert ${expert}:` });

test("a layer's experts are pooled first, opened, chosen and closed again", async ({ auscult, newHub, newTab }) => {
  const { page } = auscult;
  const hub = await newHub({ repos: REPOS });
  await auscult.open({ hub: hub.origin, a: "org/moe-base", b: "org/moe-tuned" });
  await auscult.whenIdle();
  // Attention 5 × 8, one dense layer of 3, and in 7 layers a router, 3 shared and 3 pooled rows.
  await expect(auscult.cells).toHaveCount(5 * 8 + 3 + 7 * 7);
  await expect(experts(auscult)).toContainText(
    /experts\.gate_proj, .* pools up to 64 experts: their sums are added up/,
  );

  await auscult.cell("experts.up_proj", 3).click();
  await auscult.button("Open the experts of layer 3").click();
  await auscult.whenIdle();
  await expect(experts(auscult).getByRole("heading")).toHaveText("Experts of layer 3");
  await expect(experts(auscult).getByRole("gridcell", { name: /, exact$/ })).toHaveCount(3 * 64);
  await expect(experts(auscult)).toContainText(/64 experts in 3 modules\. Expert 17 has most, 0\.\d+;/);

  // What stands there is what the comparison says of that tensor.
  const name = "model.layers.3.mlp.experts.17.up_proj.weight";
  await expertCell(auscult, "experts.up_proj", 17).click();
  await auscult.whenIdle();
  await expect(auscult.inspector.getByRole("heading")).toHaveText("Layer 3 · experts.up_proj, expert 17");
  const stats = (await auscult.comparison()).pairs.find((pair) => pair.name === name)?.stats;
  if (!stats) throw new Error("The expert was read.");
  const { value, room } = shownNumber(await auscult.number("‖Δ‖ / ‖A‖").innerText());
  expect(Math.abs(value - Math.sqrt(stats.sumD2 / stats.sumA2))).toBeLessThanOrEqual(room);
  // And the cell that pools it is the one selected above.
  await expect(auscult.cell("experts.up_proj", 3)).toHaveAttribute("aria-selected", "true");

  const picture = await auscult.picture();
  const tab = await newTab();
  await tab.page.goto(page.url());
  expect(await tab.picture()).toEqual(picture);
  expect(new URLSearchParams(new URL(tab.page.url()).hash.slice(1)).get("experts")).toBe("3");

  await auscult.button("Close the experts").click();
  await auscult.whenIdle();
  await expect(auscult.cells).toHaveCount(5 * 8 + 3 + 7 * 7);
  expect(page.url()).not.toContain("experts=");
});

test("the experts answer to the keyboard, layer by layer", async ({ auscult, newHub }) => {
  const { page } = auscult;
  const hub = await newHub({ repos: REPOS });
  await auscult.open({ hub: hub.origin, a: "org/moe-base", b: "org/moe-tuned" });
  await auscult.whenIdle();
  // Enter chooses a cell; Enter once more opens what it pools.
  await auscult.cell("experts.gate_proj", 2).focus();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Enter");
  await auscult.whenIdle();
  await expect(experts(auscult).getByRole("heading")).toHaveText("Experts of layer 2");
  await expect(auscult.button("Close the experts")).toHaveAttribute("aria-expanded", "true");

  await expertCell(auscult, "experts.gate_proj", 0).focus();
  await page.keyboard.press("End");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await auscult.whenIdle();
  await expect(auscult.inspector.getByRole("heading")).toHaveText("Layer 2 · experts.up_proj, expert 62");

  await auscult.button("Experts of layer 3").press("Enter");
  await auscult.whenIdle();
  await expect(experts(auscult).getByRole("heading")).toHaveText("Experts of layer 3");
  // A cell of another layer takes its experts along.
  await auscult.cell("experts.down_proj", 7).click();
  await auscult.whenIdle();
  await expect(experts(auscult).getByRole("heading")).toHaveText("Experts of layer 7");
  await expect(auscult.button("Experts of layer 8")).toHaveCount(0);
});
