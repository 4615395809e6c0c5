import { dataRequests, firstDataAt } from "../stage/data-log.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { openQuietTab } from "../stage/quiet-tab.mjs";

/** The longest range that is asked for, as in the page's read plan. */
const LONGEST = 64 * 2 ** 20;
/** Requests that each worker keeps open: the page's workers read A and B side by side. */
const LANES = 2;
/** The one buffer of a lane. */
const BUFFER = 2 ** 20;

/**
 * What lies between two places of all tensor data of one side, counted through its files.
 *
 * @param {readonly import("../stage/pair.mjs").PairFile[]} files
 * @param {number} begin
 * @param {number} end
 */
function* spansBetween(files, begin, end) {
  let before = 0;
  for (const { path, dataBegin, bytes } of files) {
    const [from, to] = [Math.max(begin, before), Math.min(end, before + bytes - dataBegin)];
    if (from < to) yield { path, begin: dataBegin + from - before, end: dataBegin + to - before };
    before += bytes - dataBegin;
  }
}

/**
 * The first `volume` bytes of tensor data in equal ranges, as few as `LONGEST` allows and a multiple of `lanes`, A and B in
 * turn.
 *
 * @param {import("../stage/pair.mjs").Pair} pair
 * @param {number} volume
 * @param {number} lanes
 * @returns {FetchRange[]}
 */
function rangesOf({ refs, files }, volume, lanes) {
  const bytes = volume / 2;
  let parts = 1;
  while (bytes / parts > LONGEST || (2 * parts) % lanes !== 0) parts++;
  /** @param {number} part */
  const cut = (part) => Math.floor((bytes * part) / parts);
  return Array.from({ length: parts }, (_, part) => [...spansBetween(files, cut(part), cut(part + 1))])
    .flat()
    .flatMap(({ path, begin, end }) => [refs.a, refs.b].map((ref) => ({ url: `${ref}${path}`, begin, end })));
}

/**
 * The bound that a scan is held against: the same bytes from the same server in the same browser by as many workers, read
 * with BYOB readers into one buffer a request that is used again, and thrown away. Time runs as in `scanOnce`.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} address that of the page which fetches and discards
 * @param {import("../stage/pair.mjs").Pair} pair
 * @param {number} workers
 * @param {number} [volume] bytes of both models together; all of their tensor data unless told
 * @returns {Promise<{ seconds: number, requests: number, from: number }>} `from`: when the first request arrived (Date.now)
 */
export async function fetchOnce(browser, address, pair, workers, volume = dataBytesOf(pair)) {
  const ranges = rangesOf(pair, Math.min(volume, dataBytesOf(pair)), workers * LANES);
  const task = { ranges, workers, lanes: LANES, bufferBytes: BUFFER };
  await pair.server.takeLog();
  const page = await openQuietTab(browser);
  try {
    await page.goto(address);
    const to = await page.evaluate((given) => globalThis.fetchAndDiscard(given), task);
    const log = await pair.server.takeLog();
    const from = firstDataAt(log);
    return { seconds: (to - from) / 1000, requests: dataRequests(log).length, from };
  } finally {
    await page.close();
  }
}
