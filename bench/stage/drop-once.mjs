import { join } from "node:path";
import { openQuietTab } from "./quiet-tab.mjs";
import { untilIdle, wholeScan } from "./scan-once.mjs";

/**
 * Gives the page both files from the disk in a fresh tab, through its own pick fields, and scans them. Time runs from the
 * click on Compare, so that opening, reading the headers and starting the workers are in it, until all of it is drawn.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address the page's
 * @param {import("./pair.mjs").FilePair} pair
 * @param {{ engine?: string }} [options]
 * @returns {Promise<{ seconds: number, sumD2: number }>}
 * @throws {Error} where the scan did not see every element of every pair
 */
export async function dropOnce(browser, address, pair, { engine } = {}) {
  const page = await openQuietTab(browser);
  try {
    await page.goto(engine ? `${address}#engine=${engine}` : address);
    await untilIdle(page);
    for (const [index, side] of ["base", "tuned"].entries())
      await page.setInputFile("input[type=file][accept]", index, join(pair.folder, side, "model.safetensors"));
    const from = await page.evaluate(() => {
      const now = Date.now();
      /** @type {NodeListOf<HTMLButtonElement>} */
      const buttons = document.querySelectorAll("button[type=submit]");
      for (const button of buttons) if (button.textContent === "Compare") button.click();
      return now;
    });
    const to = await untilIdle(page);
    const { sumD2 } = await wholeScan(page, pair);
    return { seconds: (to - from) / 1000, sumD2 };
  } finally {
    await page.close();
  }
}
