import { fetchOnce } from "../rivals/fetch-once.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { LINE, overLine } from "../stage/over-line.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { scanOnce } from "../stage/scan-once.mjs";

/**
 * @typedef {{ seconds: number }} Timed
 */

/**
 * @param {readonly { scan: Timed, fetch: Timed }[]} runs
 * @param {number} bytes
 * @returns {import("../report/table.mjs").Row[]}
 */
const rowsOf = (runs, bytes) => [
  { label: "scan", unit: "s", values: runs.map(({ scan }) => scan.seconds) },
  { label: "bare fetch-and-discard", unit: "s", values: runs.map(({ fetch }) => fetch.seconds) },
  {
    label: "the line, as the bare fetch found it",
    unit: "MB/s",
    values: runs.map(({ fetch }) => bytes / fetch.seconds / 1e6),
  },
  {
    label: "scan / bare fetch, line paced to 1 Gbit/s",
    unit: "×",
    values: runs.map(({ scan, fetch }) => scan.seconds / fetch.seconds),
    goal: "≤ 1.03",
  },
];

/**
 * Whether the line is the only bottleneck: the whole way against the bare fetch where bytes come no faster than 1 Gbit/s.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const paced = {
  name: "paced",
  about: "a scan over a line paced to 1 Gbit/s, bare fetch-and-discard of the same bytes over the same line",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    const page = await stage.page();
    const shape = quick ? "tiny" : "0.5B";
    const pair = await stage.generated(shape);
    return stage.withBrowser((browser) =>
      overLine(pair, async () => {
        const scan = () => scanOnce(browser, page, pair, { engine });
        // Once unmeasured, both.
        const { engine: used, workers } = await scan();
        const fetch = () => fetchOnce(browser, stage.rival, pair, workers);
        await fetch();
        const runs = await repeat((index) => inTurn({ scan, fetch }, index));
        const bytes = dataBytesOf(pair);
        const facts = { browser: stage.browserVersion, engine: used, workers, shape, bytes, line: LINE };
        return { facts, runs, rows: rowsOf(runs, bytes) };
      }),
    );
  },
};
