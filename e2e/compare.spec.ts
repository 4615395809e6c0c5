import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import type { FixtureTensor } from "./fixtures/write-safetensors.ts";
import { comparisonBreaches, type OracleStats, oracleStats } from "./float64-oracle.ts";
import { shownNumber } from "./shown-number.ts";

const MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

/** What the page's numbers are made of, in float64. */
function derived({ count, nonFinite, unchanged, sumA2, sumAD, sumD2 }: OracleStats) {
  return {
    normA: Math.sqrt(sumA2),
    normD: Math.sqrt(sumD2),
    relative: Math.sqrt(sumD2 / sumA2),
    rescale: sumAD / sumA2,
    changed: 1 - unchanged / (count - nonFinite),
    cosine: (sumA2 + sumAD) / Math.sqrt(sumA2 * (sumA2 + 2 * sumAD + sumD2)),
  };
}

function tensor(model: readonly FixtureTensor[], name: string): FixtureTensor {
  const found = model.find((one) => one.name === name);
  if (!found) throw new Error(`The fixture has no ${name}.`);
  return found;
}

async function expectShown(text: string | null, expected: number, what: string): Promise<void> {
  const { value, room } = shownNumber(text ?? "");
  expect(Math.abs(value - expected), `${what}: shown as ${text}, is ${expected}`).toBeLessThanOrEqual(room);
}

async function openPair(auscult: AuscultPage, hub: string, a: string, b: string): Promise<void> {
  await auscult.open({ hub, a, b });
  await auscult.whenIdle();
}

