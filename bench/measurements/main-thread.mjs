import { overLine } from "../stage/over-line.mjs";
import { scanOnce } from "../stage/scan-once.mjs";
import { scanWatched } from "../stage/scan-watched.mjs";

/** Milliseconds for which the finished page is watched. */
const REST = 1000;

/**
 * @typedef {import("../stage/main-thread-probe.mjs").Freedom} Freedom
 * @typedef {{ loopback: { scan: Freedom, rest: Freedom | null }, line: { scan: Freedom } }} Run
 */

/** @param {Run[]} runs */
function rowsOf(runs) {
  /** @type {(label: string, unit: string, value: (run: Run) => number, more?: { goal: string }) => import("../report/table.mjs").Row} */
  const row = (label, unit, value, more) => ({ label, unit, values: runs.map(value), ...more });
  /** @type {(words: string, way: "loopback" | "line") => import("../report/table.mjs").Row[]} */
  const rowsOfWay = (words, way) => [
    row(`${words}: longest task (0: none over 50 ms)`, "ms", (r) => r[way].scan.longTask, { goal: "≤ 50" }),
    row(`${words}: tasks over 50 ms`, "", (r) => r[way].scan.longTasks, { goal: "0" }),
    row(`${words}: longest gap of a 4 ms timer`, "ms", (r) => r[way].scan.longestGap),
    row(`${words}: frames a second`, "", (r) => r[way].scan.framesPerSecond, { goal: "60" }),
    row(`${words}: longest time between two frames`, "ms", (r) => r[way].scan.longestFrame),
  ];
  return [
    ...rowsOfWay("loopback", "loopback"),
    ...rowsOfWay("1 Gbit/s", "line"),
    row("page at rest: longest gap of a 4 ms timer", "ms", (r) => r.loopback.rest?.longestGap ?? Number.NaN),
    row("page at rest: frames a second", "", (r) => r.loopback.rest?.framesPerSecond ?? Number.NaN),
  ];
}

/**
 * Whether the page stays smooth while it scans: as fast as loopback gives, where the server takes its part of the same cores,
 * and over a line of 1 Gbit/s.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const mainThread = {
  name: "main-thread",
  about: "long tasks, timer gaps and frames in the page during a scan",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    const page = await stage.page();
    const generated = await stage.generated(quick ? "tiny" : "0.5B");
    return stage.withBrowser((browser) =>
      overLine(generated, async () => {
        const { engine: used } = await scanOnce(browser, page, stage.files, { engine });
        const runs = await repeat(async () => ({
          loopback: await scanWatched(browser, page, stage.files, { engine, rest: REST }),
          line: await scanWatched(browser, page, generated, { engine, rest: REST }),
        }));
        return { facts: { browser: stage.browserVersion, engine: used }, runs, rows: rowsOf(runs) };
      }),
    );
  },
};
