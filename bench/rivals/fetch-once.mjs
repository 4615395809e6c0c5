import { dataRequests, firstDataAt } from "../stage/data-log.mjs";

/** The longest range that is asked for, as in the page's read plan. */
const LONGEST = 64 * 2 ** 20;
/** Requests that each worker keeps open: the page's workers read A and B side by side. */
const LANES = 2;
/** The one buffer of a lane. */
const BUFFER = 2 ** 20;

/** Both files' tensor data in equal ranges, as few as `LONGEST` allows and a multiple of `lanes`, A and B in turn. */
function rangesOf({ refs, model }, lanes) {
  const { dataBegin, fileBytes } = model;
  const bytes = fileBytes - dataBegin;
  let parts = 1;
  while (bytes / parts > LONGEST || (2 * parts) % lanes !== 0) parts++;
  const cut = (part) => dataBegin + Math.floor((bytes * part) / parts);
  return Array.from({ length: parts }, (_, part) =>
    [refs.a, refs.b].map((ref) => ({ url: `${ref}model.safetensors`, begin: cut(part), end: cut(part + 1) })),
  ).flat();
}

/**
 * The bound that a scan is held against: the same bytes from the same server in the same browser by as many workers, read
 * with BYOB readers into one buffer a request that is used again, and thrown away. Time runs as in `scanOnce`.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {import("../stage/open-stage.mjs").Stage} stage
 * @param {number} workers
 * @returns {Promise<{ seconds: number, requests: number }>}
 */
export async function fetchOnce(browser, stage, workers) {
  const task = { ranges: rangesOf(stage, workers * LANES), workers, lanes: LANES, bufferBytes: BUFFER };
  await stage.data.takeLog();
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(stage.rival);
    const to = await page.evaluate((given) => globalThis.fetchAndDiscard(given), task);
    const log = await stage.data.takeLog();
    return { seconds: (to - firstDataAt(log)) / 1000, requests: dataRequests(log).length };
  } finally {
    await context.close();
  }
}