test("two repo IDs, typed, become a heatmap whose every number is the oracle's", async ({ auscult, hub, house }) => {
  const { base, tuned } = house.models;
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs("org/base", "org/tuned");
  await auscult.compare();
  await auscult.whenIdle();

  const comparison = await auscult.comparison();
  expect(comparison).toMatchObject({ format: "auscult-comparison", version: 1, unpaired: [] });
  expect(comparison.a).toMatchObject({ revision: hub.commit("org/base"), files: [{ path: "model.safetensors" }] });
  expect(comparisonBreaches(comparison.pairs, base, tuned)).toEqual([]);

  await expect(auscult.headline).not.toBeEmpty();
  await expect(auscult.headline).not.toContainText(/so far|Nothing/);
  await expect(auscult.cells).toHaveCount(MODULES.length * 3);
  for (const module of MODULES) {
    for (let layer = 0; layer < 3; layer++) {
      const cell = auscult.cell(module, layer);
      await expect(cell).toHaveAttribute("aria-label", /, exact$/);
      await expect(cell).toHaveAttribute("fill", /^(?:#|rgb)/);
      const part = module.length === 6 ? "self_attn" : "mlp";
      const name = `model.layers.${layer}.${part}.${module}.weight`;
      const { relative } = derived(oracleStats(tensor(base, name), tensor(tuned, name)));
      const shown = (await cell.getAttribute("aria-label"))?.match(/‖A‖ (\S+), exact/)?.[1] ?? "";
      await expectShown(shown, relative, name);
    }
  }
});

test("the inspector shows the chosen cell's numbers", async ({ auscult, hub, house }) => {
  await openPair(auscult, hub.origin, "org/base", "org/tuned");
  await auscult.cell("up_proj", 2).click();
  await expect(auscult.inspector.getByRole("heading")).toHaveText("Layer 2 · up_proj");
  const name = "model.layers.2.mlp.up_proj.weight";
  const stats = oracleStats(tensor(house.models.base, name), tensor(house.models.tuned, name));
  const { normA, normD, relative, rescale, changed, cosine } = derived(stats);
  const { relative: histogram } = stats;
  const beyond = histogram.positive[0] + histogram.positive[258] + histogram.negative[0] + histogram.negative[258];
  const expected: Record<string, number> = {
    ...{ "‖Δ‖ Frobenius": normD, "‖Δ‖ / ‖A‖": relative, "rescale k": 1 + rescale, "weights changed": changed },
    ...{ "‖A‖": normA, "cosine (A, B)": cosine, "largest |Δ|": stats.maxAbsD, elements: stats.count },
    ...{ "|Δ| > 1e−6": stats.above1e6, "|Δ| > 1e−5": stats.above1e5 },
    ...{ "unchanged weights": stats.unchanged / stats.count },
    ...{ "beyond ±1": beyond / (stats.count - stats.zeroBase) },
  };
  for (const [label, value] of Object.entries(expected)) {
    await expectShown(await auscult.number(label).textContent(), value, label);
  }
});

test("the table says it all in text, and finds and sorts", async ({ auscult, hub, house }) => {
  const { base, tuned } = house.models;
  await openPair(auscult, hub.origin, "org/base", "org/tuned");
  const rows = await auscult.tableRows();
  expect(rows.map(([name]) => name)).toEqual(base.map(({ name }) => name));
  for (const [name, , , , normA, normD, relative, rescale, changed] of rows) {
    const expected = derived(oracleStats(tensor(base, name), tensor(tuned, name)));
    await expectShown(normA, expected.normA, `‖A‖ of ${name}`);
    await expectShown(normD, expected.normD, `‖Δ‖ of ${name}`);
    await expectShown(relative, expected.relative, `‖Δ‖/‖A‖ of ${name}`);
    await expectShown(rescale, expected.rescale, `k − 1 of ${name}`);
    await expectShown(changed, expected.changed, `share changed of ${name}`);
  }

  await auscult.page.getByRole("searchbox", { name: "Find tensors" }).fill("o_proj");
  await auscult.page.getByRole("columnheader", { name: "‖Δ‖ / ‖A‖" }).getByRole("button").click();
  await expect.poll(async () => (await auscult.tableRows()).length).toBe(3);
  const sorted = (await auscult.tableRows()).map((row) => shownNumber(row[6]).value);
  expect(sorted).toEqual([...sorted].sort((x, y) => y - x));
  await auscult.page.getByRole("searchbox", { name: "Find tensors" }).fill("nothing is called this");
  await expect(auscult.page.getByText("No tensor matches")).toBeVisible();
});

test("sharded or in one file, aligned or not: the same numbers", async ({ auscult, hub, house, newTab }) => {
  await openPair(auscult, hub.origin, "org/base", "org/tuned");
  const whole = await auscult.comparison();
  const numbers = ({ pairs }: typeof whole) =>
    Object.fromEntries(pairs.map(({ name, stats, layer, role, module }) => [name, { stats, layer, role, module }]));
  for (const manner of ["sharded", "unaligned"]) {
    const tab = await newTab();
    await openPair(tab, hub.origin, `org/base-${manner}`, `org/tuned-${manner}`);
    const other = await tab.comparison();
    // To the last bit: partial sums are cut at the same elements.
    expect(numbers(other), manner).toEqual(numbers(whole));
    expect(comparisonBreaches(other.pairs, house.models.base, house.models.tuned), manner).toEqual([]);
    expect(await tab.headline.textContent(), manner).toBe(await auscult.headline.textContent());
  }
});

for (const [dtype, key] of [
  ["F32", "tunedF32"],
  ["F16", "tunedF16"],
] as const) {
  test(`BF16 against ${dtype}`, async ({ auscult, hub, house }) => {
    await openPair(auscult, hub.origin, "org/base", `org/tuned-${dtype.toLowerCase()}`);
    const { pairs } = await auscult.comparison();
    expect(new Set(pairs.map(({ dtypeA, dtypeB }) => `${dtypeA} ${dtypeB}`))).toEqual(new Set([`BF16 ${dtype}`]));
    expect(comparisonBreaches(pairs, house.models.base, house.models[key])).toEqual([]);
    await expect(auscult.inspector).toContainText(`BF16 → ${dtype}`);
  });
}

test("doubles and whole numbers are computed by the reference engine", async ({ auscult, hub, house }) => {
  await openPair(auscult, hub.origin, "org/wide-base", "org/wide-tuned");
  const { pairs, engine } = await auscult.comparison();
  expect(comparisonBreaches(pairs, house.models.wideBase, house.models.wideTuned)).toEqual([]);
  expect(engine).toBe("wasm");
  const narrow = ["BF16", "F16", "F32"];
  for (const pair of pairs) {
    const isNarrow = narrow.includes(pair.dtypeA) && narrow.includes(pair.dtypeB);
    expect(pair.engine ?? engine, pair.name).toBe(isNarrow ? "wasm" : "reference");
  }
});

test("NaN, infinities, zeros and tensors of nothing else are counted, drawn and never shown as numbers", async ({
  auscult,
  hub,
  house,
}) => {
  await openPair(auscult, hub.origin, "org/odd-base", "org/odd-tuned");
  const { pairs, unpaired } = await auscult.comparison();
  const isCompared = ({ name }: FixtureTensor) => !["model.nothing", "model.mask"].includes(name);
  const { oddBase, oddTuned } = house.models;
  expect(comparisonBreaches(pairs, oddBase.filter(isCompared), oddTuned.filter(isCompared))).toEqual([]);
  expect(unpaired.map(({ side, name }) => `${side} ${name}`).sort()).toEqual([
    "a model.mask",
    "a model.nothing",
    "b model.mask",
    "b model.nothing",
  ]);
  for (const { reason } of unpaired) expect(reason).toMatch(/BOOL|no elements/);
  const unpairedRow = (await auscult.tableRows()).find(([name]) => name === "model.mask");
  expect(unpairedRow?.[1]).toContain("truth values");

  for (const [module, sentence] of [
    ["q_proj", "All weights are zero in A"],
    ["k_proj", "Identical"],
    ["v_proj", "None of the weights is a finite number"],
    ["o_proj", "All weights are zero in B"],
  ]) {
    await auscult.cell(module, 2).click();
    await expect(auscult.inspector).toContainText(sentence);
    await auscult.expectNoGarbage();
  }
  for (const metric of ["‖Δ‖", "k − 1", "changed"]) {
    await auscult.choose("Measure", metric);
    await auscult.expectNoGarbage();
  }
});

test("one model alone shows its own norms", async ({ auscult, hub, house }) => {
  await auscult.open({ hub: hub.origin, a: "org/base" });
  await auscult.whenIdle();
  const comparison = await auscult.comparison();
  expect(comparison.b).toBeNull();
  for (const { name, stats } of comparison.pairs) {
    const own = tensor(house.models.base, name);
    const { sumA2, count } = oracleStats(own, own);
    expect(stats?.count).toBe(count);
    expect(Math.abs((stats?.sumA2 ?? Number.NaN) - sumA2)).toBeLessThanOrEqual(1e-6 * sumA2);
  }
  await auscult.cell("q_proj", 1).click();
  const own = tensor(house.models.base, "model.layers.1.self_attn.q_proj.weight");
  const { normA } = derived(oracleStats(own, own));
  await expectShown(await auscult.number("‖A‖ Frobenius").textContent(), normA, "‖A‖");
  await expect(auscult.cell("q_proj", 1)).toHaveAttribute("aria-label", /‖A‖ \S+, exact$/);
  await expect(auscult.page.getByRole("region", { name: "Relative change" })).toHaveCount(0);
  await expect(auscult.page.getByRole("table")).not.toContainText("Δ");
});

test("swapped, the tuned model is the base", async ({ auscult, hub, house }) => {
  await openPair(auscult, hub.origin, "org/base", "org/tuned");
  await auscult.button("Swap A and B").click();
  await auscult.whenIdle();
  const comparison = await auscult.comparison();
  expect([comparison.a.ref, comparison.b?.ref]).toEqual([
    `org/tuned@${hub.commit("org/tuned")}`,
    `org/base@${hub.commit("org/base")}`,
  ]);
  expect(comparisonBreaches(comparison.pairs, house.models.tuned, house.models.base)).toEqual([]);
  await expect(auscult.field("a")).toHaveValue("org/tuned");
  await expect(auscult.field("b")).toHaveValue("org/base");
});

test("a plain folder, a single file and a pull request are read as well", async ({ auscult, hub, house, watch }) => {
  // A folder is asked for an index and a config that it does not have.
  watch.expect(/404 \(Not Found\)/);
  const { base, tuned } = house.models;
  await openPair(auscult, hub.origin, hub.plain("base"), `${hub.plain("tuned")}model.safetensors`);
  expect(comparisonBreaches((await auscult.comparison()).pairs, base, tuned)).toEqual([]);
  await auscult.typeRefs("org/tuned@refs/pr/1", `${hub.origin}/org/tuned/tree/main`);
  await auscult.compare();
  await auscult.whenIdle();
  const comparison = await auscult.comparison();
  expect(comparison.a.revision).toBe(hub.commit("org/tuned", "refs/pr/1"));
  expect(comparisonBreaches(comparison.pairs, base, tuned)).toEqual([]);
});
