import { mainThreadBetween, watchMainThread } from "../stage/main-thread-probe.mjs";
import { scanOnce } from "../stage/scan-once.mjs";
import { LINE } from "./paced.mjs";

/** Milliseconds for which the finished page is watched, to tell its own pauses from the machine's. */
const REST = 1000;

async function watch(browser, address, pair, engine) {
  const { collected } = await scanOnce(browser, address, pair, {
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
  const row = (label, unit, value, more = {}) => ({ label, unit, values: runs.map(value), ...more });
  return [
    ...[
      ["loopback", "loopback"],
      ["line", "1 Gbit/s"],
    ].flatMap(([way, words]) => [
      row(`${words}: longest task (0: none over 50 ms)`, "ms", (r) => r[way].scan.longTask, { goal: "≤ 50" }),
      row(`${words}: tasks over 50 ms`, "", (r) => r[way].scan.longTasks, { goal: "0" }),
      row(`${words}: longest gap of a 4 ms timer`, "ms", (r) => r[way].scan.longestGap),
      row(`${words}: frames a second`, "", (r) => r[way].scan.framesPerSecond, { goal: "60" }),
      row(`${words}: longest time between two frames`, "ms", (r) => r[way].scan.longestFrame),
    ]),
    row("page at rest: longest gap of a 4 ms timer", "ms", (r) => r.loopback.rest.longestGap),
    row("page at rest: frames a second", "", (r) => r.loopback.rest.framesPerSecond),
  ];
}

/**
 * Whether the page stays smooth while it scans: as fast as loopback gives, where the server takes its part of the same cores,
 * and over a line of 1 Gbit/s. Scans of their own: watching costs a little time.
 */
export const mainThread = {
  name: "main-thread",
  about: "long tasks, timer gaps and frames in the page during a scan",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    const generated = await stage.generated(quick ? "tiny" : "0.5B");
    const browser = await stage.launch();
    await generated.server.ask("pace", LINE);
    try {
      const { engine: used } = await scanOnce(browser, stage.page, stage.files, { engine });
      const runs = await repeat(async () => ({
        loopback: await watch(browser, stage.page, stage.files, engine),
        line: await watch(browser, stage.page, generated, engine),
      }));
      return { facts: { browser: stage.browserVersion, engine: used }, runs, rows: rowsOf(runs) };
    } finally {
      await generated.server.ask("pace", 0);
      await browser.close();
    }
  },
};
