import type { Side } from "../pairing/pair.ts";

/** Milliseconds between two reports of bytes: often enough for a smooth bar, seldom enough to cost nothing. */
const REPORT_EVERY = 100;

export const noBytes = (): Record<Side, number> => ({ a: 0, b: 0, adapter: 0 });

/** Adds up arriving bytes and reports them at most every 100 ms. */
export class ByteCounter {
  readonly #report: (bytes: Record<Side, number>) => void;
  #bytes = noBytes();
  #last = 0;

  constructor(report: (bytes: Record<Side, number>) => void) {
    this.#report = report;
  }

  add(side: Side, bytes: number): void {
    this.#bytes[side] += bytes;
    if (performance.now() - this.#last >= REPORT_EVERY) this.flush();
  }

  flush(): void {
    const bytes = this.#bytes;
    this.#bytes = noBytes();
    this.#last = performance.now();
    if (bytes.a + bytes.b + bytes.adapter > 0) this.#report(bytes);
  }
}
