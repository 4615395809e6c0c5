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

/** The steps of a run in their order, as the table calls them. */
const STEPS = {
  open: "opening the headers and starting",
  saveBegun: "saving what was begun",
  openWhole: "opening a saved file in which all are read",
  saveWhole: "saving that",
  openSaved: "opening what was saved last",
};

/** Does something on the page and says how free its main thread was meanwhile. */
async function watched(page, act) {
  const from = Date.now();
  await act();
  return mainThreadBetween(page, { from, to: Date.now() });
}

async function save(page, path) {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as JSON", exact: true }).click(),
  ]);
  await download.saveAs(path);
  await untilIdle(page);
}

/** Opens the headers and starts. */
async function start(browser, stage, pair, engine) {
  const from = Date.now();
  const reached = pair.server.ask("whenSent", Math.min(VOLUME, dataBytesOf(pair) / 4));
  const page = await openPair(browser, stage.page, pair, { engine, prepare: watchMainThread });
  try {
    await untilSent(page, reached);
    return await mainThreadBetween(page, { from, to: Date.now() });
  } finally {
    await page.close();
  }
}

/** Does so again in a tab that can keep downloads, stops, and saves what there is to `path`. */
async function saveBegun(browser, stage, pair, { engine, path }) {
  const reached = pair.server.ask("whenSent", Math.min(VOLUME, dataBytesOf(pair) / 4));
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    await watchMainThread(page);
    await page.goto(addressOf(stage.page, pair, engine));
    await untilSent(page, reached);
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await untilIdle(page);
    return await watched(page, () => save(page, path));
  } finally {
    await context.close();
  }
}

/** Drops a saved comparison on a fresh page; with `path` it is saved again to there. */
async function openFile(browser, stage, { file, pairs, path }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(LIMIT);
    await watchMainThread(page);
    await page.goto(stage.page);
    await untilIdle(page);
    // A field of our own: the page has none, and what is dropped has to be a file from the disk.
    const field = await page.evaluateHandle(() => {
      const input = document.createElement("input");
      input.type = "file";
      return input;
    });
    await field.asElement().setInputFiles(file);
    const open = await watched(page, async () => {
      await field.evaluate((input) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(input.files[0]);
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
    return { open, save: path === undefined ? null : await watched(page, () => save(page, path)) };
  } finally {
    await context.close();
  }
}

async function runOnce(browser, stage, pair, engine) {
  const path = (name) => join(folder, `${name}.auscult.json`);
  const open = await start(browser, stage, pair, engine);
  const begun = await saveBegun(browser, stage, pair, { engine, path: path("begun") });
  const { pairs } = writeWhole(path("begun"), path("whole"));
  const whole = await openFile(browser, stage, { file: path("whole"), pairs, path: path("saved") });
  const saved = await openFile(browser, stage, { file: path("saved"), pairs });
  return {
    ...{ open, saveBegun: begun, openWhole: whole.open, saveWhole: whole.save, openSaved: saved.open },
    bytes: statSync(path("saved")).size,
  };
}

function rowsOf(runs) {
  const rows = Object.entries(STEPS).flatMap(([step, label]) => [
    { label: `${label}: longest task`, unit: "ms", values: runs.map((run) => run[step].longTask), goal: "≤ 50" },
    { label: `${label}: altogether`, unit: "s", values: runs.map((run) => run[step].seconds) },
  ]);
  return [...rows, { label: "the file saved last", unit: "MB", values: runs.map(({ bytes }) => bytes / 1e6) }];
}

/** Whether a model of some 45,000 pairs leaves the main thread to the person while it is opened, saved and opened again. */
export const manyPairs = {
  name: "many-pairs",
  about: "the longest task while a comparison of a 671B mixture of experts is opened, saved and opened from its file",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    mkdirSync(folder, { recursive: true });
    const pair = await stage.generated(quick ? "tiny MoE" : "671B MoE");
    const browser = await stage.launch();
    try {
      const runs = await repeat(() => runOnce(browser, stage, pair, engine));
      return { facts: { browser: stage.browserVersion, tensors: pair.tensors }, runs, rows: rowsOf(runs) };
    } finally {
      await browser.close();
    }
  },
};
