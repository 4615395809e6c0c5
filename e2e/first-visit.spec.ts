import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { barriers } from "./barriers.ts";

const sidewaysScroll = ({ page }: AuscultPage): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Presses Tab until what has the focus answers to `selector`, as someone without a mouse would. */
async function tabTo({ page }: AuscultPage, selector: string, most = 40): Promise<void> {
  for (let presses = 0; presses < most; presses++) {
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`${most} presses of Tab do not lead to ${selector}.`);
}

/** Hosts that the page asks over https, all of which know nothing. */
async function askedHosts({ page }: AuscultPage): Promise<Set<string>> {
  const hosts = new Set<string>();
  await page.context().route(/^https:/, (route) => {
    hosts.add(new URL(route.request().url()).host);
    return route.fulfill({ status: 404, headers: { "Access-Control-Allow-Origin": "*" } });
  });
  return hosts;
}

test("a first visit offers the demo and three known pairs, and asks nobody anything", async ({ auscult }) => {
  const hosts = await askedHosts(auscult);
  await auscult.open();
  await auscult.whenIdle();
  await expect(auscult.headline).toBeVisible();
  await expect(auscult.button("Look at the demo")).toBeVisible();
  await expect(auscult.button(/compared with/)).toHaveCount(3);
  await expect(auscult.progress).toHaveCount(0);
  expect([...hosts]).toEqual([]);
});

test("a known pair is one click away", async ({ auscult, watch }) => {
  watch.expect(/404 \(Not Found\)/);
  const hosts = await askedHosts(auscult);
  await auscult.open();
  await auscult
    .button(/compared with/)
    .last()
    .click();
  await auscult.whenIdle();
  expect([...hosts]).toEqual(["huggingface.co"]);
  await expect(auscult.field("a")).toHaveValue(/^\w+\/[\w.-]+$/);
  await expect(auscult.error("a")).toContainText("There is no model");
});

test("all of it can be done from the keyboard", async ({ auscult, hub }) => {
  const { keyboard } = auscult.page;
  await auscult.open({ hub: hub.origin });
  await auscult.whenIdle();
  await tabTo(auscult, "#operand-a");
  await keyboard.type("org/base");
  await tabTo(auscult, "#operand-b");
  await keyboard.type("org/tuned");
  await keyboard.press("Enter");
  await auscult.whenIdle();
  // Enter compares once: each operand is looked up a single time.
  expect(hub.log.filter(({ url }) => url.includes("/revision/")).length).toBe(2);

  await tabTo(auscult, "[role=gridcell]");
  const focused = () => auscult.page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");
  const first = await focused();
  // The grid is entered at the selected cell, wherever that is: to its first cell, then about.
  await keyboard.press("Control+Home");
  expect(await focused()).toMatch(/^Layer 0 · q_proj:/);
  await keyboard.press("ArrowRight");
  expect(await focused()).toMatch(/^Layer 1 · q_proj:/);
  await keyboard.press("ArrowDown");
  expect(await focused()).toMatch(/^Layer 1 · k_proj:/);
  await keyboard.press("End");
  expect(await focused()).toMatch(/^Layer 2 · k_proj:/);
  expect(first).toMatch(/^Layer \d · /);
  await keyboard.press("Enter");
  await expect(auscult.inspector.getByRole("heading")).toHaveText("Layer 2 · k_proj");
  await expect(auscult.cell("k_proj", 2)).toHaveAttribute("aria-selected", "true");
  await expect(auscult.cell("k_proj", 2)).toBeFocused();
  await keyboard.press("ArrowLeft");
  await keyboard.press("Space");
  await expect(auscult.inspector.getByRole("heading")).toHaveText("Layer 1 · k_proj");
  await tabTo(auscult, "[type=search]");
  await keyboard.type("norm");
  await expect.poll(async () => (await auscult.tableRows()).length).toBe(7);
});

for (const scheme of ["light", "dark"] as const) {
  test(`nothing bars the way of anyone, ${scheme}`, async ({ auscult, hub }) => {
    await auscult.page.emulateMedia({ colorScheme: scheme });
    const serious = () => barriers(auscult.page, { scheme, onlySerious: true });
    await auscult.open({ hub: hub.origin });
    await auscult.whenIdle();
    expect(await serious(), "welcome").toEqual([]);
    await auscult.typeRefs("org/base", "no such thing");
    await auscult.compare();
    await auscult.whenIdle();
    expect(await serious(), "an error").toEqual([]);
    await auscult.typeRefs("org/base", "org/tuned");
    await auscult.compare();
    await auscult.whenIdle();
    await auscult.cell("o_proj", 1).click();
    expect(await serious(), "a finished comparison").toEqual([]);
    await auscult.button("Access settings").click();
    expect(await serious(), "the settings").toEqual([]);
  });
}

test("at 320 and at 768 px the page does not scroll sideways", async ({ auscult, hub }) => {
  const { page } = auscult;
  const expectToFit = async (what: string) => {
    for (const width of [768, 320]) {
      await page.setViewportSize({ width, height: 700 });
      await auscult.whenIdle();
      expect(await sidewaysScroll(auscult), `${what}, ${width} px`).toBe(0);
    }
  };
  await page.setViewportSize({ width: 320, height: 700 });
  await auscult.open({ hub: hub.origin });
  await auscult.whenIdle();
  await expectToFit("welcome");
  await auscult.typeRefs("org/base", "org/a-name-that-has-no-end-and-is-nowhere-to-be-found/at/all");
  await auscult.compare();
  await auscult.whenIdle();
  await expectToFit("an error");
  await auscult.typeRefs("org/base", "org/tuned");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  await expectToFit("a finished comparison");
});

test("on a stage the picture stays and the controls go", async ({ auscult, hub }) => {
  await auscult.open({ hub: hub.origin, a: "org/base", b: "org/tuned" });
  await auscult.whenIdle();
  await auscult.button("Present").click();
  await expect(auscult.exactCells).toHaveCount(21);
  expect(new URL(auscult.page.url()).hash).toContain("present=1");
  await auscult.page.reload();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  await auscult.button("Leave stage").click();
  await expect(auscult.button("Present")).toBeVisible();
});
