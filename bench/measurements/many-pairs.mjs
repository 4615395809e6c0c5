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
/** @param {string} name */
const pathOf = (name) => join(folder, `${name}.auscult.json`);

/**
 * @typedef {import("@playwright/test").Browser} Browser
 * @typedef {import("@playwright/test").Page} Page
 * @typedef {import("../stage/open-stage.mjs").Stage} Stage
 * @typedef {import("../stage/pair.mjs").GeneratedPair} GeneratedPair
 * @typedef {import("../stage/main-thread-probe.mjs").Freedom} Freedom
 * @typedef {(
 *   "open" | "saveBegun" | "openWhole" | "search" | "sort" | "experts" | "report" | "saveWhole" | "openSaved"
 * )} Step
 * @typedef {Record<Step, Freedom>} Steps
 * @typedef {Steps & { bytes: number }} Run `bytes` of the file saved last
 */

/**
 * The steps of a run in their order, as the table calls them.
 *
 * @type {Record<Step, string>}
 */
const STEPS = {
  open: "opening the headers and starting",
  saveBegun: "saving what was begun",
  openWhole: "opening a saved file in which all are read",
  search: "finding one expert's tensors in the table of that, and all again",
  sort: "ordering that by size of change",
  experts: "opening a layer's experts and closing them",
  report: "opening the report and closing it",
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

/** Clicks on a button and waits for what comes of it. @param {Page} page @param {string | RegExp} name */
async function press(page, name) {
  await page.getByRole("button", { name, exact: true }).first().click();
  await untilIdle(page);
}

/**
 * What a person does with an open comparison.
 *
 * @type {{ [step in "search" | "sort" | "experts" | "report" | "saveWhole"]: (page: Page) => Promise<void> }}
 */
const DEEDS = {
  search: async (page) => {
    for (const text of ["experts.1.", ""]) {
      await page.getByRole("searchbox", { name: "Find tensors" }).fill(text);
      await untilIdle(page);
    }
  },
  sort: (page) => press(page, "‖Δ‖ / ‖A‖"),
  experts: async (page) => {
    await press(page, /^Open the experts of layer/);
    await press(page, "Close the experts");
  },
  report: async (page) => {
    await press(page, "Report");
    await page.goBack();
    await untilIdle(page);
  },
  saveWhole: (page) => save(page, pathOf("saved")),
};

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
 * Drops a saved comparison of so many pairs on a fresh page.
 *
 * @template [Found=null]
 * @param {Browser} browser
 * @param {string} address the page's
 * @param {{ file: string, pairs: number }} saved
 * @param {(page: Page) => Promise<Found>} then what is done there afterwards
 * @returns {Promise<{ open: Freedom, done: Found }>}
 */
function openFile(browser, address, { file, pairs }, then) {
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
    return { open, done: await then(page) };
  });
}

/** Every deed, one after the other. @param {Page} page */
async function doAll(page) {
  /** @param {keyof typeof DEEDS} step */
  const done = (step) => watched(page, () => DEEDS[step](page));
  return {
    search: await done("search"),
    sort: await done("sort"),
    experts: await done("experts"),
    report: await done("report"),
    saveWhole: await done("saveWhole"),
  };
}

/** @type {(browser: Browser, address: string, pair: GeneratedPair, engine?: string) => Promise<Run>} */
async function runOnce(browser, address, pair, engine) {
  const open = await start(browser, address, pair, engine);
  const begun = await saveBegun(browser, address, pair, { engine, path: pathOf("begun") });
  const { pairs } = writeWhole(pathOf("begun"), pathOf("whole"));
  const whole = await openFile(browser, address, { file: pathOf("whole"), pairs }, doAll);
  const saved = await openFile(browser, address, { file: pathOf("saved"), pairs }, async () => null);
  return {
    open,
    saveBegun: begun,
    openWhole: whole.open,
    ...whole.done,
    openSaved: saved.open,
    bytes: statSync(pathOf("saved")).size,
  };
}

/**
 * @param {readonly Run[]} runs
 * @returns {import("../report/table.mjs").Row[]}
 */
function rowsOf(runs) {
  const steps = /** @type {[Step, string][]} */ (Object.entries(STEPS));
  const rows = steps.flatMap(([step, label]) => [
    { label: `${label}: longest task`, unit: "ms", values: runs.map((run) => run[step].longTask), goal: "≤ 50" },
    { label: `${label}: altogether`, unit: "s", values: runs.map((run) => run[step].seconds) },
  ]);
  return [...rows, { label: "the file saved last", unit: "MB", values: runs.map(({ bytes }) => bytes / 1e6) }];
}

/**
 * Whether a model of some 45,000 pairs leaves the main thread to the person while it is opened, looked through, saved and opened again.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const manyPairs = {
  name: "many-pairs",
  about:
    "the longest task while a comparison of a 671B mixture of experts is opened, looked through, saved and opened from its file",
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
