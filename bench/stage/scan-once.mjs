import { dataRequests, firstDataAt } from "./data-log.mjs";

/** Milliseconds after which a scan is given up: software WebGPU, the slowest engine, takes a tenth of that. */
const LIMIT = 180_000;

/**
 * Opens the stage's pair in a fresh tab of `browser` and waits until the scan is finished and all of it is drawn
 * (`whenIdle`). Time runs from the moment the first request for tensor data reaches the server.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {import("./open-stage.mjs").Stage} stage
 * @param {{ engine?: string, prepare?: (page: import("@playwright/test").Page) => Promise<void>, collect?: (page: import("@playwright/test").Page, window: { from: number, to: number }) => Promise<unknown> }} [options]
 *   `prepare` is called before the page is opened, `collect` while it still is
 * @returns {Promise<{ seconds: number, workers: number, requests: number, engine: string, sumD2: number, collected: unknown }>}
 * @throws {Error} where the scan did not see every element of every pair
 */
export async function scanOnce(browser, stage, { engine, prepare, collect } = {}) {
  await stage.data.takeLog();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  try {
    const page = await context.newPage();
    await prepare?.(page);
    const hash = new URLSearchParams({ v: "1", a: stage.refs.a, b: stage.refs.b, scan: "exact" });
    if (engine) hash.set("engine", engine);
    await page.goto(`${stage.page}#${hash}`);
    const to = await page.evaluate(async (limit) => {
      const given = new Promise((_, reject) => {
        setTimeout(() => reject(new Error(`The scan did not finish within ${limit / 1000} s.`)), limit);
      });
      await Promise.race([window.auscult.whenIdle(), given]);
      return Date.now();
    }, LIMIT);
    const log = await stage.data.takeLog();
    const found = await page.evaluate(() => {
      const comparison = window.auscult.comparison();
      const pairs = comparison?.pairs ?? [];
      return {
        engine: comparison?.engine,
        elements: pairs.reduce((sum, { stats, coverage }) => sum + (coverage === 1 ? stats.count : 0), 0),
        sumD2: pairs.reduce((sum, { stats }) => sum + (stats?.sumD2 ?? 0), 0),
        alert: document.querySelector("[role=alert]")?.textContent ?? "",
      };
    });
    if (found.elements !== stage.model.elements)
      throw new Error(`The scan saw ${found.elements} of ${stage.model.elements} elements. ${found.alert}`);
    const from = firstDataAt(log);
    return {
      seconds: (to - from) / 1000,
      workers: page.workers().filter((worker) => worker.url().includes("scan-worker")).length,
      requests: dataRequests(log).length,
      engine: found.engine,
      sumD2: found.sumD2,
      collected: await collect?.(page, { from, to }),
    };
  } finally {
    await context.close();
  }
}
