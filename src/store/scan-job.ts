import type { EngineName } from "../kernels/engine.ts";
import type { Pair } from "../pairing/pair.ts";
import type { FoldName } from "../reading/folds/fold-parts.ts";
import { planReads, type ReadPlan } from "../reading/read-plan.ts";
import { type Folded, Scan, type ScanState } from "../reading/scan.ts";
import type { Rank } from "../reading/segment-queue.ts";
import { Speedometer } from "../reading/speedometer.ts";
import type { Lease } from "../workforce/lease.ts";
import type { AppState } from "./app-state.ts";
import type { BusyHosts } from "./busy-hosts.ts";
import type { AppStore } from "./create-store.ts";
import { type Job, type JobProgress, newJob, withJob } from "./job.ts";
import { type Environment, locationsOf, type Opened, relocator } from "./opening.ts";

/** Milliseconds between two updates of the picture: often enough to watch it grow, and leaves the cores to the scan. */
const REDRAW_EVERY = 500;
/** The same until there is a result to see, while only the progress moves. */
const FIRST_DRAW = 250;

/** Tensors of what is open that are to be read, and what becomes of their numbers. */
export interface Reading {
  /** The kind of the job. */
  kind: string;
  /** Other kinds whose place it takes in the list. */
  instead?: readonly string[];
  /** Their indices are their positions here. */
  pairs: readonly Pair[];
  /** How they are read; made from the pairs unless it is known. */
  plan?: ReadPlan;
  /** What is computed of them. */
  folds: readonly FoldName[];
  /** Bytes that each side takes, an adapter's beside it among B's. */
  bytes: { a: number; b: number };
  /** A lost network pauses it, to be resumed; else it fails of that. */
  canPause?: boolean;
  onResult(pair: number, result: Folded<FoldName>, engine: EngineName): void;
  /** What else changes in the state whenever the job is shown. */
  alongside?(state: AppState): Partial<AppState>;
  /** All is read; the job has said so. */
  onFinished?(): void;
}

/** What can be read again of what is open, as a job. */
export interface Readings {
  /** The person asked their browser to save data: nothing is read unasked. */
  readonly savesData: boolean;
  /** The `config.json` of A, where it has one and is open. */
  readonly config: Record<string, unknown> | undefined;
  /** Reads as a job of its kind, which ends one of that kind before it. Nothing happens where nothing is open any more. */
  read(reading: Reading): void;
  /** Ends such a job and takes it off the list; `also` changes with it. */
  stopReading(kind: string, also?: Partial<AppState>): void;
}

/** Tensors being read as a job: on leased workers, its progress in the list of jobs a few times a second. */
export class ScanJob {
  readonly id: number;
  readonly #store: AppStore;
  readonly #reading: Reading;
  readonly #busy: BusyHosts;
  readonly #lease: Lease;
  readonly #scan: Scan<FoldName>;
  readonly #speed = new Speedometer();
  #done = { a: 0, b: 0 };
  #itemsDone: number;
  /** Positions of pairs under way. */
  #underway: readonly number[] = [];
  #due: ReturnType<typeof setTimeout> | null = null;
  #hasResult = false;
  #hasShown = false;

