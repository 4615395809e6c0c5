import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import type { AuscultPage } from "./auscult-page.ts";
import { expect, test } from "./auscult-test.ts";
import { releasedCases } from "./fixtures/released-cases.ts";
import links from "./released/demo-links.json" with { type: "json" };

const pathOf = (name: string) => fileURLToPath(new URL(`released/${name}.auscult.json.gz`, import.meta.url));
const textOf = (name: string) => gunzipSync(readFileSync(pathOf(name))).toString();

/** Each through another of the page's doors; the title tells when it is open. */
const FILES: [name: string, title: string, enter: (auscult: AuscultPage, name: string) => Promise<void>][] = [
  ["demo-tuned-wgsl", "demo:base → demo:tuned · Auscult", (auscult, name) => auscult.dropPaths([pathOf(name)])],
  [
    "adapter-beside-tuned",
    "org/base → org/tuned · Auscult",
    (auscult, name) => auscult.drop({ file: { name: `${name}.auscult.json`, text: textOf(name) } }),
  ],
  ["experts", "org/moe-base → org/moe-tuned · Auscult", (auscult, name) => auscult.dropPaths([pathOf(name)], "b")],
  [
    "stopped",
    "org/long-base → org/long-tuned · Auscult",
    async (auscult, name) => {
      const choice = auscult.page.waitForEvent("filechooser");
      await auscult.button("Choose files of this computer for A").click();
      await auscult.button("Files…").click();
      await (await choice).setFiles(pathOf(name));
    },
  ],
];

test("released files open to the numbers they hold", async ({ auscult }) => {
  await auscult.open();
  await auscult.whenIdle();
  for (const [name, title, enter] of FILES) {
    await enter(auscult, name);
    await expect(auscult.page).toHaveTitle(title);
    await auscult.whenIdle();
    const shown = JSON.parse(JSON.stringify(await auscult.comparison()));
    expect(shown, name).toEqual({ ...JSON.parse(textOf(name)), app: shown.app });
    await auscult.expectNoGarbage();
  }
});

/** One of each kind; the command line is held to all of them. */
const ASKED: Record<string, Record<string, string>> = {
  sharded: { a: "org/base-sharded", b: "org/tuned-sharded" },
  "quantised-fp8": { a: "org/base", b: "org/fp8" },
  "adapter-over-base": { a: "org/base", adapter: "org/lora" },
  "adapter-beside-tuned": { a: "org/base", b: "org/tuned", adapter: "org/lora" },
};

for (const { name, repos } of releasedCases().filter((one) => ASKED[one.name]))
  test(`${name}: computed again, it is what the released page saved, to the last bit`, async ({ auscult, newHub }) => {
    const hub = await newHub({ repos });
    await auscult.open({ hub: hub.origin, engine: "wasm", ...ASKED[name] });
    await auscult.whenIdle();
    const shown = JSON.parse(JSON.stringify(await auscult.comparison()));
    expect(shown).toEqual({ ...JSON.parse(textOf(name)), app: shown.app });
  });

for (const { hash, written, title, headline, inspector, notices } of links)
  test(`the released link ${hash} opens what it opened`, async ({ auscult }) => {
    await auscult.page.goto(auscult.address + hash);
    await auscult.whenIdle();
    expect(new URL(auscult.page.url()).hash).toBe(written);
    await expect(auscult.page).toHaveTitle(title);
    await expect(auscult.headline).toHaveText(headline);
    await expect(auscult.inspector.getByRole("heading")).toHaveText(inspector);
    await expect(auscult.notices.locator("p")).toHaveText(notices.map((notice) => `${notice}Dismiss`));
  });
