/** Milliseconds between two looks for the first cell. */
const EVERY = 50;

/**
 * Runs in the page before its own scripts. All times are those of the machine's clock.
 *
 * @param {number} every milliseconds
 */
function install(every) {
  /** @type {typeof openingProbe} */
  const probe = { navigated: performance.timeOrigin, firstCell: null, longestTask: 0 };
  globalThis.openingProbe = probe;
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) probe.longestTask = Math.max(probe.longestTask, duration);
  }).observe({ type: "longtask", buffered: true });
  const shown = '[role="gridcell"][aria-label]:not([aria-label=""], [aria-label$="not read yet"])';
  const timer = setInterval(() => {
    if (!document.querySelector(shown)) return;
    clearInterval(timer);
    requestAnimationFrame(() => {
      probe.firstCell = Date.now();
    });
  }, every);
}

/**
 * Watches a page from its beginning, at hardly any cost.
 *
 * @param {import("./quiet-tab.mjs").Tab} page not yet opened
 */
export const watchOpening = (page) => page.addInitScript(install, EVERY);

/**
 * What was seen until now: when the page was navigated to and when the first cell of the heatmap was drawn with a number
 * (Date.now; null: none yet), and the longest task of the main thread in milliseconds (0: none over 50 ms).
 *
 * @param {import("./quiet-tab.mjs").Tab} page
 * @returns {Promise<{ navigated: number, firstCell: number | null, longestTask: number }>}
 */
export const openingOf = (page) => page.evaluate(() => globalThis.openingProbe);
