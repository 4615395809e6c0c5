/** Milliseconds' worth of bytes that one transfer takes at a time, so that many take turns. */
const TURN_MS = 20;

/** A line of limited speed that several transfers share: it is given out in the order asked for. */
export class Line {
  private pace: number | undefined;
  private freeAt = 0;

  /** Bytes per second from now on; undefined for as fast as it goes. */
  setPace(pace: number | undefined): void {
    if (pace !== this.pace) this.freeAt = 0;
    this.pace = pace;
  }

  /** Resolves when `bytes` more may be sent. */
  async take(bytes: number): Promise<void> {
    if (this.pace === undefined) return;
    const now = performance.now();
    const from = Math.max(now, this.freeAt);
    this.freeAt = from + (bytes / this.pace) * 1000;
    // A timer cannot be trusted with less than a millisecond; what is due sooner goes out now and the debt adds up.
    if (from - now >= 1) await new Promise((resolve) => setTimeout(resolve, from - now));
  }

  /** Bytes to ask for at a time. */
  portion(): number {
    if (this.pace === undefined) return 2 ** 20;
    return Math.min(2 ** 16, Math.max(2 ** 10, Math.floor((this.pace * TURN_MS) / 1000)));
  }
}
