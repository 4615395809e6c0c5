import { firstDataAt } from "./data-log.mjs";
import { mainThreadBetween, watchMainThread } from "./main-thread-probe.mjs";
import { openPair, untilIdle, wholeScan } from "./scan-once.mjs";

/**
 * How free the page's main thread was during a scan and, where it was asked for, at rest afterwards.
 *
 * @typedef {{ scan: import("./main-thread-probe.mjs").Freedom, rest: import("./main-thread-probe.mjs").Freedom | null }} Watched
 */

/**
 * Scans `pair` in a fresh tab as `scanOnce` does and watches the main thread. A scan of its own: watching costs a little time.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address the page's
 * @param {import("./pair.mjs").Pair} pair
 * @param {{ engine?: string, rest?: number }} [options] `rest`: milliseconds for which the finished page is watched, too, to
 *   tell its own pauses from the machine's
 * @returns {Promise<Watched>}
 * @throws {Error} where the scan did not see every element of every pair
 */
export async function scanWatched(browser, address, pair, { engine, rest = 0 } = {}) {
  const page = await openPair(browser, address, pair, { engine, prepare: watchMainThread });
  try {
    const to = await untilIdle(page);
    const from = firstDataAt(await pair.server.takeLog());
    await wholeScan(page, pair);
    const scan = await mainThreadBetween(page, { from, to });
    if (rest === 0) return { scan, rest: null };
    const resting = Date.now();
    await page.waitForTimeout(rest);
    return { scan, rest: await mainThreadBetween(page, { from: resting, to: Date.now() }) };
  } finally {
    await page.close();
  }
}
