import type { Wait } from "../bytes/with-retry.ts";

/** Keeps the waits of all workers together and shows the one that is over first. */
export class BusyHosts {
  readonly #waits = new Map<string, Wait>();
  readonly #show: (wait: Wait | null) => void;

  constructor(show: (wait: Wait | null) => void) {
    this.#show = show;
  }

  /** A request waits, or, with null, does so no longer. `request` tells those of all workers apart. */
  note(request: string, wait: Wait | null): void {
    if (wait) this.#waits.set(request, wait);
    else this.#waits.delete(request);
    this.#publish();
  }

  /** Nothing waits any more of all whose name begins so: what they were wanted for has ended. */
  forget(beginning = ""): void {
    for (const request of this.#waits.keys()) if (request.startsWith(beginning)) this.#waits.delete(request);
    this.#publish();
  }

  #publish(): void {
    const soonest = [...this.#waits.values()].reduce<Wait | null>(
      (first, wait) => (first === null || wait.until < first.until ? wait : first),
      null,
    );
    this.#show(soonest);
  }
}
