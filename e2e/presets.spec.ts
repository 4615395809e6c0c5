import { readFileSync } from "node:fs";
import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { peftAdapter } from "./fixtures/adapters.ts";
import { llamaPair } from "./fixtures/models.ts";
import { type FixtureTensor, writeSafetensors } from "./fixtures/write-safetensors.ts";
import { valuesOf } from "./float64-oracle.ts";
import { type ShownNumber, shownNumber } from "./shown-number.ts";

/** The tensors of an embedded demo, straight from its file. */
function demoTensors(name: string): Map<string, FixtureTensor> {
  const file = readFileSync(new URL(`../public/demo/${name}/model.safetensors`, import.meta.url));
  const begin = 8 + Number(file.readBigUInt64LE());
  const header = JSON.parse(file.subarray(8, begin).toString()) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const { __metadata__, ...tensors } = header;
  return new Map(
    Object.entries(tensors).map(
      ([
        tensor,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => [tensor, { name: tensor, dtype, shape, data: Uint8Array.from(file.subarray(begin + from, begin + to)) }],
    ),
  );
}

/** Elements of A with their float32 change to B, those at zero left out. */
function changesOf(a: FixtureTensor, b: FixtureTensor): { base: number; change: number }[] {
  const tuned = valuesOf(b);
  return valuesOf(a)
    .map((base, i) => ({ base, change: Math.fround(tuned[i] - base) }))
    .filter(({ base }) => base !== 0);
}

const normOf = (values: number[]) => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
const normOfChange = (a: FixtureTensor, b: FixtureTensor) => {
  const tuned = valuesOf(b);
  return normOf(valuesOf(a).map((base, i) => tuned[i] - base));
};
const weightOf = (module: string, layer: number) =>
  `model.layers.${layer}.${module.length > 6 || module === "up_proj" ? "mlp" : "self_attn"}.${module}.weight`;

const heatmap = ({ page }: AuscultPage) => page.getByRole("region", { name: "What moved" });
const distributions = ({ page }: AuscultPage) => page.getByRole("region", { name: "Relative change" });
const withBiases = ({ page }: AuscultPage) => page.getByRole("checkbox", { name: /^with biases: ‖ΔW‖ \+ ‖Δb‖/ });
const hashOf = ({ page }: AuscultPage) => new URLSearchParams(new URL(page.url()).hash.slice(1));
const sidewaysScroll = ({ page }: AuscultPage) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** The value that a cell's label says, by the name of its number. */
async function cellNumber(auscult: AuscultPage, module: string, layer: number, name: string): Promise<ShownNumber> {
  const label = (await auscult.cell(module, layer).getAttribute("aria-label")) ?? "";
  const before = `: ${name} `;
  expect(label).toContain(before);
  return shownNumber(label.slice(label.indexOf(before) + before.length));
}

/** To the last digit shown, where the sums may be off by a millionth. */
function expectShown({ value, room }: ShownNumber, expected: number): void {
  expect(Math.abs(value - expected)).toBeLessThanOrEqual(room + 1e-6 * expected);
}

const RESCALED = { a: "demo:base", b: "demo:rescaled", module: "o_proj" };

test("Figure 2 is one click away: ‖Δ‖ in the paper's colours, from 0 to the largest of all", async ({ auscult }) => {
  const [base, tuned] = [demoTensors("base"), demoTensors("rescaled")];
  await auscult.open({ ...RESCALED, metric: "changed" });
  const ours = await auscult.picture();
  await auscult.choose("Pictures", "Figure 2");
  await auscult.whenIdle();
  expect(hashOf(auscult).get("figure")).toBe("2");
  await expect(heatmap(auscult)).toContainText(
    "Figure 2 of arXiv 2505.20993: ‖Δ‖, the Frobenius norm of B − A, in YlGnBu",
  );
  await expect(withBiases(auscult)).toHaveCount(0);

  const norms: { module: string; layer: number; norm: number }[] = [];
  for (const module of ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"])
    for (let layer = 0; layer < 8; layer++) {
      const name = weightOf(module, layer);
      const [a, b] = [base.get(name), tuned.get(name)];
      if (!a || !b) throw new Error(`The demo has no ${name}.`);
      norms.push({ module, layer, norm: normOfChange(a, b) });
    }
  for (const { module, layer, norm } of norms) expectShown(await cellNumber(auscult, module, layer, "‖Δ‖"), norm);
  const [largest] = norms.sort((x, y) => y.norm - x.norm);
  // The last of ColorBrewer's nine; the first is what 0 would have.
  await expect(auscult.cell(largest.module, largest.layer)).toHaveAttribute("fill", "#081d58");
  const first = auscult.page.locator("svg.heatmap linearGradient stop").first();
  await expect(first).toHaveAttribute("stop-color", "#ffffd9");

  await auscult.page.reload();
  await auscult.whenIdle();
  await expect(auscult.cell(largest.module, largest.layer)).toHaveAttribute("fill", "#081d58");
  await auscult.choose("Pictures", "ours");
  expect(await auscult.picture()).toEqual(ours);
  expect(hashOf(auscult).has("figure")).toBe(false);
  await auscult.page.goBack();
  await auscult.whenIdle();
  await expect(heatmap(auscult)).toContainText("Figure 2 of arXiv");
});

test("the paper's sum with biases is an option of its own, named, and only where there are biases", async ({
  auscult,
  hub,
  house,
  newTab,
}) => {
  const find = (model: readonly FixtureTensor[], name: string) => {
    const found = model.find((tensor) => tensor.name === name);
    if (!found) throw new Error(`There is no ${name}.`);
    return found;
  };
  const { base, tuned } = house.models;
  const norm = (name: string) => normOfChange(find(base, name), find(tuned, name));
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", group: "bias" });
  await auscult.whenIdle();
  await auscult.choose("Pictures", "Figure 2");
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  const weight = norm("model.layers.1.self_attn.q_proj.weight");
  expectShown(await cellNumber(auscult, "q_proj", 1, "‖Δ‖"), weight);

  await withBiases(auscult).check();
  await auscult.whenIdle();
  await expect(heatmap(auscult)).toContainText("‖ΔW‖ + ‖Δb‖, where a module has a bias");
  const bias = norm("model.layers.1.self_attn.q_proj.bias");
  expect(bias).toBeGreaterThan(0.01 * weight);
  expectShown(await cellNumber(auscult, "q_proj", 1, "‖ΔW‖ + ‖Δb‖"), weight + bias);
  const output = norm("model.layers.1.self_attn.o_proj.weight");
  expectShown(await cellNumber(auscult, "o_proj", 1, "‖ΔW‖ + ‖Δb‖"), output);

  expect(hashOf(auscult).get("figure")).toBe("2b");
  const tab = await newTab();
  await tab.page.goto(auscult.page.url());
  expect(await tab.picture()).toEqual(await auscult.picture());
  await expect(withBiases(tab)).toBeChecked();
});

/** Where the ridges of a figure are highest, as their labels say it, and which layers they are. */
async function ridges(auscult: AuscultPage, figure: number): Promise<{ layer: number; peak: number }[]> {
  const labels = await distributions(auscult)
    .locator("figure")
    .nth(figure)
    .getByRole("option")
    .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label") ?? ""));
  return labels.map((label) => {
    const [, layer, peak] = /^(\d+): highest at ([−+]?[\d.]+)/.exec(label) ?? [];
    return { layer: Number(layer), peak: Number(peak.replace("−", "-")) };
  });
}

test("Figure 3 is one click away: as the paper's code has it, as printed, and as it is", async ({ auscult }) => {
  const [base, tuned] = [demoTensors("base"), demoTensors("rescaled")];
  const changes = [0, 5].flatMap((layer) => {
    const name = weightOf("o_proj", layer);
    const [a, b] = [base.get(name), tuned.get(name)];
    if (!a || !b) throw new Error(`The demo has no ${name}.`);
    return changesOf(a, b);
  });
  const percentFrom = (edge: number) =>
    (100 * changes.filter(({ base: a, change }) => Math.abs(change) >= edge * Math.abs(a)).length) / changes.length;

  await auscult.open(RESCALED);
  await auscult.whenIdle();
  await auscult.choose("Pictures", "Figure 3");
  await auscult.whenIdle();
  expect(hashOf(auscult).get("figure")).toBe("3");
  const panel = distributions(auscult);
  await expect(panel.getByRole("heading")).toHaveText("Figure 3: relative change of o_proj, every 5th layer");
  await expect(panel.getByRole("heading")).toBeInViewport();
  // What is not as in the paper's code is said beside it.
  for (const said of ["bins of 0.01, here 1/128", "from 0.99 on, here 253/256", "float16", "adds 1e−8 to |a|"])
    await expect(panel).toContainText(said);

  const captions = await panel.locator("figcaption").allTextContents();
  expect(captions.map((caption) => /^Δ \/ (\|a\||a), as [\w' ]+/.exec(caption)?.[0])).toEqual([
    "Δ / |a|, as the paper's code has it",
    "Δ / a, as the paper prints it",
    "Δ / a, as it is",
  ]);
  const shares = captions.map((caption) => Number.parseFloat(/([\d.]+)\s%/.exec(caption)?.[1] ?? ""));
  const expected = [percentFrom(253 / 256), percentFrom(257 / 256), percentFrom(257 / 256)];
  expect(expected[0]).toBeGreaterThan(expected[1]);
  for (const [i, share] of shares.entries()) expect(Math.abs(share - expected[i])).toBeLessThanOrEqual(0.0501);

  const [code, printed, whole] = await Promise.all([0, 1, 2].map((figure) => ridges(auscult, figure)));
  for (const drawn of [code, printed, whole]) expect(drawn.map(({ layer }) => layer)).toEqual([0, 5]);
  // Over |a| one of the two humps, over a the only one; printed, what is piled up towers over it.
  for (const { peak } of code) expect(Math.abs(Math.abs(peak) - 0.37)).toBeLessThan(0.06);
  for (const { peak } of printed) expect(Math.abs(peak)).toBe(1);
  for (const { peak } of whole) expect(Math.abs(peak + 0.37)).toBeLessThan(0.06);
  await expect(panel.locator("figure").nth(2).locator("path.beyond")).toHaveCount(4);

  const picture = await auscult.picture();
  await auscult.page.reload();
  expect(await auscult.picture()).toEqual(picture);
});

test("the rescale can be taken out of Figure 3, too", async ({ auscult }) => {
  await auscult.open({ ...RESCALED, figure: "3" });
  await auscult.whenIdle();
  await expect(distributions(auscult)).toContainText("reads these 2 layers once more");
  await auscult.button("Take the rescale out").click();
  await auscult.whenIdle();
  await expect(distributions(auscult).locator("figure")).toHaveCount(6);
  for (const figure of [3, 5]) {
    const drawn = await ridges(auscult, figure);
    expect(drawn.map(({ layer }) => layer)).toEqual([0, 5]);
    for (const { peak } of drawn) expect(Math.abs(peak)).toBeLessThan(0.05);
  }
});

test("the modules are ranked by what moved most, and o over q is said with its source", async ({ auscult }) => {
  const [base, tuned] = [demoTensors("base"), demoTensors("rescaled")];
  const mean = (module: string) => {
    const ratios = Array.from({ length: 8 }, (_, layer) => {
      const name = weightOf(module, layer);
      const [a, b] = [base.get(name), tuned.get(name)];
      if (!a || !b) throw new Error(`The demo has no ${name}.`);
      return normOfChange(a, b) / normOf(valuesOf(a));
    });
    return ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  };
  await auscult.open(RESCALED);
  await auscult.whenIdle();
  const line = auscult.page.locator("[data-part=ranking]");
  const text = (await line.textContent()) ?? "";
  const ranked = [...text.matchAll(/(\w+_proj) ([\d.]*\d)/g)].map(([, module, value]) => ({
    module,
    value: Number(value),
  }));
  expect(ranked).toHaveLength(7);
  expect(ranked.map(({ value }) => value)).toEqual(ranked.map(({ value }) => value).sort((x, y) => y - x));
  for (const { module, value } of ranked) expect(Math.abs(value / mean(module) - 1), module).toBeLessThan(5e-3);
  const ratio = Number(/O\/Q ([\d.]+): o_proj over q_proj \(Yudin 2026\)/.exec(text)?.[1]);
  expect(Math.abs(ratio / (mean("o_proj") / mean("q_proj")) - 1)).toBeLessThan(1e-3);
});

test("a measure of the kind of change is chosen from a list, and a link keeps it", async ({ auscult, newTab }) => {
  await auscult.open(RESCALED);
  await auscult.whenIdle();
  const kind = auscult.page.getByRole("combobox", { name: "kind of change" });
  const offered = ["rescale share", "residual", "dip", "valley depth", "BitDelta energy"];
  expect((await kind.locator("option").allTextContents()).filter((text) => text !== "choose…")).toEqual(offered);
  const pictures: string[] = [];
  for (const label of offered) {
    await kind.selectOption({ label });
    pictures.push(JSON.stringify(await auscult.picture()));
  }
  expect(new Set(pictures).size).toBe(offered.length);

  await kind.selectOption({ label: "dip" });
  await expect(heatmap(auscult)).toContainText("Colours reach to 0.05 at least");
  await expect(auscult.headline).toHaveText(/^o_proj is farthest from one mode: dip 0\.0/);
  const tab = await newTab();
  await tab.page.goto(auscult.page.url());
  const { headings, cells, controls } = await auscult.picture();
  expect(await tab.picture()).toMatchObject({ headings, cells, controls });
  await auscult.choose("Measure", "k − 1");
  await expect(kind).toHaveValue("");
  expect(hashOf(auscult).get("metric")).toBe("rescale");
});

test("on a stage Figure 3 is all there at once", async ({ auscult }) => {
  await auscult.page.setViewportSize({ width: 1280, height: 720 });
  await auscult.open({ ...RESCALED, figure: "3", present: "1" });
  await auscult.whenIdle();
  const panel = distributions(auscult);
  for (const one of [panel.getByRole("heading"), ...(await panel.locator("figure").all())])
    await expect(one).toBeInViewport({ ratio: 1 });
  await expect(auscult.page.getByRole("radiogroup", { name: "Pictures" })).toBeHidden();
});

for (const view of [{ metric: "valley" }, { figure: "2b" }, { figure: "3" }] as Record<string, string>[])
  test(`none of it scrolls sideways on any screen: ${JSON.stringify(view)}`, async ({ auscult, hub }) => {
    await auscult.page.setViewportSize({ width: 320, height: 720 });
    await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", ...view });
    await auscult.whenIdle();
    await expect(auscult.cells).toHaveCount(21);
    for (const width of [320, 390, 1280]) {
      await auscult.page.setViewportSize({ width, height: 720 });
      await auscult.whenIdle();
      expect(await sidewaysScroll(auscult), `${width} px`).toBe(0);
    }
  });

test("nor do the measures of an adapter beside B, which are one more", async ({ auscult, newHub }) => {
  const { base, tuned, config } = llamaPair({ layers: 2, hidden: 64, vocab: 64, seed: 21 });
  const repoOf = (model: typeof base) => ({
    files: { "model.safetensors": writeSafetensors(model), "config.json": config },
  });
  const lora = { files: peftAdapter(base, { modules: /\.(?:q|o)_proj\.weight$/ }) };
  const hub = await newHub({ repos: { "org/base": repoOf(base), "org/tuned": repoOf(tuned), "org/lora": lora } });
  await auscult.page.setViewportSize({ width: 320, height: 720 });
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", adapter: "org/lora", metric: "adapter" });
  await auscult.whenIdle();
  await expect(auscult.cells).toHaveCount(14);
  expect(await sidewaysScroll(auscult)).toBe(0);
  await auscult.choose("Measure", "cos(s·BA, Δ)");
  expect(await sidewaysScroll(auscult)).toBe(0);
});
