import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { mainThreadBetween, watchMainThread } from "../stage/main-thread-probe.mjs";
import { writeWhole } from "../stage/many-pairs-file.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { addressOf, openPair, untilIdle } from "../stage/scan-once.mjs";
import { untilSent } from "../stage/scan-volume.mjs";
import { work } from "../stage/workspace.mjs";

/** Bytes of both models together that are read before the scan is stopped: long enough to be under way. */
const VOLUME = 2e8;
/** Milliseconds for any single step. */
const LIMIT = 180_000;
const folder = join(work, "many-pairs");

/**
 * @typedef {import("@playwright/test").Browser} Browser
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("../stage/open-stage.mjs").Stage} Stage
 * @typedef {import("../stage/pair.mjs").GeneratedPair} GeneratedPair
 * @typedef {import("../stage/main-thread-probe.mjs").Freedom} Freedom
 * @typedef {{ open: Freedom, saveBegun: Freedom, openWhole: Freedom, saveWhole: Freedom, openSaved: Freedom }} Steps
 * @typedef {Steps & { bytes: number }} Run `bytes` of the file saved last
 */

/**
 * The steps of a run in their order, as the table calls them.
 *
 * @type {Record<keyof Steps, string>}
 */
const STEPS = {
  open: "opening the headers and starting",
  saveBegun: "saving what was begun",
  openWhole: "opening a saved file in which all are read",
  saveWhole: "saving that",
  openSaved: "opening what was saved last",
};

/**
 * Does something on the page and says how free its main thread was meanwhile.
 *
 * @param {Page} page
 * @param {() => Promise<void>} act
 */
async function watched(page, act) {
  const from = Date.now();
  await act();
  return mainThreadBetween(page, { from, to: Date.now() });
}

/** @type {(page: Page, path: string) => Promise<void>} */
async function save(page, path) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as JSON", exact: true }).click(),
  ]);
  await download.saveAs(path);
  await untilIdle(page);
}

/**
 * Does something in a tab of Playwright's own, which can keep downloads and whose main thread is watched.
 *
 * @template Found
 * @param {Browser} browser
 * @param {string} address
 * @param {(page: Page) => Promise<Found>} work
 * @returns {Promise<Found>}
 */
async function inOwnTab(browser, address, work) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    await watchMainThread(page);
    await page.goto(address);
    return await work(page);
  } finally {
    await context.close();
  }
}

/**
 * Opens the headers and starts.
 *
 * @param {Browser} browser
 * @param {string} address the page's
 * @param {GeneratedPair} pair
 * @param {string} [engine]
 */
async function start(browser, address, pair, engine) {
  const from = Date.now();
  const reached = pair.server.ask("whenSent", Math.min(VOLUME, dataBytesOf(pair) / 4));
  const page = await openPair(browser, address, pair, { engine, prepare: watchMainThread });
  try {
    await untilSent(page, reached);
    return await mainThreadBetween(page, { from, to: Date.now() });
  } finally {
    await page.close();
  }
}

/**
 * Does so again in a tab that can keep downloads, stops, and saves what there is to `path`.
 *
 * @param {Browser} browser
 * @param {string} address the page's
 * @param {GeneratedPair} pair
 * @param {{ engine?: string, path: string }} options
 */
function saveBegun(browser, address, pair, { engine, path }) {
  const reached = pair.server.ask("whenSent", Math.min(VOLUME, dataBytesOf(pair) / 4));
  return inOwnTab(browser, addressOf(address, pair, engine), async (page) => {
    await untilSent(page, reached);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await untilIdle(page);
    return watched(page, () => save(page, path));
  });
}

/**
 * Drops a saved comparison of so many pairs on a fresh page; what `then` does afterwards is watched, too.
 *
 * @param {Browser} browser
 * @param {string} address the page's
 * @param {{ file: string, pairs: number }} saved
 * @param {(page: Page) => Promise<void>} [then]
 */
function openFile(browser, address, { file, pairs }, then = async () => {}) {
  return inOwnTab(browser, address, async (page) => {
    await untilIdle(page);
    // A field of our own: the page has none, and what is dropped has to be a file from the disk.
    const field = await page.evaluateHandle(() => {
      const input = document.createElement("input");
      input.type = "file";
      return input;
    });
    await field.setInputFiles(file);
    const open = await watched(page, async () => {
      await field.evaluate((input) => {
        const dataTransfer = new DataTransfer();
        for (const given of input.files ?? []) dataTransfer.items.add(given);
        document.body.dispatchEvent(new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer }));
      });
      // The title names the models as soon as they are there.
      await page
        .waitForFunction(() => document.title !== "Auscult")
        .catch(async (cause) => {
          throw new Error(
            `The page did not open ${file}: ${await page.locator("div[aria-live=polite]").textContent()}`,
            {
              cause,
            },
          );
        });
      await untilIdle(page);
    });
    const shown = await page.locator("[aria-label='All tensors'] .sub").first().textContent();
    if (!shown?.replaceAll(/\D/g, "").startsWith(String(pairs)))
      throw new Error(`The page shows "${shown}" of a file with ${pairs} pairs.`);
    return { open, after: await watched(page, () => then(page)) };
  });
}

/** @type {(browser: Browser, address: string, pair: GeneratedPair, engine?: string) => Promise<Run>} */
async function runOnce(browser, address, pair, engine) {
  /** @param {string} name */
  const path = (name) => join(folder, `${name}.auscult.json`);
  const open = await start(browser, address, pair, engine);
  const begun = await saveBegun(browser, address, pair, { engine, path: path("begun") });
  const { pairs } = writeWhole(path("begun"), path("whole"));
  const whole = await openFile(browser, address, { file: path("whole"), pairs }, (page) => save(page, path("saved")));
  const saved = await openFile(browser, address, { file: path("saved"), pairs });
  return {
    open,
    saveBegun: begun,
    openWhole: whole.open,
    saveWhole: whole.after,
    openSaved: saved.open,
    bytes: statSync(path("saved")).size,
  };
}

/**
 * @param {readonly Run[]} runs
 * @returns {import("../report/table.mjs").Row[]}
 */
function rowsOf(runs) {
  const steps = /** @type {[keyof Steps, string][]} */ (Object.entries(STEPS));
  const rows = steps.flatMap(([step, label]) => [
    { label: `${label}: longest task`, unit: "ms", values: runs.map((run) => run[step].longTask), goal: "≤ 50" },
    { label: `${label}: altogether`, unit: "s", values: runs.map((run) => run[step].seconds) },
  ]);
  return [...rows, { label: "the file saved last", unit: "MB", values: runs.map(({ bytes }) => bytes / 1e6) }];
}

/**
 * Whether a model of some 45,000 pairs leaves the main thread to the person while it is opened, saved and opened again.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const manyPairs = {
  name: "many-pairs",
  about: "the longest task while a comparison of a 671B mixture of experts is opened, saved and opened from its file",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    mkdirSync(folder, { recursive: true });
    const pair = await stage.generated(quick ? "tiny MoE" : "671B MoE");
    const page = await stage.page();
    return stage.withBrowser(async (browser) => {
      const runs = await repeat(() => runOnce(browser, page, pair, engine));
      return { facts: { browser: stage.browserVersion, tensors: pair.tensors }, runs, rows: rowsOf(runs) };
    });
  },
};