  /** Begins at once; it is in the list when this returns. */
  constructor(store: AppStore, environment: Environment, opened: Opened, busy: BusyHosts, reading: Reading) {
    const { hub, engine } = store.getState();
    const { kind, instead, pairs, plan, folds } = reading;
    this.#store = store;
    this.#reading = reading;
    this.#busy = busy;
    this.#itemsDone = pairs.filter(({ identical }) => identical).length;
    this.#lease = environment.pool.lease();
    const job = newJob(kind);
    this.id = job.id;
    this.#scan = new Scan({
      pairs,
      plan: plan ?? planReads(pairs),
      folds,
      locations: locationsOf(opened),
      relocate: relocator(hub, environment),
      startWorkers: (onEvent) => this.#lease.scanners(engine.chosen ?? "reference", onEvent),
      onResult: (pair, result, by) => {
        reading.onResult(pair, result, by);
        if (result.coverage === 1) this.#itemsDone++;
        this.#hasResult = true;
        this.#publishSoon();
      },
      onBytes: ({ a, b, adapter }) => {
        this.#done = { a, b: b + adapter };
        this.#publishSoon();
      },
      onWait: (run, request, wait) => busy.note(`${this.#name} ${run} ${request}`, wait),
      onRunning: (now) => {
        this.#underway = now;
      },
      onState: (state) => this.#enter(state),
    });
    store.setState(({ jobs }) => ({ jobs: withJob(jobs, { ...job, progress: this.#progress(job) }, instead) }));
    this.#scan.start().catch((error: Error) => {
      if (error.name !== "LeaseRevoked") this.#fail(error.message);
    });
  }

  pause(): void {
    this.#scan.pause();
  }

  resume(): void {
    this.#scan.resume();
  }

  /** What a busy host turned away is asked for again at once. */
  hurry(): void {
    this.#scan.hurry();
  }

  prioritise(rank: Rank): void {
    this.#scan.prioritise(rank);
  }

  /** Ends it at once; nothing is told of it any more. What the list says of it is for the caller to change. */
  stop(): void {
    if (this.#due) clearTimeout(this.#due);
    this.#scan.cancel();
    this.#lease.revoke();
    this.#busy.forget(this.#name);
  }

  /** What its requests are called among those that wait. */
  get #name(): string {
    return `job ${this.id}:`;
  }

  get #job(): Job | undefined {
    return this.#store.getState().jobs.find(({ id }) => id === this.id);
  }

  #enter(state: ScanState): void {
    if (state.status !== "running") this.#busy.forget(this.#name);
    if (state.status === "running") this.#publish({ status: "running", error: null });
    else if (state.status === "failed") this.#fail(state.error);
    else if (state.status === "finished") {
      this.#lease.revoke();
      this.#publish({ status: "finished" });
      this.#reading.onFinished?.();
    } else if (state.error !== null && !this.#reading.canPause) this.#fail(state.error);
    else this.#publish(state);
  }

  #fail(error: string): void {
    this.#lease.revoke();
    this.#publish({ status: "failed", error });
  }

  #progress({ status }: Job): JobProgress {
    const { bytes, pairs } = this.#reading;
    const isRunning = status === "running";
    // What is read besides the tensors, as an adapter's matrices, may take fewer bytes than were reckoned with.
    const side = (which: "a" | "b") => ({
      done: status === "finished" ? bytes[which] : Math.min(this.#done[which], bytes[which]),
      total: bytes[which],
    });
    const done = this.#done.a + this.#done.b;
    const rate = isRunning ? this.#speed.note(done, performance.now()) : null;
    return {
      bytes: { a: side("a"), b: side("b") },
      items: { done: this.#itemsDone, total: pairs.length },
      rate,
      secondsLeft: rate ? Math.max(0, bytes.a + bytes.b - done) / rate : null,
      reading: isRunning && this.#underway.length > 0 ? pairs[this.#underway[0]].name : null,
    };
  }

  #publish(change: Partial<Pick<Job, "status" | "error">> = {}): void {
    if (this.#due) clearTimeout(this.#due);
    this.#due = null;
    const before = this.#job;
    // It was put away.
    if (!before) return;
    this.#hasShown = this.#hasResult;
    const job = { ...before, ...change };
    job.progress = this.#progress(job);
    const state = this.#store.getState();
    this.#store.setState({
      jobs: state.jobs.map((one) => (one.id === this.id ? job : one)),
      ...this.#reading.alongside?.(state),
    });
  }

  #publishSoon(): void {
    // What still arrives after a pause is shown at once: the page counts as idle then.
    if (this.#job?.status !== "running") this.#publish();
    else this.#due ??= setTimeout(() => this.#publish(), this.#hasShown ? REDRAW_EVERY : FIRST_DRAW);
  }
}
