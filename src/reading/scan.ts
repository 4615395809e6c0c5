import type { FileLocation } from "../bytes/file-location.ts";
import { spanLength } from "../bytes/span.ts";
import type { Wait } from "../bytes/with-retry.ts";
import type { EngineName } from "../kernels/engine.ts";
import { type Pair, SIDES, type Side } from "../pairing/pair.ts";
import type { AuxiliaryRange } from "../tensors/encoding.ts";
import { auxiliaryReads } from "./auxiliary-reads.ts";
import { noBytes } from "./byte-counter.ts";
import type { FoldName, FoldParts, FoldResults } from "./folds/fold-parts.ts";
import { HELD_BUDGET, heldBytes } from "./held-bytes.ts";
import { PartCollector } from "./part-collector.ts";
import type { ReadPlan } from "./read-plan.ts";
import type { Run } from "./run.ts";
import { type Segment, sideBytes } from "./segment.ts";
import { type Rank, SegmentQueue } from "./segment-queue.ts";
import type { ScanApi, ScanEvent } from "./worker-contract.ts";

/** A worker whose runs fail this often in a row, without a finished segment in between, stops the scan. */
const FAILURES_BEFORE_PAUSE = 3;
/** Milliseconds before the first retry; doubled for the next. */
const FIRST_RETRY_WAIT = 250;
/** Signed addresses are renewed this long before they expire, in milliseconds. */
const RENEW_BEFORE = 60_000;
/** Failures that waiting may mend; anything else would only fail again. */
const PASSING = new Set(["NetworkFailed", "CorsRefused", "Busy", "HttpStatus"]);

export type ScanState =
  | { status: "running" }
  /** `error` is the sentence for why, when the person did not ask for it. */
  | { status: "paused"; error: string | null }
  | { status: "finished" }
  | { status: "failed"; error: string };

/** What is known of a pair: only of the numbers of pairs it is sure that a fold has something to say. */
export type Folded<Name extends FoldName> = { coverage: number } & Pick<FoldResults, Extract<Name, "stats">> &
  Partial<Pick<FoldResults, Name>>;

export interface ScanOptions<Name extends FoldName> {
  pairs: readonly Pair[];
  plan: ReadPlan;
  /** Locations of the files of each side, by file index; renewed in place when an address expires. */
  locations: Record<Side, FileLocation[]>;
  /** What is computed, all of it in one pass over the bytes. */
  folds: readonly Name[];
  /** Segments that are not to be read: by their position in the plan. */
  settled?: Iterable<number>;
  relocate(location: FileLocation): Promise<FileLocation>;
  startWorkers(onEvent: (event: ScanEvent) => void): Promise<ScanApi[]>;
  /** What is known of a pair, whenever another of its segments is finished. */
  onResult(pair: number, result: Folded<Name>, engine: EngineName): void;
  /** What was made of a segment, before it is put together with others. */
  onSegment?(segment: FinishedSegment): void;
  /** Bytes of each side that arrived; those of an unfinished segment are taken off again when its run ends. */
  onBytes(bytes: Record<Side, number>): void;
  onState(state: ScanState): void;
  /** A request of a run waits for a busy host; null when it does so no longer. */
  onWait?(run: number, request: number, wait: Wait | null): void;
  /** What is being read now, as indices of pairs. */
  onRunning(pairs: readonly number[]): void;
}

/** A finished segment: its position in the plan, and what the folds made of it. */
export interface FinishedSegment {
  position: number;
  parts: Partial<FoldParts>;
  engine: EngineName;
}

interface ActiveRun {
  id: number;
  worker: number;
  positions: number[];
  /** Segments that are not finished. */
  left: number;
  /** What the worker was given; null until the addresses are known to be good. */
  run: Run | null;
  /** Bytes of memory that its worker takes to hold what is read whole. */
  held: number;
  /** Something else is wanted more: it ends after the segment in hand, or does not begin. */
  early: boolean;
  /** The run behind it was handed over. Once is enough: a worker gives that back unbegun where this one fails. */
  followed: boolean;
  /** Bytes seen since the last finished segment, so that a re-read is not counted twice. */
  unfinished: Record<Side, number>;
  /** Auxiliary ranges that finished segments have counted: those behind them take them again without another read. */
  counted: Record<Side, AuxiliaryRange[]>;
}

/** One scan: hands runs to workers, puts what the folds make together, survives a lost network. Ended by `cancel`. */
export class Scan<Name extends FoldName> {
  #options: ScanOptions<Name>;
  #queue: SegmentQueue;
  #collector: PartCollector;
  #workers: ScanApi[] = [];
  #active = new Map<number, ActiveRun>();
  #state: ScanState = { status: "running" };
  #cancelled = false;
  /** Failures in a row, by worker: a network that is gone for a moment takes the runs of all with it. */
  #failures = new Map<number, number>();
  #nextRun = 0;
  #bytes = noBytes();
  #renewing = new Map<string, Promise<void>>();

