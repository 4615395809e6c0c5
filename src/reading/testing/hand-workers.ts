import type { Wait } from "../../bytes/with-retry.ts";
import type { PairStats } from "../../kernels/pair-stats.ts";
import type { Side } from "../../pairing/pair.ts";
import { noBytes } from "../byte-counter.ts";
import type { Run } from "../run.ts";
import type { ScanApi, ScanEvent } from "../worker-contract.ts";

/** An error as it comes out of a worker: a name and a message. */
export function namedError(name: string, message: string = `A sentence about ${name}.`): Error {
  return Object.assign(new Error(message), { name });
}

interface CurrentRun {
  run: Run;
  /** Segments finished. */
  finished: number;
  early: boolean;
  cancelled: boolean;
  /** Bytes told of, per side. */
  told: Record<Side, number>;
  resolve: () => void;
  reject: (error: Error) => void;
}

/** A scan worker that moves when told to. */
export class HandWorker {
  /** Every run it was ever given. */
  readonly runs: Run[] = [];
  current: CurrentRun | null = null;
  /** How often its waits were cut short. */
  hurried = 0;
  /** Runs that begin when the current one is over. */
  readonly waiting: CurrentRun[] = [];
  #numbersOf: (position: number) => PairStats;
  #tell: (event: ScanEvent) => void;

  constructor(numbersOf: (position: number) => PairStats, tell: (event: ScanEvent) => void) {
    this.#numbersOf = numbersOf;
    this.#tell = tell;
  }

  /** What the page sees of it. */
  readonly api: ScanApi = {
    run: (run: Run) =>
      new Promise<void>((resolve, reject) => {
        this.runs.push(run);
        this.waiting.push({ run, finished: 0, early: false, cancelled: false, told: noBytes(), resolve, reject });
        if (!this.current) this.#begin(true);
      }),
    finishEarly: async (id: number) => {
      const run = this.#find(id);
      if (run) run.early = true;
    },
    cancel: async (id: number) => {
      const run = this.#find(id);
      if (run) run.cancelled = true;
    },
    hurry: async () => {
      this.hurried++;
    },
  };

  /** Says that a request of the current run waits for a busy host, or no longer does. */
  wait(request: number, wait: Wait | null): void {
    const { current } = this;
    if (!current) throw new Error("This worker has no run.");
    this.#tell({ kind: "wait", run: current.run.id, request, wait });
  }

  /** Finishes the next segment, or the run where none is left or it is to end early. */
  step(): void {
    const { current } = this;
    if (!current) throw new Error("This worker has no run.");
    const { run, finished, early } = current;
    if (finished === run.segments.length || (early && finished > 0)) this.#end(current, true).resolve();
    else this.finishSegment();
  }

  /** Tells of the next segment's bytes, of one byte of what comes after it, and of its numbers. */
  finishSegment(): void {
    const { current } = this;
    if (!current) throw new Error("This worker has no run.");
    const { run, told } = current;
    const segment = run.segments[current.finished++];
    const ahead = current.finished < run.segments.length ? 1 : 0;
    const upTo = (side: "a" | "b") => {
      const [first, last] = [run.segments[0][side], segment[side]];
      return first && last ? last.span.end - first.span.begin + ahead : 0;
    };
    const now = { a: upTo("a"), b: upTo("b"), adapter: 0 };
    this.#tell({ kind: "bytes", run: run.id, bytes: { a: now.a - told.a, b: now.b - told.b, adapter: 0 } });
    current.told = now;
    const { position } = segment;
    const parts = { stats: this.#numbersOf(position) };
    this.#tell({ kind: "segment", run: run.id, position, parts, engine: "reference" });
  }

  /** Ends the run with an error. */
  fail(error: Error): void {
    if (this.current) this.#end(this.current, false).reject(error);
  }

  /** Ends a cancelled run as a worker does. */
  abort(): void {
    this.fail(namedError("AbortError"));
  }

  #find(id: number): CurrentRun | undefined {
    return [this.current, ...this.waiting].find((each) => each?.run.id === id) ?? undefined;
  }

  #end(current: CurrentRun, good: boolean): CurrentRun {
    this.current = null;
    this.#begin(good);
    return current;
  }

  /** The next run that is still wanted; behind a failure none is begun. */
  #begin(good: boolean): void {
    for (let next = this.waiting.shift(); next; next = this.waiting.shift()) {
      if (good && !next.early && !next.cancelled) {
        this.current = next;
        return;
      }
      if (next.cancelled) next.reject(namedError("AbortError"));
      else next.resolve();
    }
  }
}
