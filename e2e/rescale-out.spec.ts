import { expect, test } from "./auscult-test.ts";

/** Where the ridges of a figure are highest, as their labels say it. */
const peaks = (labels: (string | null)[]) =>
  labels.map((label) => Number(/highest at ([−+]?[\d.]+)/.exec(label ?? "")?.[1].replace("−", "-")));

test("the rescale is taken out of a row that was multiplied, in a second pass over its layers alone", async ({
  auscult,
}) => {
  const { page } = auscult;
  await auscult.open({ a: "demo:base", b: "demo:rescaled", module: "o_proj" });
  await auscult.whenIdle();
  const panel = page.getByRole("region", { name: "Relative change" });
  const figure = (title: string) =>
    panel.locator("figure").filter({ has: page.locator(`figcaption b:text-is("${title}")`) });
  const labels = (title: string) =>
    figure(title)
      .getByRole("option")
      .evaluateAll((all) => all.map((one) => one.getAttribute("aria-label")));
  for (const peak of peaks(await labels("Δ / a"))) expect(Math.abs(peak + 0.37)).toBeLessThan(0.05);

  const asked: string[] = [];
  page.on("request", (request) => {
    if (request.url().endsWith("/model.safetensors")) asked.push(request.headers().range ?? "all of it");
  });
  await expect(panel).toContainText(/reads these 8 layers once more \(\d+(\.\d+)? [kM]B\)/);
  await auscult.button("Take the rescale out").click();
  await auscult.whenIdle();
  await expect(panel.getByRole("status")).toHaveText(/^Taken out: k from 0\.61\d* to 0\.63\d*\.$/);
  const after = peaks(await labels("(b − k·a) / k·a"));
  expect(after).toHaveLength(8);
  for (const peak of after) expect(Math.abs(peak)).toBeLessThan(0.05);
  // Of either side the 8 layers of 128 × 128 weights, and no byte else.
  const bytes = asked
    .map((range) => /^bytes=(\d+)-(\d+)$/.exec(range))
    .map((of) => Number(of?.[2]) - Number(of?.[1]) + 1);
  expect(bytes).toEqual(new Array(2 * 8).fill(2 * 128 * 128));
  await auscult.expectNoGarbage();

  await auscult.button("Leave it in").click();
  await expect(panel.locator("figure")).toHaveCount(2);
  await expect(auscult.button("Take the rescale out")).toBeVisible();
});
