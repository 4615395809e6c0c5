import { fetchOnce } from "../rivals/fetch-once.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { scanOnce } from "../stage/scan-once.mjs";
import { buildTunedPage } from "../stage/tuned-page.mjs";

const MIB = 2 ** 20;
/** Elements of a block, in which partial sums are cut (src/kernels/pair-stats.ts). */
const BLOCK = 2048;

/**
 * One constant at a time away from what the page has.
 *
 * @type {{ name: string, constants: import("../stage/tuned-page.mjs").Constants }[]}
 */
const TRIALS = [
  { name: "as built", constants: {} },
  ...[1, 2, 3].map((workers) => ({ name: `${workers} workers`, constants: { workers } })),
  ...[16, 32, 64, 128, 256].map((size) => ({ name: `runs of ${size} MiB`, constants: { runBytes: size * MIB } })),
  ...[16, 32, 64, 128, 256, 512].map((blocks) => ({
    name: `chunks of ${blocks} blocks`,
    constants: { chunkElements: blocks * BLOCK },
  })),
];
const QUICK = [0, 2, 4, 9];

/**
 * The scan with other numbers of workers, lengths of requests and sizes of chunks, each a build of its own. The bare fetch
 * keeps to the workers that the page as built has.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const curves = {
  name: "curves",
  about: "a scan from loopback with other numbers of workers, lengths of requests and sizes of chunks",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    const shape = quick ? "tiny" : "0.5B";
    const pair = await stage.generated(shape);
    const trials = TRIALS.filter((_, index) => !quick || QUICK.includes(index));
    return stage.withBrowser(async (browser) => {
      /** @type {Record<string, () => Promise<{ seconds: number }>>} */
      const contestants = {};
      let workers = 0;
      /** @type {string | null} */
      let used = null;
      for (const { name, constants } of trials) {
        const address = await stage.serve(await buildTunedPage(name.replaceAll(" ", "-"), constants));
        const scan = () => scanOnce(browser, address, pair, { engine });
        // Once unmeasured.
        const first = await scan();
        workers ||= first.workers;
        used ??= first.engine;
        contestants[name] = scan;
      }
      contestants.fetch = () => fetchOnce(browser, stage.rival, pair, workers);
      const runs = await repeat((index) => inTurn(contestants, index));
      const bytes = dataBytesOf(pair);
      const rows = trials.map(({ name }) => ({
        label: `${name}: scan / bare fetch`,
        unit: "×",
        values: runs.map(({ [name]: { seconds }, fetch }) => seconds / fetch.seconds),
      }));
      const fetched = runs.map(({ fetch }) => bytes / fetch.seconds / 1e9);
      rows.push({ label: "bare fetch-and-discard", unit: "GB/s", values: fetched });
      const facts = { browser: stage.browserVersion, engine: used, workers, shape, bytes };
      return { facts, runs, rows };
    });
  },
};
