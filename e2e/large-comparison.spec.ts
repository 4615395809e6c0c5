import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import type { ComparisonFile } from "../src/comparing/file/comparison-file.ts";
import { expect, test } from "./auscult-test.ts";
import { largeComparisonText } from "./fixtures/large-comparison.ts";

/** 671 billion weights: 61 layers of 256 experts, 46,909 pairs. */
const LARGE = { layers: 61, experts: 256 };
const PAIRS = 61 * (256 * 3 + 1);

test("a comparison of 46,909 pairs opens, answers, is reported and is saved", async ({ auscult }) => {
  const { page } = auscult;
  // It takes the place of another comparison.
  await auscult.open({ a: "demo:base", b: "demo:tuned" });
  await auscult.whenIdle();
  await page.evaluate(`globalThis.largeComparisonText = ${largeComparisonText.toString()}`);
  const dataTransfer = await page.evaluateHandle((size) => {
    const { largeComparisonText: text } = globalThis as unknown as { largeComparisonText(of: object): string[] };
    const transfer = new DataTransfer();
    transfer.items.add(new File(text(size), "large.auscult.json"));
    return transfer;
  }, LARGE);

  await page.dispatchEvent("body", "drop", { dataTransfer });
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(61 * 4);
  await expect(auscult.headline).toHaveText(/moved most|about alike/);

  await page.getByRole("searchbox", { name: "Find tensors" }).fill("layers.17. experts.200.");
  await auscult.whenIdle();
  expect((await auscult.tableRows()).map(([name]) => name)).toEqual(
    ["gate", "up", "down"].map((part) => `model.layers.17.mlp.experts.200.${part}_proj.weight`),
  );
  await page.getByRole("searchbox", { name: "Find tensors" }).fill("");
  await auscult.button("‖Δ‖ / ‖A‖").click();
  await auscult.whenIdle();
  expect((await auscult.tableRows())[0][0]).toMatch(/^model\.layers\.60\.mlp\.experts\.255\./);
  await auscult.button(/^Show 250 of/).click();
  await auscult.whenIdle();
  expect(await auscult.tableRows()).toHaveLength(250);
  await auscult.button("Later").click();
  await auscult.whenIdle();
  expect(await auscult.tableRows()).toHaveLength(250);
  await expect(page.getByText(/^251 to 500 of 46.909$/)).toBeVisible();

  await auscult.cell("experts.gate_proj", 3).click();
  await auscult.inspector.getByRole("combobox").selectOption("expert 12");
  await auscult.whenIdle();
  await expect(auscult.inspector.getByRole("heading")).toHaveText("Layer 3 · experts.gate_proj, expert 12");
  await expect(auscult.number("elements")).toHaveText(/14\s680\s064/);
  await expect(auscult.inspector.getByText(/keep one distribution together/)).toBeVisible();

  await auscult.button("Open the experts of layer 3").click();
  await auscult.whenIdle();
  const experts = page.getByRole("region", { name: "Experts" });
  await expect(experts.getByRole("gridcell")).toHaveCount(256 * 3);
  await auscult.button("Experts of layer 4").click();
  await auscult.whenIdle();
  await expect(experts.getByRole("heading")).toHaveText("Experts of layer 4");
  await auscult.button("Close the experts").click();
  await auscult.whenIdle();

  const [download] = await Promise.all([page.waitForEvent("download"), auscult.button("Save as JSON").click()]);
  await auscult.whenIdle();
  expect(download.suggestedFilename()).toBe("org_large-base--org_large-tuned.auscult.json.gz");
  const again = JSON.parse(gunzipSync(readFileSync(await download.path())).toString()) as ComparisonFile;
  const first = JSON.parse(largeComparisonText(LARGE).join("")) as ComparisonFile;
  expect(again.pairs).toHaveLength(PAIRS);
  expect(again.pairs).toEqual(first.pairs);
  expect(again.shared).toEqual(first.shared);

  await auscult.button("Report").click();
  await auscult.whenIdle();
  await expect(page.getByRole("article")).toContainText("All 46\u2009909 pairs of tensors");
});

/** The first bytes of a file with the tensors of such a model, and how long the whole file would be. */
function largeHeader(): { head: Buffer; size: number } {
  let at = 0;
  const lines: string[] = [];
  const add = (name: string, shape: number[]) => {
    const end = at + 2 * shape.reduce((product, n) => product * n, 1);
    lines.push(`"${name}":{"dtype":"BF16","shape":[${shape}],"data_offsets":[${at},${end}]}`);
    at = end;
  };
  for (let layer = 0; layer < LARGE.layers; layer++) {
    add(`model.layers.${layer}.self_attn.o_proj.weight`, [7168, 16_384]);
    for (let expert = 0; expert < LARGE.experts; expert++)
      for (const part of ["gate", "up", "down"])
        add(`model.layers.${layer}.mlp.experts.${expert}.${part}_proj.weight`, [2048, 7168]);
  }
  const json = Buffer.from(`{${lines.join(",")}}`);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  return { head: Buffer.concat([length, json]), size: 8 + json.length + at };
}

test("two checkpoints of 46,909 tensors are opened and paired", async ({ auscult, watch }) => {
  // A folder on the web need not have a config.json.
  watch.expect(/404 .*config\.json/);
  const { page } = auscult;
  const { head, size } = largeHeader();
  await page.context().route("https://large.test/**", (route) => {
    if (!route.request().url().endsWith(".safetensors"))
      return route.fulfill({ status: 404, headers: { "access-control-allow-origin": "*" } });
    const range = /bytes=(\d+)-(\d+)?/.exec(route.request().headers().range ?? "");
    const from = Number(range?.[1] ?? 0);
    const to = Math.min(head.length, Number(range?.[2] ?? head.length - 1) + 1);
    return route.fulfill({
      status: 206,
      headers: {
        ...{ "access-control-allow-origin": "*", "access-control-expose-headers": "*", etag: '"1"' },
        ...{ "accept-ranges": "bytes", "content-range": `bytes ${from}-${to - 1}/${size}` },
      },
      body: route.request().method() === "HEAD" ? "" : head.subarray(from, to),
    });
  });
  await auscult.open();
  await auscult.whenIdle();
  await auscult.typeRefs("https://large.test/a/model.safetensors", "https://large.test/b/model.safetensors");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.notices).toContainText(/2\.78 TB to read/);
  await expect(auscult.cells).toHaveCount(61 * 4);
});
