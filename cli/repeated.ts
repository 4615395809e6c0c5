/** Milliseconds between two times at least, and how many times as long as one takes. */
const PAUSE = 15_000;
const SHARE = 20;

/** Does something again and again while something else goes on, so seldom that it takes no more than a twentieth of the time. */
export class Repeated {
  readonly #work: () => Promise<void>;
  readonly #onFailure: (error: unknown) => void;
  #timer: NodeJS.Timeout | null = null;
  #working: Promise<void> = Promise.resolve();
  #ended = false;

  constructor(work: () => Promise<void>, onFailure: (error: unknown) => void) {
    this.#work = work;
    this.#onFailure = onFailure;
    this.#plan(PAUSE);
  }

  /** Resolves when the last time is over. */
  async end(): Promise<void> {
    this.#ended = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#working;
  }

  #plan(pause: number): void {
    if (!this.#ended) this.#timer = setTimeout(() => this.#begin(), pause);
  }

  #begin(): void {
    const began = performance.now();
    this.#working = this.#work().then(
      () => this.#plan(Math.max(PAUSE, SHARE * (performance.now() - began))),
      this.#onFailure,
    );
  }
}
