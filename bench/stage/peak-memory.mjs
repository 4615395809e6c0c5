import { memoryOf } from "./process-memory.mjs";

/** Milliseconds that an empty page gets to come to rest. */
const SETTLE = 1500;
const MIB = 2 ** 20;

/**
 * Memory of the renderers and the GPU process, in bytes: of an empty page, and at the peak while `work` goes on.
 *
 * @typedef {{ renderer: number, GPU: number, total: number }} Memory
 * @typedef {{ before: Memory, peak: Memory & { looks: number } }} PeakMemory
 */

/**
 * Looks at what `work` costs in memory. A browser of its own each time: memory that an earlier page left behind is nobody's.
 *
 * @param {import("./open-stage.mjs").Stage} stage
 * @param {(browser: import("@playwright/test").Browser) => Promise<unknown>} work opens a single tab
 * @returns {Promise<PeakMemory>}
 */
export const peakMemory = (stage, work) =>
  stage.withBrowser(async (browser) => {
    const memory = await memoryOf(browser);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const empty = await context.newPage();
    await empty.goto(`${stage.rival}empty.html`);
    await empty.waitForTimeout(SETTLE);
    const before = await memory.now();
    await context.close();
    return { before, peak: await memory.peakWhile(work(browser)) };
  });

/**
 * MiB at the peak above an empty page.
 *
 * @param {PeakMemory} memory
 * @param {keyof Memory} [part] of it
 */
export const aboveEmpty = ({ before, peak }, part = "total") => (peak[part] - before[part]) / MIB;
