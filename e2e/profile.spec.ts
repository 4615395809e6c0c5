import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "./auscult-test.ts";
import { barriers } from "./barriers.ts";
import { valuesOf } from "./float64-oracle.ts";

const MATRIX = "model.layers.3.self_attn.q_proj.weight";
const [ROWS, COLUMNS] = [128, 128];

/** A tensor's values, straight from the demo's file. */
function stored(model: string): number[] {
  const file = readFileSync(
    join(fileURLToPath(new URL("../public/demo", import.meta.url)), model, "model.safetensors"),
  );
  const length = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + length).toString()) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >;
  const { dtype, shape, data_offsets: at } = header[MATRIX];
  const data = Uint8Array.from(file.subarray(8 + length + at[0], 8 + length + at[1]));
  return valuesOf({ name: MATRIX, dtype, shape, data });
}

interface ProfileResult {
  matrix: string;
  rows: { d: number[] };
  columns: { d: number[] };
}

test("a cell of Delta opens its rows and columns, which are the norms of the bytes", async ({ auscult }) => {
  const { page } = auscult;
  await auscult.open({ a: "demo:base", b: "demo:tuned", cell: "q_proj@3" });
  await auscult.whenIdle();
  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/model.safetensors")) asked.push(request.headers().range ?? "all of it");
  });
  await auscult.button("Rows and columns").click();
  await auscult.whenIdle();
  await expect(page.getByRole("tab", { name: "Rows and columns" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("heading", { name: "Layer 3 · q_proj" })).toBeVisible();

  const [a, b] = [stored("base"), stored("tuned")];
  const norm = (of: (i: number) => number, count: number) =>
    Math.sqrt(Array.from({ length: count }, (_, i) => Math.fround(b[of(i)] - a[of(i)]) ** 2).reduce((x, y) => x + y));
  const found = (await page.evaluate(() => window.auscult.result("profile"))) as ProfileResult;
  expect(found.matrix).toBe(MATRIX);
  expect([found.rows.d.length, found.columns.d.length]).toEqual([ROWS, COLUMNS]);
  for (const [row, value] of found.rows.d.entries())
    expect(value).toBeCloseTo(
      norm((i) => row * COLUMNS + i, COLUMNS),
      7,
    );
  for (const [column, value] of found.columns.d.entries())
    expect(value).toBeCloseTo(
      norm((i) => i * COLUMNS + column, ROWS),
      7,
    );
  // Of either side this matrix, and no byte else.
  const lengths = asked
    .map((range) => /^bytes=(\d+)-(\d+)$/.exec(range))
    .map((of) => Number(of?.[2]) - Number(of?.[1]) + 1);
  expect(lengths).toEqual([2 * ROWS * COLUMNS, 2 * ROWS * COLUMNS]);

  const rows = page.getByRole("region", { name: "Rows" });
  await expect(rows.getByRole("heading")).toHaveText(/^The row that moved most carries \d\.\d % of ‖Δ‖²/);
  await expect(rows).toContainText(/\d+ of 128 rows \(\d+\.\d %\) lie outside the band/);
  // The demo's four heads of q stand along its rows.
  expect(await rows.locator("text.along").allTextContents()).toEqual(["0", "1", "2", "3"]);
  await auscult.expectNoGarbage();
});

test("is brought back by its link, read by keyboard, and leads back to Delta", async ({ auscult }) => {
  const { page } = auscult;
  await auscult.open({ a: "demo:base", b: "demo:tuned", instrument: "profile", matrix: MATRIX, order: "sorted" });
  await auscult.whenIdle();
  expect(new URLSearchParams(new URL(page.url()).hash.slice(1)).get("matrix")).toBe(MATRIX);
  const columns = page.getByRole("slider", { name: "Norms by column, 128" });
  await columns.focus();
  await expect(columns).toHaveAttribute("aria-valuetext", /^column \d+: 0\.\d+$/);
  const most = await columns.getAttribute("aria-valuetext");
  await page.keyboard.press("End");
  await expect(columns).not.toHaveAttribute("aria-valuetext", most ?? "");
  await expect(columns).toHaveAttribute("aria-valuenow", "128");
  expect(await barriers(page)).toEqual([]);

  await page.getByLabel("Module").selectOption("down_proj");
  await auscult.whenIdle();
  await expect(page.getByRole("heading", { name: "Layer 3 · down_proj" })).toBeVisible();
  await auscult.button("Show in Delta").click();
  await auscult.whenIdle();
  await expect(page.getByRole("tab", { name: "Delta" })).toHaveAttribute("aria-selected", "true");
  await expect(page.getByRole("complementary").getByRole("heading", { name: "Layer 3 · down_proj" })).toBeVisible();
  await page.goBack();
  await auscult.whenIdle();
  await expect(page.getByRole("heading", { name: "Layer 3 · down_proj" })).toBeVisible();
});

test("says what it cannot show: one model alone, a saved comparison, a matrix that is not there", async ({
  auscult,
}) => {
  const { page } = auscult;
  await auscult.open({ a: "demo:base", instrument: "profile" });
  await auscult.whenIdle();
  await expect(page.getByRole("region", { name: "Rows and columns" })).toContainText("One model alone has no change.");

  await auscult.open({
    a: "demo:base",
    b: "demo:tuned",
    instrument: "profile",
    matrix: "no.such.weight",
    order: "odd",
  });
  await auscult.whenIdle();
  await expect(page.getByRole("heading", { name: "Layer 7 · down_proj" })).toBeVisible();
  await expect(page.getByText("The link asks for order=odd, which this page does not know")).toBeVisible();
  const text = JSON.stringify(await auscult.comparison());
  await auscult.drop({ file: { name: "saved.auscult.json", text } });
  await auscult.whenIdle();
  await expect(page.getByText("are not in a saved comparison")).toBeVisible();
});
