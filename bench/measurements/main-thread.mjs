import { mainThreadBetween, watchMainThread } from "../stage/main-thread-probe.mjs";
import { scanOnce } from "../stage/scan-once.mjs";

/** Milliseconds for which the finished page is watched, to tell its own pauses from the machine's. */
const REST = 1000;

async function runOnce(browser, stage, engine) {
  const { collected } = await scanOnce(browser, stage.page, stage.files, {
    engine,
    prepare: watchMainThread,
    async collect(page, window) {
      const from = Date.now();
      await page.waitForTimeout(REST);
      const rest = { from, to: Date.now() };
      return { scan: await mainThreadBetween(page, window), rest: await mainThreadBetween(page, rest) };
    },
  });
  return collected;
}

function rowsOf(runs) {
  const values = (value) => runs.map(value);
  return [
    { label: "longest task (0: none over 50 ms)", unit: "ms", values: values((r) => r.scan.longTask), goal: "≤ 50" },
    { label: "tasks over 50 ms", unit: "", values: values((r) => r.scan.longTasks), goal: "0" },
    { label: "longest gap of a 4 ms timer", unit: "ms", values: values((r) => r.scan.longestGap) },
    { label: "the same, page at rest after the scan", unit: "ms", values: values((r) => r.rest.longestGap) },
    { label: "frames a second", unit: "", values: values((r) => r.scan.framesPerSecond), goal: "60" },
    { label: "longest time between two frames", unit: "ms", values: values((r) => r.scan.longestFrame) },
    { label: "frames a second, page at rest", unit: "", values: values((r) => r.rest.framesPerSecond) },
  ];
}

/** Whether the page stays smooth while it scans. Scans of their own: watching costs a little time. */
export const mainThread = {
  name: "main-thread",
  about: "long tasks, timer gaps and frames in the page during a scan",
  async measure({ repeat, engine, stage: openStage }) {
    const stage = await openStage();
    const browser = await stage.launch();
    try {
      const { engine: used } = await scanOnce(browser, stage.page, stage.files, { engine });
      const runs = await repeat(() => runOnce(browser, stage, engine));
      return { facts: { browser: stage.browserVersion, engine: used }, runs, rows: rowsOf(runs) };
    } finally {
      await browser.close();
    }
  },
};
