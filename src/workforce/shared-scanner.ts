import type { Run } from "../reading/run.ts";
import type { ScanApi, ScanEvent, ScanWorkerApi } from "../reading/worker-contract.ts";
import type { HeldScanner } from "./lease.ts";
import { type StartedWorker, WorkerLost } from "./start-worker.ts";

/**
 * Milliseconds that a worker has to end a run that nobody wants any more. It looks up after every chunk, which takes a few;
 * one that has not by then does not answer.
 */
const PATIENCE = 5_000;

/** A run that a worker has, under the worker's number for it. */
interface GivenRun {
  /** The number that its job knows it by. */
  id: number;
  tell: (event: ScanEvent) => void;
}

/**
 * A scan worker that several jobs may hold at once. A worker does one run after the other, so that jobs share it run by run, in
 * the order in which they ask: it keeps no more requests open, and holds no more memory, than with one of them.
 */
export class SharedScanner {
  readonly #started: StartedWorker<ScanWorkerApi>;
  readonly #given = new Map<number, GivenRun>();
  /** How often it is held. */
  #holds = 0;
  #nextRun = 0;
  #setup: { key: object | string; done: Promise<void> } | null = null;

  constructor(started: StartedWorker<ScanWorkerApi>) {
    this.#started = started;
  }

  get isHeld(): boolean {
    return this.#holds > 0;
  }

  get isDead(): boolean {
    return this.#started.isDead;
  }

  /** Whether it is set up for `key`, or can be without anybody noticing. */
  fits(key: object | string): boolean {
    return !this.isHeld || this.#setup?.key === key;
  }

  /** Sets it up by `configure` unless it is set up for `key`, or about to be. A set-up that failed is tried again. */
  setUp(
    key: object | string,
    configure: (api: ScanWorkerApi, onEvent: (event: ScanEvent) => void) => Promise<void>,
  ): Promise<void> {
    if (this.#setup?.key !== key) {
      const set = () => configure(this.#started.api, (event) => this.#hear(event));
      // One set-up overtaken by the next must not have the last word.
      const done = this.#setup ? this.#setup.done.then(set, set) : set();
      this.#setup = { key, done };
      done.catch(() => {
        if (this.#setup?.done === done) this.#setup = null;
      });
    }
    return this.#setup.done;
  }

  /** A door for one job: the runs given through it are told of to `onEvent`, by the job's numbers. */
  hold(onEvent: (event: ScanEvent) => void): HeldScanner {
    this.#holds++;
    const { api } = this.#started;
    /** The worker's numbers for the job's runs. */
    const numbers = new Map<number, number>();
    const runs = new Set<Promise<void>>();
    let isReleased = false;
    const tell = (event: ScanEvent) => {
      if (!isReleased) onEvent(event);
    };
    const numbered = async (run: number, word: (number: number) => Promise<void>) => {
      const number = numbers.get(run);
      if (number !== undefined) await word(number);
    };
    const door: ScanApi = {
      run: (run: Run) => {
        const number = this.#nextRun++;
        numbers.set(run.id, number);
        this.#given.set(number, { id: run.id, tell });
        const over = api.run({ ...run, id: number }).finally(() => {
          this.#given.delete(number);
          if (numbers.get(run.id) === number) numbers.delete(run.id);
          runs.delete(over);
        });
        runs.add(over);
        return over;
      },
      finishEarly: (run) => numbered(run, (number) => api.finishEarly(number)),
      cancel: (run) => numbered(run, (number) => api.cancel(number)),
      // A busy host is asked again for everybody who waits for it.
      hurry: () => api.hurry(),
    };
    const release = () => {
      if (isReleased) return;
      isReleased = true;
      this.#holds--;
      for (const number of numbers.values()) api.cancel(number).catch(() => undefined);
      if (runs.size > 0) this.#endWithin(PATIENCE, [...runs]);
    };
    return { api: door, release };
  }

  end(why: Error): void {
    this.#started.end(why);
  }

  /** Terminates the worker where runs are not over in time, unless another job holds it: that is not hung by them. */
  #endWithin(milliseconds: number, runs: readonly Promise<void>[]): void {
    const timer = setTimeout(() => {
      if (!this.isHeld) this.end(new WorkerLost());
    }, milliseconds);
    void Promise.allSettled(runs).then(() => clearTimeout(timer));
  }

  #hear(event: ScanEvent): void {
    const given = this.#given.get(event.run);
    given?.tell({ ...event, run: given.id });
  }
}