  constructor(options: ScanOptions<Name>) {
    this.#options = options;
    this.#queue = new SegmentQueue(options.plan);
    this.#collector = new PartCollector(options.plan, options.pairs);
    for (const position of options.settled ?? []) this.#queue.done(position);
  }

  get #plan(): ReadPlan {
    return this.#options.plan;
  }

  async start(): Promise<void> {
    this.#workers = await this.#options.startWorkers((event) => this.#receive(event));
    if (this.#cancelled || this.#state.status !== "running") return;
    this.#options.onState(this.#state);
    this.#fillWorkers();
  }

  pause(error: string | null = null): void {
    if (this.#state.status !== "running") return;
    // What a broken-off run had brought will come again; whoever looks at the paused scan sees it not counted.
    for (const run of this.#active.values()) this.#forgetUnfinished(run);
    this.#enter({ status: "paused", error });
    this.#abortRuns();
  }

  resume(): void {
    if (this.#state.status !== "paused") return;
    this.#failures.clear();
    this.#enter({ status: "running" });
    this.#fillWorkers();
  }

  /** What a busy host turned away is asked for again at once. */
  hurry(): void {
    for (const worker of this.#workers) void worker.hurry();
  }

  /** Ends everything at once; nothing is reported afterwards. */
  cancel(): void {
    this.#cancelled = true;
    this.#abortRuns();
  }

  /** Reads what ranks lowest first from now on; a run of worse rank ends after the segment in hand. */
  prioritise(rank: Rank): void {
    this.#queue.prioritise(rank);
    const best = this.#queue.bestWaiting();
    if (best === null) return;
    for (const run of this.#active.values()) {
      const worst = Math.max(...run.positions.map((i) => rank(this.#plan.pairOf(i))));
      if (worst <= best) continue;
      run.early = true;
      void this.#workers[run.worker].finishEarly(run.id);
    }
    this.#fillWorkers();
  }

  #abortRuns(): void {
    for (const run of this.#active.values()) void this.#workers[run.worker].cancel(run.id);
  }

  #enter(state: ScanState): void {
    this.#state = state;
    if (!this.#cancelled) this.#options.onState(state);
  }

  /** Gives every worker that is idle, or soon will be, its next run; where all is read the scan is finished. */
  #fillWorkers(): void {
    if (this.#cancelled || this.#state.status !== "running") return;
    if (this.#queue.finished) {
      this.#enter({ status: "finished" });
      return;
    }
    for (let worker = 0; worker < this.#workers.length; worker++) {
      const runs = [...this.#active.values()].filter((run) => run.worker === worker);
      if (runs.length > 1 || (runs.length === 1 && !this.#endsSoon(runs[0]))) continue;
      for (const run of runs) run.followed = true;
      void this.#work(worker);
    }
    this.#options.onRunning([...this.#active.values()].map((run) => this.#plan.pairOf(run.positions[0])));
  }

  /** The run behind it is handed over then, so that a worker need not wait for a page that is drawing. */
  #endsSoon(active: ActiveRun): boolean {
    return active.run !== null && (active.early || active.left <= 1) && !active.followed;
  }

  /** What is read whole makes a run of its own. One of them is always let through. */
  #canHold(bytes: number): boolean {
    if (bytes === 0) return true;
    const already = [...this.#active.values()].reduce((sum, { held }) => sum + held, 0);
    return already === 0 || already + bytes <= HELD_BUDGET;
  }

  async #work(worker: number): Promise<void> {
    const positions = this.#queue.take(this.#workers.length);
    if (positions.length === 0) return;
    const held = heldBytes(this.#plan.at(positions[0]));
    if (!this.#canHold(held)) {
      // The worker is asked for again when the next run is over.
      this.#queue.giveBack(positions);
      return;
    }
    const active: ActiveRun = {
      id: this.#nextRun++,
      worker,
      positions,
      left: positions.length,
      run: null,
      held,
      early: false,
      followed: false,
      unfinished: noBytes(),
      counted: { a: [], b: [], adapter: [] },
    };
    this.#active.set(active.id, active);
    try {
      await this.#renew(active, ({ expires = Infinity }) => expires - Date.now() < RENEW_BEFORE);
      if (!this.#cancelled && this.#state.status === "running" && !active.early) {
        active.run = this.#runOf(active);
        await this.#workers[worker].run(active.run);
      }
    } catch (error) {
      await this.#failed(active, error as Error);
    } finally {
      this.#settle(active);
    }
  }

  /** After a run, however it ended: what it left undone waits again, and the worker gets the next one. */
  #settle(active: ActiveRun): void {
    this.#active.delete(active.id);
    this.#queue.giveBack(active.positions);
    this.#forgetUnfinished(active);
    this.#fillWorkers();
  }

  async #failed(active: ActiveRun, error: Error): Promise<void> {
    if (this.#cancelled || error.name === "AbortError" || this.#state.status !== "running") return;
    const failures = (this.#failures.get(active.worker) ?? 0) + 1;
    this.#failures.set(active.worker, failures);
    const giveUp = failures >= FAILURES_BEFORE_PAUSE;
    if (error.name === "LinkExpired" && !giveUp) {
      // An address that is another by now was renewed for a run that failed before this one.
      const used = new Set(active.run ? locationsOf(active.run) : []);
      const refused = (location: FileLocation) => used.has(location);
      await this.#renew(active, refused).catch((cause: Error) => this.pause(cause.message));
    } else if (PASSING.has(error.name)) {
      if (giveUp) this.pause(error.message);
      else await new Promise((done) => setTimeout(done, FIRST_RETRY_WAIT * 2 ** (failures - 1)));
    } else {
      this.#enter({ status: "failed", error: error.message });
      this.#abortRuns();
    }
  }

  #runOf({ id, positions }: ActiveRun): Run {
    const segments = positions.map((position) => this.#plan.at(position));
    const files = { a: new Map(), b: new Map(), adapter: new Map() } satisfies Run["files"];
    for (const side of SIDES)
      for (const file of filesOf(segments, side)) files[side].set(file, this.#options.locations[side][file]);
    return { id, segments, folds: this.#options.folds, files };
  }

  /** Asks again for those of a run's signed addresses that are `due`: once per file, however many runs wait. */
  async #renew(active: ActiveRun, due: (location: FileLocation & { kind: "http" }) => boolean): Promise<void> {
    const planned = active.positions.map((position) => this.#plan.at(position));
    const one = async (side: Side, file: number) => {
      const locations = this.#options.locations[side];
      const location = locations[file];
      if (location.kind !== "http" || !location.resolver || !due(location)) return;
      const key = `${side}${file}`;
      const renewal =
        this.#renewing.get(key) ??
        this.#options
          .relocate(location)
          .then((fresh) => {
            locations[file] = fresh;
          })
          .finally(() => this.#renewing.delete(key));
      this.#renewing.set(key, renewal);
      await renewal;
    };
    await Promise.all(SIDES.flatMap((side) => filesOf(planned, side).map((file) => one(side, file))));
  }

  #receive(event: ScanEvent): void {
    const active = this.#active.get(event.run);
    if (this.#cancelled || !active) return;
    if (event.kind === "wait") {
      this.#options.onWait?.(event.run, event.request, event.wait);
      return;
    }
    if (event.kind === "bytes") {
      if (this.#state.status !== "running") return;
      for (const side of SIDES) {
        active.unfinished[side] += event.bytes[side];
        this.#bytes[side] += event.bytes[side];
      }
      this.#options.onBytes({ ...this.#bytes });
      return;
    }
    const { position, parts, engine } = event;
    this.#failures.delete(active.worker);
    active.left--;
    this.#countFinished(active, this.#plan.at(position));
    this.#finished({ position, parts, engine });
    if (active.left === 1) this.#fillWorkers();
  }

  /** Bytes that came while the scan was paused were not counted; now that their segment is finished, they are. */
  #countFinished(active: ActiveRun, segment: Segment): void {
    let isLess = false;
    for (const side of SIDES) {
      active.unfinished[side] -= bytesOf(segment, side, active.counted);
      if (active.unfinished[side] >= 0) continue;
      this.#bytes[side] -= active.unfinished[side];
      active.unfinished[side] = 0;
      isLess = true;
    }
    if (isLess) this.#options.onBytes({ ...this.#bytes });
  }

  #finished(finished: FinishedSegment): void {
    const segment = this.#plan.at(finished.position);
    this.#queue.done(finished.position);
    this.#options.onSegment?.(finished);
    const result = this.#collector.add(segment, finished.parts) as Folded<Name>;
    this.#options.onResult(segment.pair, result, finished.engine);
  }

  #forgetUnfinished(active: ActiveRun): void {
    for (const side of SIDES) this.#bytes[side] -= active.unfinished[side];
    active.unfinished = noBytes();
    if (!this.#cancelled) this.#options.onBytes({ ...this.#bytes });
  }
}

/** Bytes that a finished segment stands for: of its span, and of what else it takes those that none before it counted. */
function bytesOf(segment: Segment, side: Side, counted: ActiveRun["counted"]): number {
  const own = segment[side];
  if (!own?.auxiliary) return sideBytes(own);
  const before = counted[side];
  counted[side] = [...before, ...own.auxiliary];
  return spanLength(own.span) + unionBytes(counted[side]) - unionBytes(before);
}

const unionBytes = (auxiliary: readonly AuxiliaryRange[]): number =>
  auxiliaryReads([{ auxiliary }], 0).reduce((bytes, { span }) => bytes + spanLength(span), 0);

/** The files of a side of which something is read for these segments. An update's own file is among its auxiliary ones. */
function filesOf(segments: readonly Segment[], side: Side): number[] {
  const sides = segments.flatMap((segment) => segment[side] ?? []);
  const own = sides.flatMap(({ file, update }) => (update ? [] : [file]));
  return [...new Set([...own, ...sides.flatMap(({ auxiliary = [] }) => auxiliary.map(({ file }) => file))])];
}

const locationsOf = ({ files }: Run): FileLocation[] => SIDES.flatMap((side) => [...files[side].values()]);
