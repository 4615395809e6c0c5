import { chance } from "../report/chance.mjs";
import { spread } from "../report/spread.mjs";
import { buildOf } from "../stage/build-of.mjs";
import { checkAgreement } from "../stage/check-agreement.mjs";
import { firstLoad, firstScreen } from "../stage/first-load.mjs";
import { inTurn } from "../stage/in-turn.mjs";
import { overLine } from "../stage/over-line.mjs";
import { aboveEmpty, peakMemory } from "../stage/peak-memory.mjs";
import { canMeasureMemory } from "../stage/process-memory.mjs";
import { scanOnce } from "../stage/scan-once.mjs";
import { scanWatched } from "../stage/scan-watched.mjs";

/** What a new build may take of anything, in units of what the old one takes. */
const BAR = 1.03;
/** Below this, longer tasks are no chance. */
const LIKELY = 0.05;
/** The fewest runs in which that can be told: all of five the same way have 1 / 32. */
const FEWEST = 5;
/** First loads of either build in a run; a single one is over before the machine's other habits are. */
const LOADS = 5;
/** Sums of two builds are as far apart as docs/methods.md allows two engines. */
const AGREEMENT = 2e-6;

/**
 * @template Found
 * @typedef {{ old: Found, new: Found }} Both
 */

/**
 * @typedef {import("../report/table.mjs").Row} Row
 *
 * `screen` in milliseconds, `task` the longest over 50 ms in milliseconds (0: none), `memory` in MiB above an empty page.
 *
 * @typedef {{
 *   loopback: Both<{ seconds: number }>,
 *   line: Both<{ seconds: number }>,
 *   screen: Both<number>,
 *   task: Both<number>,
 *   memory?: Both<number>,
 * }} Run
 */

/** What a result file tells of a build: where its folder lies is nobody's. @param {import("../stage/build-of.mjs").Build} build */
const aboutBuild = ({ name, commit }) => ({ name, commit });

/** Whether a ratio, to the two decimals that the bar has, is within it. @param {number} ratio */
const isWithin = (ratio) => Math.round(100 * ratio) <= Math.round(100 * BAR);

/**
 * Old, new, and the ratio of each run.
 *
 * @param {string} label
 * @param {string} unit
 * @param {readonly Both<number>[]} values
 * @returns {Row[]}
 */
function ratioRows(label, unit, values) {
  const ratios = values.map((value) => value.new / value.old);
  return [
    { label: `${label}: old`, unit, values: values.map(({ old }) => old) },
    { label: `${label}: new`, unit, values: values.map((value) => value.new) },
    {
      label: `${label}: new / old`,
      unit: "×",
      values: ratios,
      goal: `≤ ${BAR}`,
      held: isWithin(spread(ratios).median) ? "yes" : "no",
    },
  ];
}

/**
 * The longest tasks: most are 0, so what is judged is whether chance alone would make the new ones so much longer.
 *
 * @param {readonly Both<number>[]} tasks
 * @returns {Row[]}
 */
function taskRows(tasks) {
  const differences = tasks.map((task) => task.new - task.old);
  const likely = chance(differences);
  const isLonger = likely <= LIKELY ? "no" : "yes";
  return [
    { label: "longest task (0: none over 50 ms): old", unit: "ms", values: tasks.map(({ old }) => old) },
    { label: "longest task (0: none over 50 ms): new", unit: "ms", values: tasks.map((task) => task.new) },
    {
      label: `longest task: new − old; chance of this or more ${likely.toPrecision(2)}`,
      unit: "ms",
      values: differences,
      goal: `chance > ${LIKELY}`,
      held: tasks.length < FEWEST ? `needs ${FEWEST} runs` : isLonger,
    },
  ];
}

/**
 * @param {readonly Run[]} runs
 * @param {Both<{ bytes: number }>} loads
 * @returns {Row[]}
 */
