import { canTellOthers, watchOthers } from "./other-load.mjs";

/** Cores that other programs may keep busy in a run that counts. */
const ALLOWED = 0.2;
/** Milliseconds for which the machine has to be quiet before a run, when we are told to wait for that. */
const CALM = 3000;

/** @param {number} ms */
const wait = (ms) => new Promise((done) => setTimeout(done, ms));

/**
 * Does a run `runs` times and notes for each how many cores other programs kept busy meanwhile (`others`; null where the
 * system does not tell). With `patience` it waits before each run until the machine is quiet, and does a run again in
 * which it was not, whatever came out of it, until so many seconds have been spent on that; then it takes what it gets.
 *
 * @param {{ runs: number, patience: number }} options
 */
export function repeater({ runs, patience }) {
  const end = performance.now() + patience * 1000;
  const isPatient = () => canTellOthers() && performance.now() < end;

  async function untilQuiet() {
    while (isPatient()) {
      const others = watchOthers();
      await wait(CALM);
      if (others() < ALLOWED) return;
    }
  }

  let discarded = 0;
  return {
    /** Runs that were done again because of other programs. */
    discarded: () => discarded,

    /**
     * @template {object} Run
     * @param {(index: number) => Promise<Run>} run
     * @param {{ timed?: boolean }} [options] false: nothing in it is a matter of speed, so others do not matter either
     * @returns {Promise<(Run & { others: number | null })[]>} what the runs gave
     */
    async repeat(run, { timed = true } = {}) {
      /** @type {(Run & { others: number | null })[]} */
      const done = [];
      while (done.length < runs) {
        if (timed) await untilQuiet();
        const look = timed && canTellOthers() ? watchOthers() : () => null;
        const found = await run(done.length);
        const others = look();
        if (others !== null && others > ALLOWED && isPatient()) discarded++;
        else done.push({ ...found, others });
      }
      return done;
    },
  };
}
