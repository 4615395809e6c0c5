/** Milliseconds between two reports of bytes: often enough for a smooth bar, seldom enough to cost nothing. */
const REPORT_EVERY = 100;

/** Adds up arriving bytes and reports them at most every 100 ms. */
export class ByteCounter {
  #report: (a: number, b: number) => void;
  #a = 0;
  #b = 0;
  #last = 0;

  constructor(report: (a: number, b: number) => void) {
    this.#report = report;
  }

  add(side: "a" | "b", bytes: number): void {
    if (side === "a") this.#a += bytes;
    else this.#b += bytes;
    if (performance.now() - this.#last >= REPORT_EVERY) this.flush();
  }

  flush(): void {
    if (this.#a + this.#b > 0) this.#report(this.#a, this.#b);
    this.#a = 0;
    this.#b = 0;
    this.#last = performance.now();
  }
}
