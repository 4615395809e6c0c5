import { dataRequests, firstDataAt } from "./data-log.mjs";
import { openQuietTab } from "./quiet-tab.mjs";

/** Milliseconds after which a scan is given up: software WebGPU, the slowest engine, takes a tenth of that. */
const LIMIT = 180_000;

/** The address at which the page begins an exact scan of `pair`. */
export function addressOf(address, pair, engine) {
  const hash = new URLSearchParams({ v: "1", a: pair.refs.a, b: pair.refs.b, scan: "exact" });
  if (engine) hash.set("engine", engine);
  return `${address}#${hash}`;
}

/**
 * Opens `pair` for an exact scan in a fresh tab of `browser`; closing that ends it.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address the page's
 * @param {import("./pair.mjs").Pair} pair
 * @param {{ engine?: string, prepare?: (page: import("./quiet-tab.mjs").QuietTab) => Promise<void> }} [options] `prepare` is called
 *   before the page is opened
 * @returns {Promise<import("./quiet-tab.mjs").QuietTab>}
 */
export async function openPair(browser, address, pair, { engine, prepare } = {}) {
  await pair.server.takeLog();
  const page = await openQuietTab(browser);
  try {
    await prepare?.(page);
    await page.goto(addressOf(address, pair, engine));
    return page;
  } catch (error) {
    await page.close();
    throw error;
  }
}

/** Resolves with the time (Date.now) when nothing happens on the page any more, and rejects after `LIMIT`. */
export const untilIdle = (page) =>
  page.evaluate(async (limit) => {
    const given = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`The page was not done within ${limit / 1000} s.`)), limit);
    });
    await Promise.race([window.auscult.whenIdle(), given]);
    return Date.now();
  }, LIMIT);

/** What the page has to complain about; empty where it is content. */
export const alertOn = (page) => page.evaluate(() => document.querySelector("[role=alert]")?.textContent ?? "");

/** The number of workers that scan, as the page says it. */
export const scanWorkers = (page) =>
  page.evaluate(() =>
    Number(/(\d+) workers?/.exec(document.querySelector("[popovertarget=engine-reason]")?.textContent ?? "")?.[1]),
  );

/**
 * Scans `pair` in a fresh tab of `browser` and waits until the scan is finished and all of it is drawn (`whenIdle`). Time
 * runs from the moment the first request for tensor data reaches the server.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address the page's
 * @param {import("./pair.mjs").Pair} pair
 * @param {{ engine?: string, prepare?: (page: import("./quiet-tab.mjs").QuietTab) => Promise<void>, collect?: (page: import("./quiet-tab.mjs").QuietTab, window: { from: number, to: number }) => Promise<unknown> }} [options]
 *   `prepare` is called before the page is opened, `collect` while it still is
 * @returns {Promise<{ seconds: number, workers: number, requests: number, engine: string, sumD2: number, collected: unknown }>}
 * @throws {Error} where the scan did not see every element of every pair
 */
export async function scanOnce(browser, address, pair, { engine, prepare, collect } = {}) {
  const page = await openPair(browser, address, pair, { engine, prepare });
  try {
    const to = await untilIdle(page);
    const log = await pair.server.takeLog();
    const found = await page.evaluate(() => {
      const comparison = window.auscult.comparison();
      const pairs = comparison?.pairs ?? [];
      return {
        engine: comparison?.engine,
        elements: pairs.reduce((sum, { stats, coverage }) => sum + (coverage === 1 ? stats.count : 0), 0),
        sumD2: pairs.reduce((sum, { stats }) => sum + (stats?.sumD2 ?? 0), 0),
      };
    });
    if (found.elements !== pair.elements)
      throw new Error(`The scan saw ${found.elements} of ${pair.elements} elements. ${await alertOn(page)}`);
    const from = firstDataAt(log);
    return {
      seconds: (to - from) / 1000,
      workers: await scanWorkers(page),
      requests: dataRequests(log).length,
      engine: found.engine,
      sumD2: found.sumD2,
      collected: await collect?.(page, { from, to }),
    };
  } finally {
    await page.close();
  }
}
