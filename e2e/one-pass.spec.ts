import { expect, test } from "./auscult-test.ts";

test("every measure, figure, drawing and the report come out of the one pass: no weight is asked for twice", async ({
  auscult,
}) => {
  const { page } = auscult;
  await auscult.open({ a: "demo:base", b: "demo:rescaled" });
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(56);
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));

  for (const measure of ["‖Δ‖", "k − 1", "changed", "‖Δ‖ / ‖A‖"]) await auscult.choose("Measure", measure);
  const kind = page.getByRole("combobox", { name: "kind of change" });
  for (const label of ["rescale share", "residual", "dip", "valley depth", "BitDelta energy"]) {
    await kind.selectOption({ label });
    await auscult.expectNoGarbage();
  }
  for (const figure of ["Figure 2", "Figure 3", "ours"]) {
    await auscult.choose("Pictures", figure);
    await auscult.whenIdle();
  }
  await auscult.cells.first().click();
  await auscult.whenIdle();
  await auscult.button("Report").click();
  await auscult.whenIdle();
  await expect(page.getByRole("heading", { name: "What kind of change it is" })).toBeVisible();

  expect(
    asked.some((url) => /\/report-page-[^/]+\.js$/.test(url)),
    "the report's own code is fetched, and seen here",
  ).toBe(true);
  expect(asked.filter((url) => new URL(url).pathname.startsWith("/demo/"))).toEqual([]);
});
