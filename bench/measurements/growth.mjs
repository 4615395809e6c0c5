import { fetchOnce } from "../rivals/fetch-once.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { dataBytesOf } from "../stage/pair.mjs";
import { aboveEmpty, peakMemory } from "../stage/peak-memory.mjs";
import { canMeasureMemory } from "../stage/process-memory.mjs";
import { scanVolume } from "../stage/scan-volume.mjs";

const SHAPES = ["1.5B", "14B", "70B", "671B MoE"];
/** Bytes of both models together after which a scan is stopped. */
const VOLUME = 2e9;
/** How much more than that the bare fetch is given to do: like the scan, it is in full flow when the volume is reached. */
const BEYOND = 1.1;

/**
 * @typedef {import("@playwright/test").Browser} Browser
 * @typedef {import("../stage/open-stage.mjs").Stage} Stage
 *
 * `volume`: bytes of both models together that are read.
 *
 * @typedef {{ shape: string, pair: import("../stage/pair.mjs").GeneratedPair, volume: number, workers: number }} Subject
 *
 * `memory` is in MiB above an empty page, where the system tells it.
 *
 * @typedef {{
 *   scan: import("../stage/scan-volume.mjs").ScannedVolume,
 *   fetch: { seconds: number },
 *   memory?: number,
 * }} ShapeRun
 */

/**
 * @param {Browser} browser
 * @param {string} address the bare-fetch page's
 * @param {Subject} subject
 */
async function fetchVolume(browser, address, { pair, workers, volume }) {
  const reached = pair.server.ask("whenSent", volume);
  const { from } = await fetchOnce(browser, address, pair, workers, BEYOND * volume);
  return { seconds: ((await reached) - from) / 1000 };
}

/**
 * One run of one shape: both on the clock, then a scan that is looked at, which costs time.
 *
 * @param {Browser} browser
 * @param {Stage} stage
 * @param {Subject} subject
 * @param {{ index: number, engine?: string }} options
 * @returns {Promise<ShapeRun>}
 */
async function runShape(browser, stage, subject, { index, engine }) {
  const page = await stage.page();
  /** @param {Browser} on */
  const scan = (on) => scanVolume(on, page, subject.pair, subject.volume, { engine });
  const contestants = { scan: () => scan(browser), fetch: () => fetchVolume(browser, stage.rival, subject) };
  const run = await inTurn(contestants, index);
  return canMeasureMemory() ? { ...run, memory: aboveEmpty(await peakMemory(stage, scan)) } : run;
}

/**
 * @param {readonly Record<string, ShapeRun>[]} runs
 * @param {readonly Subject[]} subjects
 */
function rowsOf(runs, subjects) {
  return subjects.flatMap(({ shape, volume }) => {
    /** @type {(label: string, unit: string, value: (run: ShapeRun) => number | null | undefined, more?: { goal?: string, note?: string }) => import("../report/table.mjs").Row} */
    const row = (label, unit, value, more) => {
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

/**
 * What changes as models grow: opening, throughput, memory and smoothness, each over the same number of bytes.
 *
 * @type {import("./measurement.d.ts").Measurement}
 */
export const growth = {
  name: "growth",
  about: "opening and the first gigabytes of generated pairs of growing size",
  async measure({ repeat, quick, engine, stage: openStage }) {
    const stage = await openStage();
    const page = await stage.page();
    return stage.withBrowser(async (browser) => {
      /** @type {Subject[]} */
      const subjects = [];
      for (const shape of quick ? ["tiny", "tiny MoE"] : SHAPES) {
        const pair = await stage.generated(shape);
        const volume = Math.min(VOLUME, dataBytesOf(pair) / 2);
        // Once unmeasured.
        const { workers } = await scanVolume(browser, page, pair, volume, { engine });
        subjects.push({ shape, pair, volume, workers });
      }
      const runs = await repeat(async (index) => {
        /** @type {Record<string, ShapeRun>} */
        const run = {};
        for (const subject of subjects) run[subject.shape] = await runShape(browser, stage, subject, { index, engine });
        return run;
      });
      const shapes = subjects.map(({ shape, pair, volume }) => ({
        shape,
        volume,
        tensors: pair.tensors,
        files: pair.files.length,
        bytes: dataBytesOf(pair),
      }));
      const facts = { browser: stage.browserVersion, workers: subjects[0].workers, shapes };
      return { facts, runs, rows: rowsOf(runs, subjects) };
    });
  },
};
