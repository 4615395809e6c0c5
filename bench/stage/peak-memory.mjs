import { memoryOf } from "./process-memory.mjs";

/** Milliseconds that an empty page gets to come to rest. */
const SETTLE = 1500;

/**
 * Memory of the renderers and the GPU process, in bytes: of an empty page, and at the peak while `work` goes on. A browser
 * of its own each time: memory that an earlier page left behind is nobody's.
 *
 * @typedef {{ renderer: number, GPU: number, total: number }} Memory
 *
 * @param {import("./open-stage.mjs").Stage} stage
 * @param {(browser: import("@playwright/test").Browser) => Promise<unknown>} work opens a single tab
 * @returns {Promise<{ before: Memory, peak: Memory & { looks: number } }>}
 */
export async function peakMemory(stage, work) {
  const browser = await stage.launch();
  try {
    const memory = await memoryOf(browser);
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
    const empty = await context.newPage();
    await empty.goto(`${stage.rival}empty.html`);
    await empty.waitForTimeout(SETTLE);
    const before = await memory.now();
    await context.close();
    return { before, peak: await memory.peakWhile(work(browser)) };
  } finally {
    await browser.close();
  }
}
