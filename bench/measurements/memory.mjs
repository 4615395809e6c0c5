import { dataBytesOf } from "../stage/pair.mjs";
import { peakMemory } from "../stage/peak-memory.mjs";
import { canMeasureMemory } from "../stage/process-memory.mjs";
import { scanOnce } from "../stage/scan-once.mjs";
import { scanVolume } from "../stage/scan-volume.mjs";

const MIB = 2 ** 20;
const LABEL = "peak of renderer and GPU process above an empty page (PSS)";
/** Bytes of both generated models together after which a scan is stopped. */
const VOLUME = 2e9;

/** What is scanned in each run, by the name that the table has for it: the files to their end, generated pairs not. */
async function subjectsOf(stage, { quick, engine }) {
  const scanFiles = (browser) => scanOnce(browser, stage.page, stage.files, { engine });
  const size = Math.round(stage.files.files[0].bytes / MIB);
  const subjects = [[`files of ${size} MiB`, () => peakMemory(stage, scanFiles)]];
  for (const shape of quick ? ["tiny"] : ["1.5B", "70B"]) {
    const pair = await stage.generated(shape);
    const volume = Math.min(VOLUME, dataBytesOf(pair) / 2);
    const scan = (browser) => scanVolume(browser, stage.page, pair, volume, { engine });
    subjects.push([`${shape}, ${(volume / 1e9).toPrecision(2)} GB read`, () => peakMemory(stage, scan)]);
  }
  return subjects;
}

function rowsOf(runs, names) {
  const above = (name, part) => runs.map(({ [name]: { before, peak } }) => (peak[part] - before[part]) / MIB);
  return [
    ...names.flatMap((name) => [
      { label: `${name}: ${LABEL}`, unit: "MiB", values: above(name, "total"), goal: "≤ 600" },
      { label: `${name}: of that, renderer`, unit: "MiB", values: above(name, "renderer") },
      { label: `${name}: of that, GPU process`, unit: "MiB", values: above(name, "GPU") },
    ]),
    {
      label: "the empty page itself",
      unit: "MiB",
      values: runs.map(({ [names[0]]: { before } }) => before.total / MIB),
    },
  ];
}

/** What a scan costs in memory, whatever the browser calls it and however large the model is. */
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
    const runs = await repeat(
      async () => {
        const run = {};
        for (const [name, measure] of subjects) run[name] = await measure();
        return run;
      },
      { timed: false },
    );
    const names = subjects.map(([name]) => name);
    return { facts: { browser: stage.browserVersion }, runs, rows: rowsOf(runs, names) };
  },
};
