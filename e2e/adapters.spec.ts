import { expect, test } from "./auscult-test.ts";
import { kohyaAdapter, peftAdapter } from "./fixtures/adapters.ts";
import { llamaPair } from "./fixtures/models.ts";
import { writeSafetensors } from "./fixtures/write-safetensors.ts";
import { comparisonBreaches, valuesOf } from "./float64-oracle.ts";
import { mergedOracle } from "./merged-oracle.ts";
import type { LogEntry } from "./server/request-log.ts";

/** Between the adapted tensors lie such as are too long to be read along with them. */
const { base, tuned, config } = llamaPair({ layers: 2, hidden: 200, vocab: 64, seed: 21 });
const modules = /\.(?:q|o)_proj\.weight$/;
const peft = peftAdapter(base, { modules });
const dora = peftAdapter(base, { modules, dora: true, dtype: "BF16" });
const kohya = kohyaAdapter(base, { modules, alpha: 3 });
const model = { "model.safetensors": writeSafetensors(base), "config.json": config };
const REPOS = {
  repos: {
    "org/base": { files: model },
    "org/tuned": { files: { "model.safetensors": writeSafetensors(tuned), "config.json": config } },
    "org/lora": { files: peft },
    "org/dora": { files: dora },
    "org/kohya": { files: { "kohya.safetensors": kohya } },
    "org/no-config": { files: { "adapter_model.safetensors": peft["adapter_model.safetensors"] } },
    "org/elsewhere": { files: peftAdapter(llamaPair({ layers: 4, hidden: 40 }).base, { modules }) },
  },
};
const ORACLES = [
  ["org/lora", mergedOracle(base, peft["adapter_model.safetensors"], { scale: 2, spelling: "peft" })],
  ["org/dora", mergedOracle(base, dora["adapter_model.safetensors"], { scale: 2, spelling: "peft" })],
  ["org/kohya", mergedOracle(base, kohya, { scale: 0.75, spelling: "kohya" })],
] as const;

for (const [ref, { tuned: merged }] of ORACLES)
  test(`${ref} over its base, to the oracle's last count`, async ({ auscult, newHub }) => {
    const hub = await newHub(REPOS);
    await auscult.open({ hub: hub.origin, a: "org/base", adapter: ref });
    await auscult.whenIdle();
    const { pairs, unpaired, b, engine } = await auscult.comparison();
    expect(unpaired).toEqual([]);
    expect(engine).toBe("wasm");
    expect(b).toMatchObject({ adapter: true });
    expect(merged).toHaveLength(4);
    const touched = pairs.filter(({ identical }) => !identical);
    expect(touched.every((pair) => pair.engine === undefined || pair.engine === engine)).toBe(true);
    const names = new Set(merged.map(({ name }) => name));
    expect(
      comparisonBreaches(
        touched,
        base.filter(({ name }) => names.has(name)),
        merged,
      ),
    ).toEqual([]);
    const others = pairs.filter(({ identical }) => identical);
    expect(others).toHaveLength(base.length - merged.length);
    expect(others.every(({ stats, coverage }) => stats === null && coverage === 1)).toBe(true);
    await expect(auscult.exactCells).toHaveCount(4);
  });

