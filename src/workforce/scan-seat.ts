import type { Run } from "../reading/run.ts";
import type { ScanApi, ScanEvent } from "../reading/worker-contract.ts";
import type { HeldScanner } from "./lease.ts";
import type { SharedScanner } from "./shared-scanner.ts";

/** Workers that a seat may lose, one after the other, before it gives up: what kills so many kills the next one too. */
const MOST_LOSSES = 3;

/** What a seat needs of the pool. */
export interface SeatKeeper {
  /** The worker that takes the place of one that died; the same for all who ask. */
  replace(dead: SharedScanner): SharedScanner;
  setUp(scanner: SharedScanner): Promise<void>;
  /** The worker's engine failed its self-test: sets it up with one that serves. */
  replaceEngine(scanner: SharedScanner, error: Error): Promise<void>;
}

/**
 * One of a job's places at scan workers. Where the worker dies in the middle of a run, or its engine turns out to miscount, the
 * run ends early and the seat goes on with another: the scan asks for the rest of it again, as for any run cut short.
 */
export class ScanSeat implements HeldScanner {
  readonly #keeper: SeatKeeper;
  readonly #onEvent: (event: ScanEvent) => void;
  #scanner: SharedScanner;
  #held: HeldScanner;
  #ready: Promise<void>;
  #losses = 0;
  #isReleased = false;

  constructor(scanner: SharedScanner, onEvent: (event: ScanEvent) => void, keeper: SeatKeeper) {
    this.#keeper = keeper;
    this.#onEvent = onEvent;
    this.#scanner = scanner;
    this.#held = scanner.hold(onEvent);
    this.#ready = keeper.setUp(scanner);
    // Who waits for it hears of it.
    this.#ready.catch(() => undefined);
  }

  /** Resolves when the worker is set up; rejects where it cannot be. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  readonly api: ScanApi = {
    run: (run) => this.#run(run),
    finishEarly: (run) => this.#held.api.finishEarly(run),
    cancel: (run) => this.#held.api.cancel(run),
    hurry: () => this.#held.api.hurry(),
  };

  release(): void {
    this.#isReleased = true;
    this.#held.release();
  }

  async #run(run: Run): Promise<void> {
    const scanner = this.#scanner;
    try {
      await this.#held.api.run(run);
    } catch (error) {
      if (this.#isReleased) throw error;
      if ((error as Error).name === "EngineFailed") await this.#keeper.replaceEngine(scanner, error as Error);
      else if (scanner.isDead) await this.#move(scanner, error as Error);
      else throw error;
    }
  }

  /** Goes on with another worker; every run that `dead` had ends here, the first of them moves. */
  async #move(dead: SharedScanner, why: Error): Promise<void> {
    if (this.#scanner === dead) {
      if (++this.#losses > MOST_LOSSES) throw why;
      this.#held.release();
      this.#scanner = this.#keeper.replace(dead);
      this.#held = this.#scanner.hold(this.#onEvent);
      this.#ready = this.#keeper.setUp(this.#scanner);
    }
    await this.#ready;
  }
}
