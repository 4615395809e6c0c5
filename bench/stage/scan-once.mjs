import { dataRequests, firstDataAt } from "./data-log.mjs";
import { openQuietTab } from "./quiet-tab.mjs";

/** Milliseconds after which a scan is given up: software WebGPU, the slowest engine, takes a tenth of that. */
const LIMIT = 180_000;

/**
 * @typedef {import("@playwright/test").Browser} Browser
 * @typedef {import("./pair.mjs").Pair} Pair
 * @typedef {import("./quiet-tab.mjs").Tab} Tab
 *
 * @typedef {{ seconds: number, workers: number, requests: number, engine: string | null, sumD2: number }} Scanned
 */

/**
 * The address at which the page begins an exact scan of `pair`.
 *
 * @param {string} address the page's
 * @param {Pair} pair
 * @param {string} [engine]
 */
export function addressOf(address, pair, engine) {
  const hash = new URLSearchParams({ v: "1", a: pair.refs.a, b: pair.refs.b, scan: "exact" });
  if (engine) hash.set("engine", engine);
  return `${address}#${hash}`;
}

/**
 * Opens `pair` for an exact scan in a fresh tab of `browser`; closing that ends it.
 *
 * @param {Browser} browser
 * @param {string} address the page's
 * @param {Pair} pair
 * @param {{ engine?: string, prepare?: (page: Tab) => Promise<unknown> }} [options] `engine` forces the page's; `prepare` is
 *   called before the page is opened
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

/**
 * Resolves with the time (Date.now) when nothing happens on the page any more, and rejects after `LIMIT`.
 *
 * @param {Tab} page
 * @returns {Promise<number>}
 */
export const untilIdle = (page) =>
  page.evaluate(async (limit) => {
    const given = new Promise((_, reject) => {
      setTimeout(() => reject(new Error(`The page was not done within ${limit / 1000} s.`)), limit);
    });
    await Promise.race([window.auscult.whenIdle(), given]);
    return Date.now();
  }, LIMIT);

/**
 * What the page has to complain about; empty where it is content.
 *
 * @param {Tab} page
 */
export const alertOn = (page) => page.evaluate(() => document.querySelector("[role=alert]")?.textContent ?? "");

/**
 * The number of workers that scan, as the page says it; NaN where it does not.
 *
 * @param {Tab} page
 */
export const scanWorkers = (page) =>
  page.evaluate(() =>
    Number(/(\d+) workers?/.exec(document.querySelector("[popovertarget=engine-reason]")?.textContent ?? "")?.[1]),
  );

/**
 * What a finished scan found out.
 *
 * @param {Tab} page
 * @param {Pair} pair that was scanned
 * @throws {Error} where the scan did not see every element of every pair
 */
export async function wholeScan(page, pair) {
  const { elements, ...found } = await page.evaluate(() => {
    const comparison = window.auscult.comparison();
    const pairs = comparison?.pairs ?? [];
    return {
      engine: comparison?.engine ?? null,
      elements: pairs.reduce((sum, { stats, coverage }) => sum + (coverage === 1 ? (stats?.count ?? 0) : 0), 0),
      sumD2: pairs.reduce((sum, { stats }) => sum + (stats?.sumD2 ?? 0), 0),
    };
  });
  if (elements !== pair.elements)
    throw new Error(`The scan saw ${elements} of ${pair.elements} elements. ${await alertOn(page)}`);
  return found;
}

/**
 * Scans `pair` in a fresh tab of `browser` and waits until the scan is finished and all of it is drawn (`whenIdle`). Time
 * runs from the moment the first request for tensor data reaches the server.
 *
 * @param {Browser} browser
 * @param {string} address the page's
 * @param {Pair} pair
 * @param {{ engine?: string }} [options]
 * @returns {Promise<Scanned>}
 * @throws {Error} where the scan did not see every element of every pair
 */
export async function scanOnce(browser, address, pair, { engine } = {}) {
  const page = await openPair(browser, address, pair, { engine });
  try {
    const to = await untilIdle(page);
    const log = await pair.server.takeLog();
    const found = await wholeScan(page, pair);
    const seconds = (to - firstDataAt(log)) / 1000;
    return { seconds, workers: await scanWorkers(page), requests: dataRequests(log).length, ...found };
  } finally {
    await page.close();
  }
}
