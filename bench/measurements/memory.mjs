import { inTurn } from "../stage/in-turn.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { aboveEmpty, peakMemory } from "../stage/peak-memory.mjs";
import { canMeasureMemory } from "../stage/process-memory.mjs";
import { scanOnce } from "../stage/scan-once.mjs";
import { scanVolume } from "../stage/scan-volume.mjs";

const MIB = 2 ** 20;
const LABEL = "peak of renderer and GPU process above an empty page (PSS)";
/** Bytes of both generated models together after which a scan is stopped. */
const VOLUME = 2e9;

/**
 * @typedef {import("../stage/peak-memory.mjs").PeakMemory} PeakMemory
 * @typedef {Record<string, PeakMemory>} Run by subject
 */

/**
 * What is scanned in each run, by the name that the table has for it: the files to their end, generated pairs not.
 *
 * @param {import("../stage/open-stage.mjs").Stage} stage
 * @param {{ quick: boolean, engine?: string }} options
 * @returns {Promise<Record<string, () => Promise<PeakMemory>>>}
 */
async function subjectsOf(stage, { quick, engine }) {
  const page = await stage.page();
  const size = Math.round(stage.files.files[0].bytes / MIB);
  /** @type {Awaited<ReturnType<typeof subjectsOf>>} */
  const subjects = {
    [`files of ${size} MiB`]: () => peakMemory(stage, (browser) => scanOnce(browser, page, stage.files, { engine })),
  };
  for (const shape of quick ? ["tiny"] : ["1.5B", "70B"]) {
    const pair = await stage.generated(shape);
    const volume = Math.min(VOLUME, dataBytesOf(pair) / 2);
    subjects[`${shape}, ${(volume / 1e9).toPrecision(2)} GB read`] = () =>
      peakMemory(stage, (browser) => scanVolume(browser, page, pair, volume, { engine }));
  }
  return subjects;
}

/**
 * @param {readonly Run[]} runs
 * @param {readonly string[]} names
 * @returns {import("../report/table.mjs").Row[]}
 */
const rowsOf = (runs, names) => [
  ...names.flatMap((name) => [
    { label: `${name}: ${LABEL}`, unit: "MiB", values: runs.map((run) => aboveEmpty(run[name])), goal: "≤ 600" },
    { label: `${name}: of that, renderer`, unit: "MiB", values: runs.map((run) => aboveEmpty(run[name], "renderer")) },
    { label: `${name}: of that, GPU process`, unit: "MiB", values: runs.map((run) => aboveEmpty(run[name], "GPU")) },
  ]),
  { label: "the empty page itself", unit: "MiB", values: runs.map((run) => run[names[0]].before.total / MIB) },
];

/**
 * What a scan costs in memory, whatever the browser calls it and however large the model is.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const memory = {
  name: "memory",
  about: "proportional memory of the page's renderer and the GPU process at the peak of a scan",
  async measure({ repeat, quick, engine, stage: openStage }) {
    if (!canMeasureMemory()) {
      const note = "needs Linux (/proc/<pid>/smaps_rollup): skipped";
      return { runs: [], rows: [{ label: LABEL, unit: "MiB", values: [], note }] };
    }
    const stage = await openStage();
    const subjects = await subjectsOf(stage, { quick, engine });
    const runs = await repeat((index) => inTurn(subjects, index), { timed: false });
    return { facts: { browser: stage.browserVersion }, runs, rows: rowsOf(runs, Object.keys(subjects)) };
  },
};
