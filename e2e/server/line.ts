import type { ServerResponse } from "node:http";

interface Transfer {
  bytes: number;
  go: () => void;
}

/**
 * What lets bodies through: everything, or as many bytes as a test allows, which several transfers share in the order asked
 * for. No clock is asked: what is not allowed stands still until the test lets it go.
 */
export class Line {
  private left = Number.POSITIVE_INFINITY;
  private waiting: Transfer[] = [];
  private told: (() => void)[] = [];

  /** Bytes that may be sent from now on; undefined for all there are. */
  allow(bytes: number | undefined): void {
    this.left = bytes ?? Number.POSITIVE_INFINITY;
    this.letGo();
  }

  /** Resolves when `bytes` more may be sent, or when nobody is there any more to send them to. */
  async take(bytes: number, response: ServerResponse): Promise<void> {
    if (this.left === Number.POSITIVE_INFINITY || response.destroyed) return;
    await new Promise<void>((resolve) => {
      const gone = () => {
        this.waiting = this.waiting.filter((each) => each !== transfer);
        resolve();
      };
      const go = () => {
        response.off("close", gone);
        resolve();
      };
      const transfer: Transfer = { bytes, go };
      response.once("close", gone);
      this.waiting.push(transfer);
      this.letGo();
    });
  }

  /** Resolves when a transfer waits: from then on no byte goes out until more are allowed. */
  whenDry(): Promise<void> {
    return this.waiting.length > 0 ? Promise.resolve() : new Promise((resolve) => this.told.push(resolve));
  }

  /** Bytes to ask for at a time: few where they are counted, so that many transfers take turns. */
  portion(): number {
    return this.left === Number.POSITIVE_INFINITY ? 2 ** 20 : 2 ** 12;
  }

  private letGo(): void {
    while (this.waiting.length > 0 && this.waiting[0].bytes <= this.left) {
      const { bytes, go } = this.waiting.shift()!;
      this.left -= bytes;
      go();
    }
    if (this.waiting.length > 0) for (const tell of this.told.splice(0)) tell();
  }
}
