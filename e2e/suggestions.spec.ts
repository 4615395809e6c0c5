import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import type { HubServer } from "./server/hub-server.ts";

const searches = (hub: HubServer): (string | null)[] =>
  hub.log
    .filter(({ url }) => url.startsWith("/api/models?"))
    .map(({ url }) => new URL(url, hub.origin).searchParams.get("search"));

/** Stops the page's clock, an hour ahead, so that all is typed at once; what this resolves to lets it go on, a second later. */
async function heldClock({ page }: AuscultPage): Promise<() => Promise<void>> {
  const { clock } = page;
  await clock.install();
  await clock.pauseAt(Date.now() + 3_600_000);
  return async () => {
    await clock.runFor(1000);
    await clock.resume();
  };
}

test("typing in a field lists models; the keys choose one", async ({ auscult, hub }) => {
  const { keyboard } = auscult.page;
  await auscult.open({ hub: hub.origin });
  await auscult.field("a").focus();
  const rest = await heldClock(auscult);
  await keyboard.type("org/base");
  await rest();
  await expect(auscult.suggestions).not.toHaveCount(0);
  // One question for all that was typed at once.
  expect(searches(hub)).toEqual(["org/base"]);
  await expect(auscult.field("a")).toHaveAttribute("aria-expanded", "true");
  const names = await auscult.suggestions.allTextContents();
  expect(names).toContain("org/base-sharded");
  await keyboard.press("ArrowUp");
  await expect(auscult.suggestions.last()).toHaveAttribute("aria-selected", "true");
  await keyboard.press("ArrowDown");
  await keyboard.press("ArrowDown");
  const first = auscult.suggestions.first();
  await expect(first).toHaveAttribute("aria-selected", "true");
  await expect(auscult.field("a")).toHaveAttribute("aria-activedescendant", (await first.getAttribute("id")) ?? "");
  await keyboard.press("Enter");
  await expect(auscult.field("a")).toHaveValue(names[0]);
  await expect(auscult.field("a")).toBeFocused();
  await expect(auscult.suggestions).toHaveCount(0);
  // Taking a name compares nothing yet.
  expect(hub.log.filter(({ url }) => url.includes("/revision/"))).toEqual([]);
});

test("a name is taken by a click; Escape closes the list, and Enter compares what was typed", async ({
  auscult,
  hub,
}) => {
  const { keyboard } = auscult.page;
  await auscult.open({ hub: hub.origin });
  await auscult.field("a").pressSequentially("org/bas");
  await auscult.page.getByRole("option", { name: "org/base", exact: true }).click();
  await expect(auscult.field("a")).toHaveValue("org/base");
  await auscult.field("b").pressSequentially("org/tuned");
  await expect(auscult.suggestions).not.toHaveCount(0);
  await keyboard.press("Escape");
  await expect(auscult.suggestions).toHaveCount(0);
  await keyboard.press("Enter");
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
});

test("a Hub that is busy lists nothing, without a word, and is not asked twice", async ({ auscult, hub, watch }) => {
  watch.expect(/429 \(Too Many Requests\)/);
  await auscult.open({ hub: hub.origin });
  hub.set({ busy: 9 });
  const rest = await heldClock(auscult);
  await auscult.field("a").pressSequentially("org/base");
  await rest();
  await expect.poll(() => searches(hub)).toEqual(["org/base"]);
  await hub.whenQuiet();
  await auscult.whenIdle();
  await expect(auscult.suggestions).toHaveCount(0);
  await expect(auscult.notices).toBeEmpty();
});

test("the Hub of a link that waits for consent hears nothing of what is typed", async ({ auscult }) => {
  const asked: string[] = [];
  await auscult.page.context().route(/^https:/, (route) => {
    asked.push(route.request().url());
    return route.fulfill({ status: 200, json: [{ id: "org/one" }], headers: { "Access-Control-Allow-Origin": "*" } });
  });
  await auscult.open({ hub: "https://hub.invalid", a: "org/base", b: "org/tuned" });
  await expect(auscult.button("Connect")).toBeVisible();
  await auscult.field("a").fill("org/some");
  // The usual Hub, chosen by the person, answers what was typed last: the question before would have come first.
  await auscult.button("Access settings").click();
  await auscult.page.getByRole("textbox", { name: /^Hub\b/ }).fill("https://other.invalid");
  await auscult.button("Keep").click();
  await auscult.open();
  await auscult.field("a").fill("org/on");
  await expect(auscult.suggestions).toHaveText(["org/one"]);
  expect(asked.map((url) => new URL(url).host)).toEqual(["huggingface.co"]);
});
