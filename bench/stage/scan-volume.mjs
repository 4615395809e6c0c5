import { firstDataAt } from "./data-log.mjs";
import { openingOf, watchOpening } from "./opening-probe.mjs";
import { alertOn, openPair, scanWorkers, untilIdle } from "./scan-once.mjs";

/**
 * `seconds` run from the first request for tensor data; `firstData` and `firstCell` are in milliseconds from navigation, the
 * latter null where none was drawn; `longestTask` in milliseconds, 0 where none was over 50.
 *
 * @typedef {{ seconds: number, workers: number, firstData: number, firstCell: number | null, longestTask: number }} ScannedVolume
 */

/**
 * Waits until the server has handed out so many bytes of tensor data.
 *
 * @param {import("./quiet-tab.mjs").Tab} page with a scan under way
 * @param {Promise<number>} reached the server's answer to `whenSent`, asked before the page was opened
 * @returns {Promise<number>} when that was (Date.now)
 * @throws {Error} with the page's own words where it came to rest before
 */
export function untilSent(page, reached) {
  const stopped = untilIdle(page).then(async () => {
    throw new Error(`The scan ended before the bytes to be read were. ${await alertOn(page)}`);
  });
  return Promise.race([reached, stopped]);
}

/**
 * Scans a generated pair in a fresh tab until its server has handed out `volume` bytes of tensor data, then closes the tab.
 * Bytes that are handed out but not yet computed are at most what sockets hold.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address the page's
 * @param {import("./pair.mjs").GeneratedPair} pair
 * @param {number} volume bytes of both models together
 * @param {{ engine?: string }} [options]
 * @returns {Promise<ScannedVolume>}
 * @throws {Error} where the page came to rest before that
 */
export async function scanVolume(browser, address, pair, volume, { engine } = {}) {
  const reached = pair.server.ask("whenSent", volume);
  const page = await openPair(browser, address, pair, { engine, prepare: watchOpening });
  try {
    const to = await untilSent(page, reached);
    const workers = await scanWorkers(page);
    const { navigated, firstCell, longestTask } = await openingOf(page);
    const from = firstDataAt(await pair.server.takeLog());
    return {
      seconds: (to - from) / 1000,
      workers,
      firstData: from - navigated,
      firstCell: firstCell === null ? null : firstCell - navigated,
      longestTask,
    };
  } finally {
    await page.close();
  }
}
