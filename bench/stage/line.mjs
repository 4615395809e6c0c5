/** Bytes handed over at a time: small enough for a paced line to run evenly, large enough to cost little where it is not. */
const PACED_SLICE = 32 * 2 ** 10;
const FREE_SLICE = 2 ** 20;
/**
 * Milliseconds of the line's time that it may catch up on: after this process was held up while somebody wanted bytes (a
 * server elsewhere would have gone on filling the sockets), and after nobody did, when a line is simply idle.
 */
const CATCH_UP = 100;
const IDLE_CATCH_UP = 2;

/**
 * A sender hands over at most so many bytes and returns how many; 0 when it has no more. `ready` is called with itself
 * when it can go on.
 *
 * @typedef {(limit: number) => number} Sender
 */

/** A line that all connections share: whoever is ready sends, in turn, at no more than the rate that was set. */
export class Line {
  /** Bytes a second; 0: as fast as it goes. */
  #rate = 0;
  #credit = 0;
  #since = 0;
  /** @type {Sender[]} */
  #ready = [];
  /** @type {NodeJS.Timeout | null} */
  #timer = null;

  /** @param {number} bytesPerSecond */
  setRate(bytesPerSecond) {
    this.#rate = bytesPerSecond;
    this.#credit = 0;
    this.#since = performance.now();
  }

  /** @param {Sender} send */
  ready(send) {
    if (this.#rate === 0) {
      send(FREE_SLICE);
      return;
    }
    this.#earn(this.#ready.length > 0 ? CATCH_UP : IDLE_CATCH_UP);
    this.#ready.push(send);
    this.#pump();
  }

  /** Adds what the line could have carried since the last time, up to so many milliseconds' worth. @param {number} most */
  #earn(most) {
    const now = performance.now();
    const perMillisecond = this.#rate / 1000;
    const earned = Math.min(now - this.#since, most) * perMillisecond;
    this.#credit = Math.min(this.#credit + earned, CATCH_UP * perMillisecond);
    this.#since = now;
  }

  #pump() {
    while (this.#credit >= PACED_SLICE) {
      const send = this.#ready.shift();
      if (!send) return;
      this.#credit -= send(PACED_SLICE);
    }
    if (this.#ready.length === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#earn(CATCH_UP);
      this.#pump();
    }, 1);
  }
}