test("only the touched tensors of the base are read, and the link leads back to the same picture", async ({
  auscult,
  newHub,
  newTab,
}) => {
  const hub = await newHub(REPOS);
  await auscult.page.goto(auscult.address);
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs("org/base", "org/lora");
  await auscult.compare();
  await auscult.whenIdle();
  await hub.whenQuiet();
  const ranges = hub.log.filter(({ server, range }) => server === "cdn" && !/^bytes=0-/.test(range ?? ""));
  const bytesOf = (list: readonly LogEntry[]) => list.reduce((sum, { bytes }) => sum + bytes, 0);
  const [, { tuned: merged, bytes }] = ORACLES[0];
  const touched = base.filter(({ name }) => merged.some((one) => one.name === name));
  // Each of the four lies apart from the others; what the adapter has for it takes one request more.
  expect(ranges.length).toBe(8);
  expect(bytesOf(ranges)).toBe(touched.reduce((sum, { data }) => sum + data.length, 0) + bytes);
  await expect(auscult.progress).toContainText(`${base.length} of ${base.length} tensors exact`);

  await expect(auscult.page.getByRole("gridcell", { name: "unchanged (the adapter does not touch it" })).toHaveCount(
    10,
  );
  await auscult.cell("k_proj", 1).click();
  await expect(auscult.inspector).toContainText("Unchanged: the adapter does not touch it");
  await auscult.cell("q_proj", 1).click();
  await expect(auscult.inspector).toContainText("BF16 → F32");
  const picture = await auscult.picture();
  const link = new URLSearchParams(new URL(auscult.page.url()).hash.slice(1));
  expect([link.get("b"), link.get("adapter")]).toEqual([null, `org/lora@${hub.commit("org/lora")}`]);
  const tab = await newTab();
  await tab.page.goto(auscult.page.url());
  expect(await tab.picture()).toEqual(picture);
  expect(tab.page.url()).toBe(auscult.page.url());
});

test("alone it shows ‖ΔW‖ without its base, which is one click away", async ({ auscult, newHub }) => {
  const hub = await newHub(REPOS);
  await auscult.open({ hub: hub.origin, a: "org/lora" });
  await auscult.whenIdle();
  const zeros = base.map((tensor) => ({ ...tensor, dtype: "F64", data: new Uint8Array(tensor.data.length * 4) }));
  const { tuned: updates } = mergedOracle(zeros, peft["adapter_model.safetensors"], { scale: 2, spelling: "peft" });
  const { pairs, a, b } = await auscult.comparison();
  expect([a, b]).toMatchObject([{ adapter: true }, null]);
  expect(pairs.map(({ name, shape }) => [name, shape])).toEqual(updates.map(({ name, shape }) => [name, shape]));
  for (const [i, update] of updates.entries()) {
    const squares = valuesOf(update).reduce((sum, value) => sum + value * value, 0);
    expect((pairs[i].stats?.sumA2 ?? 0) / squares).toBeCloseTo(1, 9);
  }
  expect(hub.log.filter(({ url }) => url.includes("org/base"))).toEqual([]);
  await expect(auscult.notices).toContainText("org/lora is an adapter.");
  await auscult.cell("q_proj", 0).click();
  await expect(auscult.number("‖ΔW‖ Frobenius")).toHaveText(/^0\.\d/);

  await auscult.button(/^Compare with its base, org\/base$/).click();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(4);
});

