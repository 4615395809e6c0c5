import type { Wait } from "../src/bytes/with-retry.ts";
import { Speedometer } from "../src/reading/speedometer.ts";

/** Milliseconds between two looks at it. */
const REDRAW_EVERY = 200;

/** What of standard error it takes. */
export interface Terminal {
  isTTY: boolean;
  columns: number;
  write(text: string): boolean;
}

/** How far a scan is, on one line of a terminal; elsewhere nothing is written. */
export class ProgressLine {
  readonly #terminal: Terminal;
  readonly #speedometer = new Speedometer();
  readonly #waits = new Set<Wait>();
  #total = 0;
  #drawn = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Bytes that are read in all. */
  begin(total: number): void {
    this.#total = total;
  }

  /** Bytes that have been read by now, `time` in milliseconds. */
  note(bytes: number, time: number = performance.now()): void {
    const rate = this.#speedometer.note(bytes, time);
    if (!this.#terminal.isTTY || time - this.#drawn < REDRAW_EVERY) return;
    this.#drawn = time;
    this.#draw(progressWords(bytes, this.#total, rate) + this.#waitWords());
  }

  /** A host is busy; what this returns is called when the wait for it is over. */
  wait(wait: Wait): () => void {
    this.#waits.add(wait);
    if (this.#terminal.isTTY) this.#draw(this.#waitWords().replace(/^ · /, ""));
    return () => this.#waits.delete(wait);
  }

  /** Takes the line away, so that something else can be written. */
  clear(): void {
    if (this.#terminal.isTTY && this.#drawn > 0) this.#terminal.write("\r\u001b[K");
  }

  #draw(words: string): void {
    this.#drawn ||= 1;
    this.#terminal.write(`\r${words.slice(0, (this.#terminal.columns || 80) - 1)}\u001b[K`);
  }

  #waitWords(): string {
    const last = [...this.#waits].at(-1);
    return last ? ` · ${last.host} is busy, asked again at ${new Date(last.until).toLocaleTimeString()}` : "";
  }
}

/** e.g. `12.3 of 31.4 GB · 480 MB/s · 40 s left`. */
export function progressWords(bytes: number, total: number, rate: number | null): string {
  const amounts = `${(bytes / 1e9).toFixed(2)} of ${(total / 1e9).toFixed(2)} GB`;
  if (rate === null) return amounts;
  return `${amounts} · ${(rate / 1e6).toFixed(0)} MB/s · ${timeWords((total - bytes) / rate)} left`;
}

function timeWords(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(Math.max(0, seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
