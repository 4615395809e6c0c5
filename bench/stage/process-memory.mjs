import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

/** Milliseconds between two looks. */
const EVERY = 50;

/** Whether this system tells a process's proportional share of memory. */
export const canMeasureMemory = () => existsSync("/proc/self/smaps_rollup");

/** Proportional set size of a process in bytes: its own pages, and of shared ones its share. 0 where it has ended. @param {number} pid */
async function pssOf(pid) {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return 1024 * Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0);
}

/**
 * Looks at the memory of a browser's renderers and its GPU process together.
 *
 * @param {import("@playwright/test").Browser} browser with a single tab
 */
export async function memoryOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const now = async () => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    const sum = { renderer: 0, GPU: 0 };
    for (const { id, type } of processInfo) if (type === "renderer" || type === "GPU") sum[type] += await pssOf(id);
    return { ...sum, total: sum.renderer + sum.GPU };
  };
  return {
    now,
    /** Looks every 50 ms until `work` settles; resolves with the largest total seen and how often it was looked. @param {Promise<unknown>} work */
    async peakWhile(work) {
      let over = false;
      const end = () => {
        over = true;
      };
      work.then(end, end);
      let peak = await now();
      let looks = 1;
      while (!over) {
        await new Promise((done) => setTimeout(done, EVERY));
        const seen = await now();
        looks++;
        if (seen.total > peak.total) peak = seen;
      }
      await work;
      return { ...peak, looks };
    },
  };
}
