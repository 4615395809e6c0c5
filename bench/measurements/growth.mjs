import { fetchOnce } from "../rivals/fetch-once.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { peakMemory } from "../stage/peak-memory.mjs";
import { canMeasureMemory } from "../stage/process-memory.mjs";
import { scanVolume } from "../stage/scan-volume.mjs";

const SHAPES = ["1.5B", "14B", "70B", "671B MoE"];
/** Bytes of both models together after which a scan is stopped. */
const VOLUME = 2e9;
/** How much more than that the bare fetch is given to do: like the scan, it is in full flow when the volume is reached. */
const BEYOND = 1.1;
const MIB = 2 ** 20;

async function fetchVolume(browser, address, pair, { workers, volume }) {
  const reached = pair.server.ask("whenSent", volume);
  const { from } = await fetchOnce(browser, address, pair, workers, BEYOND * volume);
  return { seconds: ((await reached) - from) / 1000 };
}

/** One run of one shape: both on the clock, then a scan that is looked at, which costs time. */
async function runShape(browser, stage, { pair, volume, workers }, { index, engine }) {
  const scan = (on) => scanVolume(on, stage.page, pair, volume, { engine });
  const run = await inTurn(
    [
      ["scan", () => scan(browser)],
      ["fetch", () => fetchVolume(browser, stage.rival, pair, { workers, volume })],
    ],
    index,
  );
  if (!canMeasureMemory()) return run;
  const { before, peak } = await peakMemory(stage, scan);
  return { ...run, memory: (peak.total - before.total) / MIB };
}

function rowsOf(runs, subjects) {
  return subjects.flatMap(({ shape, volume }) => {
    const row = (label, unit, value, more = {}) => {
      const values = runs.map(({ [shape]: run }) => value(run)).filter((found) => found != null);
      return { label: `${shape}: ${label}`, unit, values, ...more };
    };
    return [
      row("first data request after navigation", "ms", ({ scan }) => scan.firstData),
      row("first cell drawn after navigation", "ms", ({ scan }) => scan.firstCell, { note: "none within the volume" }),
      row("scan", "GB/s", ({ scan }) => volume / scan.seconds / 1e9),
      row("bare fetch-and-discard", "GB/s", ({ fetch }) => volume / fetch.seconds / 1e9),
      row("scan / bare fetch", "×", ({ scan, fetch }) => scan.seconds / fetch.seconds),
      row("longest task (0: none over 50 ms)", "ms", ({ scan }) => scan.longestTask, { goal: "≤ 50" }),
      row("peak memory above an empty page (PSS)", "MiB", ({ memory }) => memory, {
        goal: "≤ 600",
        note: "needs Linux: skipped",
      }),
    ];
  });
}

/** What changes as models grow: opening, throughput, memory and smoothness, each over the same number of bytes. */
export const growth = {
  name: "growth",
  about: "opening and the first gigabytes of generated pairs of growing size",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    const browser = await stage.launch();
    try {
      const subjects = [];
      for (const shape of quick ? ["tiny", "tiny MoE"] : SHAPES) {
        const pair = await stage.generated(shape);
        const volume = Math.min(VOLUME, dataBytesOf(pair) / 2);
        // Once unmeasured.
        const { workers } = await scanVolume(browser, stage.page, pair, volume, { engine });
        subjects.push({ shape, pair, volume, workers });
      }
      const runs = await repeat(async (index) => {
        const run = {};
        for (const subject of subjects) run[subject.shape] = await runShape(browser, stage, subject, { index, engine });
        return run;
      });
      const shapes = subjects.map(({ shape, pair, volume }) => ({
        ...{ shape, volume, tensors: pair.tensors, files: pair.files.length },
        bytes: dataBytesOf(pair),
      }));
      const facts = { browser: stage.browserVersion, workers: subjects[0].workers, shapes };
      return { facts, runs, rows: rowsOf(runs, subjects) };
    } finally {
      await browser.close();
    }
  },
};