function rowsOf(runs, loads) {
  const memory = runs.flatMap((run) => run.memory ?? []);
  const bytes = { old: loads.old.bytes / 1000, new: loads.new.bytes / 1000 };
  /** @param {Both<{ seconds: number }>} both */
  const seconds = (both) => ({ old: both.old.seconds, new: both.new.seconds });
  return [
    ...ratioRows(
      "loopback scan",
      "s",
      runs.map(({ loopback }) => seconds(loopback)),
    ),
    ...ratioRows(
      "scan at 1 Gbit/s",
      "s",
      runs.map(({ line }) => seconds(line)),
    ),
    ...ratioRows("first load, gzip", "kB", [bytes]),
    ...ratioRows(
      "first screen",
      "ms",
      runs.map(({ screen }) => screen),
    ),
    ...taskRows(runs.map(({ task }) => task)),
    ...(memory.length > 0
      ? ratioRows("memory above an empty page (PSS)", "MiB", memory)
      : [{ label: "memory above an empty page (PSS)", unit: "MiB", values: [], note: "needs Linux: skipped" }]),
  ];
}

/**
 * Two builds of the page, each thing measured on one right after the other, every other run the other way round. Only the
 * page's doors are used: its hash, `whenIdle` and `comparison`.
 *
 * @param {Both<string>} names what each is built from
 * @returns {import("./measurement.d.ts").Measurement}
 */
export const versus = (names) => ({
  name: "versus",
  about: `${names.new} against ${names.old}: scans, first load, longest task and memory`,
  async measure({ repeat, quick, engine, stage: openStage }) {
    const builds = { old: await buildOf(names.old), new: await buildOf(names.new) };
    const stage = await openStage();
    const pages = { old: await stage.serve(builds.old.folder), new: await stage.serve(builds.new.folder) };
    const lined = await stage.generated(quick ? "tiny" : "0.5B");
    /**
     * @template Found
     * @param {number} index the run's number
     * @param {(address: string) => Promise<Found>} measure
     * @returns {Promise<Both<Found>>}
     */
    const both = (index, measure) => inTurn({ old: () => measure(pages.old), new: () => measure(pages.new) }, index);

    const { timed, ...facts } = await stage.withBrowser(async (browser) => {
      /** @param {string} page */
      const scanFiles = (page) => scanOnce(browser, page, stage.files, { engine });
      const loads = await both(0, (page) => firstLoad(browser, page));
      // Once unmeasured: the disk, the compilers and the connections are warm for both afterwards.
      const first = await both(0, scanFiles);
      checkAgreement(first.old, first.new, AGREEMENT);
      const timed = await repeat(async (index) => {
        const loopback = await both(index, scanFiles);
        const line = await overLine(lined, () => both(index, (page) => scanOnce(browser, page, lined, { engine })));
        /** @type {Both<number[]>} */
        const screens = { old: [], new: [] };
        for (let i = 0; i < LOADS; i++) {
          const screen = await both(index + i, (page) => firstScreen(browser, page));
          screens.old.push(screen.old);
          screens.new.push(screen.new);
        }
        const screen = { old: spread(screens.old).median, new: spread(screens.new).median };
        const watched = await both(index, (page) => scanWatched(browser, page, stage.files, { engine }));
        const task = { old: watched.old.scan.longTask, new: watched.new.scan.longTask };
        return { loopback, line, screen, task };
      });
      return { timed, loads, engines: { old: first.old.engine, new: first.new.engine } };
    });

    // No other browser is open by now: processes share pages, and what is shared is counted by halves.
    /** @type {Both<number>[]} */
    const memory = canMeasureMemory()
      ? await repeat(
          (index) =>
            both(index, async (page) =>
              aboveEmpty(await peakMemory(stage, (browser) => scanOnce(browser, page, stage.files, { engine }))),
            ),
          { timed: false },
        )
      : [];
    const runs = timed.map((run, i) => (memory[i] ? { ...run, memory: memory[i] } : run));
    return {
      facts: {
        browser: stage.browserVersion,
        builds: { old: aboutBuild(builds.old), new: aboutBuild(builds.new) },
        fileBytes: stage.files.files[0].bytes,
        ...facts,
      },
      runs,
      rows: rowsOf(runs, facts.loads),
    };
  },
});