test("beside a full fine-tune its change is compared with that one's, in the same pass", async ({
  auscult,
  newHub,
  newTab,
}) => {
  const hub = await newHub(REPOS);
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned", adapter: "org/lora" });
  await auscult.whenIdle();
  await hub.whenQuiet();
  const ranges = hub.log.filter(({ server, range }) => server === "cdn" && !/^bytes=0-/.test(range ?? ""));
  const bytesOf = (list: readonly LogEntry[]) => list.reduce((sum, { bytes }) => sum + bytes, 0);
  const sizeOf = (list: typeof base) => list.reduce((sum, { data }) => sum + data.length, 0);
  // All of both models, once, and the adapter's matrices: with each run that takes some of them, though no more often.
  expect(bytesOf(ranges)).toBe(sizeOf(base) + sizeOf(tuned) + ORACLES[0][1].bytes);

  const { pairs, a, b, adapter, unpaired } = await auscult.comparison();
  expect([a.adapter, b?.adapter, adapter?.adapter, unpaired]).toEqual([undefined, undefined, true, []]);
  expect(comparisonBreaches(pairs, base, tuned)).toEqual([]);
  const wide = base.map((tensor) => ({ ...tensor, dtype: "F64", data: doublesOf(tensor) }));
  const merged = mergedOracle(wide, peft["adapter_model.safetensors"], { scale: 2, spelling: "peft" }).tuned;
  for (const { name, deltas } of pairs) {
    const find = (list: typeof base) => list.find((tensor) => tensor.name === name);
    const [x, y, z] = [find(base), find(tuned), find(merged)].map((tensor) => (tensor ? valuesOf(tensor) : []));
    expect(deltas === undefined, name).toBe(z.length === 0);
    if (!deltas) continue;
    const sum = (of: (i: number) => number) => z.reduce((total, _, i) => total + of(i), 0);
    const [u, d] = [(i: number) => z[i] - x[i], (i: number) => Math.fround(y[i] - x[i])];
    expect(deltas.count).toBe(z.length);
    expect(deltas.sumU2 / sum((i) => u(i) ** 2)).toBeCloseTo(1, 9);
    expect(deltas.sumD2 / sum((i) => d(i) ** 2)).toBeCloseTo(1, 9);
    const size = Math.sqrt(sum((i) => u(i) ** 2) * sum((i) => d(i) ** 2));
    expect(Math.abs(deltas.sumUD - sum((i) => u(i) * d(i)))).toBeLessThan(1e-9 * size);
  }

  await auscult.choose("Measure", "cos(s·BA, Δ)");
  await auscult.cell("q_proj", 1).click();
  const touched = pairs.find(({ name }) => name.endsWith("layers.1.self_attn.q_proj.weight"))?.deltas;
  if (!touched) throw new Error("The adapter touches it.");
  const ratio = Math.sqrt(touched.sumU2 / touched.sumD2);
  const shown = (await auscult.number("‖s·BA‖ / ‖Δ‖").textContent()) ?? "";
  expect(Number(shown.trim()) / ratio).toBeCloseTo(1, 2);
  await expect(auscult.cell("k_proj", 1)).toHaveAccessibleName(/k_proj: exact$/);
  const row = (await auscult.tableRows()).find(([name]) => name.startsWith("model.layers.1.self_attn.q_proj"));
  expect(row?.at(-1)).toBe(shown.trim());

  await expect(auscult.page.getByLabel("adapter", { exact: true })).toHaveValue("org/lora");
  const tab = await newTab();
  await tab.page.goto(auscult.page.url());
  expect(await tab.picture()).toEqual(await auscult.picture());
  // By hand it is taken away again.
  await auscult.button("Take the adapter away").click();
  await auscult.compare();
  await auscult.whenIdle();
  expect((await auscult.comparison()).adapter).toBeUndefined();
});

test("what names another base, or is no adapter, is told of", async ({ auscult, newHub }) => {
  const other = peftAdapter(base, { modules, baseModel: "org/Another" });
  const hub = await newHub({ repos: { ...REPOS.repos, "org/of-another": { files: other } } });
  await auscult.open({ hub: hub.origin, a: "org/base", adapter: "org/of-another" });
  await auscult.whenIdle();
  await expect(auscult.notices).toContainText("was trained on org/Another, says its configuration, and A is org/base");
  await auscult.open();
  await auscult.open({ hub: hub.origin, a: "org/base", adapter: "org/tuned" });
  await auscult.whenIdle();
  await expect(auscult.error("b")).toHaveText(
    /opens org\/tuned as an adapter, but it is a whole model\. Press Compare/,
  );
});

const REFUSED: [a: string, b: string, side: "a" | "b", sentence: RegExp][] = [
  ["org/base", "org/no-config", "b", /adapter without its adapter_config\.json.*Give the folder or repo/],
  ["org/dora", "org/lora", "a", /are both adapters.*Put the base model into A/],
  ["org/lora", "org/tuned", "a", /org\/lora is an adapter, which can only stand in B\. Swap the two/],
  ["org/base", "org/elsewhere", "b", /Nothing of the adapter org\/elsewhere belongs to org\/base, for example/],
];
test("what cannot be applied says why", async ({ auscult, newHub, watch }) => {
  const hub = await newHub(REPOS);
  watch.expect(/404 \(Not Found\)/);
  await auscult.open({ hub: hub.origin });
  for (const [a, b, side, sentence] of REFUSED) {
    await auscult.typeRefs(a, b);
    await auscult.compare();
    await auscult.whenIdle();
    await expect(auscult.error(side), `${a}, ${b}`).toHaveText(sentence);
  }
});

function doublesOf(tensor: (typeof base)[number]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Float64Array.from(valuesOf(tensor)).buffer);
}
