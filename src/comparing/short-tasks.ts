/** Milliseconds of work between two chances for the page to draw and to answer; tasks over 50 ms are felt. */
const LONGEST = 10;

interface Scheduler {
  yield?: () => Promise<void>;
}

/** Lets whatever waits on the main thread run, then goes on. */
const letOthersRun = (): Promise<void> => {
  const { scheduler } = globalThis as { scheduler?: Scheduler };
  return scheduler?.yield ? scheduler.yield() : new Promise((done) => setTimeout(done));
};

/**
 * Long work of the main thread, cut into short tasks: ask `full` after every item or every few, and wait for `next` where
 * it says so. One of these belongs to one piece of work.
 */
export class ShortTasks {
  #since = performance.now();

  /** True once this task has worked long enough. */
  get full(): boolean {
    return performance.now() - this.#since >= LONGEST;
  }

  /** Ends this task; resolves at the beginning of the next one. */
  async next(): Promise<void> {
    await letOthersRun();
    this.#since = performance.now();
  }
}
