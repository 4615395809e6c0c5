import type { FileLocation } from "../bytes/file-location.ts";
import { spanLength } from "../bytes/span.ts";
import type { Wait } from "../bytes/with-retry.ts";
import type { EngineName } from "../kernels/engine.ts";
import type { Pair } from "../pairing/pair.ts";
import type { AuxiliaryRange } from "../tensors/encoding.ts";
import type { LowRankUpdate } from "../tensors/low-rank-update.ts";
import type { View } from "../tensors/view.ts";
import { auxiliaryReads } from "./auxiliary-reads.ts";
import { HELD_BUDGET, heldBytes } from "./held-bytes.ts";
import { PairCollector, type PairResult } from "./pair-collector.ts";
import type { ReadPlan } from "./read-plan.ts";
import { type Segment, type SegmentSide, sideBytes } from "./segment.ts";
import { type Rank, SegmentQueue } from "./segment-queue.ts";
import type { ComputedSide, DecodedSide, Run, RunSegment, ScanApi, ScanEvent } from "./worker-contract.ts";

type Side = "a" | "b" | "adapter";

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

export interface ScanOptions {
  pairs: readonly Pair[];
  plan: ReadPlan;
  /** Locations of the files of each side, by file index; renewed in place when an address expires. */
  locations: { a: FileLocation[]; b: FileLocation[]; adapter?: FileLocation[] };
  relocate(location: FileLocation): Promise<FileLocation>;
  startWorkers(onEvent: (event: ScanEvent) => void): Promise<ScanApi[]>;
  onResult(pair: number, result: PairResult, engine: EngineName): void;
  /** Bytes of each side that arrived, an adapter's beside them among B's; those of an unfinished segment are taken off again when its run ends. */
  onBytes(bytes: { a: number; b: number }): void;
  onState(state: ScanState): void;
  /** A request of a run waits for a busy host; null when it does so no longer. */
  onWait?(run: number, request: number, wait: Wait | null): void;
  /** What is being read now, as indices of pairs. */
  onRunning(pairs: readonly number[]): void;
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
  unfinished: { a: number; b: number };
  /** Auxiliary ranges that finished segments have counted: those behind them take them again without another read. */
  counted: Record<Side, AuxiliaryRange[]>;
}

/** One scan: hands runs to workers, puts their numbers together, survives a lost network. Ended by `cancel`. */
export class Scan {
  #options: ScanOptions;
  #queue: SegmentQueue;
  #collector: PairCollector;
  #workers: ScanApi[] = [];
  #active = new Map<number, ActiveRun>();
  #state: ScanState = { status: "running" };
  #cancelled = false;
  /** Failures in a row, by worker: a network that is gone for a moment takes the runs of all with it. */
  #failures = new Map<number, number>();
  #nextRun = 0;
  #bytes = { a: 0, b: 0 };
  #renewing = new Map<string, Promise<void>>();

  constructor(options: ScanOptions) {
    this.#options = options;
    this.#queue = new SegmentQueue(options.plan);
    this.#collector = new PairCollector(options.plan, options.pairs);
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
    const unfinished = { a: 0, b: 0 };
    const left = positions.length;
    const active: ActiveRun = {
      ...{ id: this.#nextRun++, worker, positions, left, held },
      ...{ run: null, early: false, followed: false, unfinished, counted: { a: [], b: [], adapter: [] } },
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

  #runOf(active: ActiveRun): Run {
    const planned = active.positions.map((position) => this.#plan.at(position));
    const segments = planned.map((segment, i): RunSegment => {
      const pair = this.#options.pairs[segment.pair];
      const [decodedA, decodedB] = [decodedSide(pair.a, segment.a), decodedSide(pair.b, segment.b)];
      const [computedA, computedB] = [
        computedSide(pair.a.update, segment.a),
        computedSide(pair.b?.update, segment.b ?? undefined),
      ];
      const adapter = computedSide(pair.adapter, segment.adapter);
      return {
        position: active.positions[i],
        count: segment.count,
        dtypeA: pair.a.dtype,
        spanA: segment.a.span,
        dtypeB: (pair.b ?? pair.a).dtype,
        spanB: computedB ? null : (segment.b?.span ?? null),
        ...(decodedA ? { decodedA } : {}),
        ...(decodedB ? { decodedB } : {}),
        ...(computedA ? { computedA } : {}),
        ...(computedB ? { computedB } : {}),
        ...(adapter ? { adapter } : {}),
      };
    });
    const [{ a, b }] = planned;
    const { locations } = this.#options;
    const run: Run = {
      id: active.id,
      a: locations.a[a.file],
      b: b && !b.computed ? locations.b[b.file] : null,
      segments,
    };
    const files = (side: Side) =>
      new Map(auxiliaryFilesOf(planned, side).map((file) => [file, (locations[side] ?? [])[file]]));
    const [ofA, ofB, ofAdapter] = [files("a"), files("b"), files("adapter")];
    if (ofA.size + ofB.size + ofAdapter.size > 0)
      run.auxiliaryFiles = { a: ofA, b: ofB, ...(ofAdapter.size > 0 ? { adapter: ofAdapter } : {}) };
    return run;
  }

  /** Asks again for those of a run's signed addresses that are `due`: once per file, however many runs wait. */
  async #renew(active: ActiveRun, due: (location: FileLocation & { kind: "http" }) => boolean): Promise<void> {
    const planned = active.positions.map((position) => this.#plan.at(position));
    const one = async (side: Side, file: number) => {
      const locations = this.#options.locations[side] ?? [];
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
    const files = (["a", "b", "adapter"] as const).flatMap((side) => {
      const own = side === "adapter" ? null : planned[0][side];
      const all = new Set([...(own ? [own.file] : []), ...auxiliaryFilesOf(planned, side)]);
      return [...all].map((file) => one(side, file));
    });
    await Promise.all(files);
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
      active.unfinished.a += event.a;
      active.unfinished.b += event.b;
      this.#bytes.a += event.a;
      this.#bytes.b += event.b;
      this.#options.onBytes({ ...this.#bytes });
      return;
    }
    const segment = this.#plan.at(event.position);
    this.#failures.delete(active.worker);
    this.#queue.done(event.position);
    active.left--;
    for (const side of ["a", "b"] as const) {
      active.unfinished[side] -= bytesOf(segment, side, active.counted);
      // Bytes that came while the scan was paused were not counted; now that the segment is finished, they are.
      if (active.unfinished[side] < 0) {
        this.#bytes[side] -= active.unfinished[side];
        active.unfinished[side] = 0;
        this.#options.onBytes({ ...this.#bytes });
      }
    }
    this.#options.onResult(segment.pair, this.#collector.add(segment, event.stats, event.deltas), event.engine);
    if (active.left === 1) this.#fillWorkers();
  }

  #forgetUnfinished(active: ActiveRun): void {
    this.#bytes.a -= active.unfinished.a;
    this.#bytes.b -= active.unfinished.b;
    active.unfinished = { a: 0, b: 0 };
    if (!this.#cancelled) this.#options.onBytes({ ...this.#bytes });
  }
}

/** What a worker must know of a side besides its bytes; undefined where the elements lie there as they are. */
function decodedSide(view: View | null, side: SegmentSide | null): DecodedSide | undefined {
  // A piece of a view with an order may lie as it is, too.
  if (!view || !side || side.computed || side.from === undefined) return undefined;
  const { dtype, encoding, order } = view;
  const { from, auxiliary, whole } = side;
  return {
    layout: { dtype, ...(encoding ? { encoding } : {}), ...(order && whole ? { order } : {}) },
    from,
    ...(auxiliary ? { auxiliary } : {}),
    ...(whole ? { whole } : {}),
  };
}

function computedSide(update: LowRankUpdate | undefined, side: SegmentSide | undefined): ComputedSide | undefined {
  if (!update || !side) return undefined;
  return { update, from: side.from ?? 0, auxiliary: side.auxiliary ?? [] };
}

/** Bytes that a finished segment stands for: of its span, and of what else it takes those that none before it counted. */
function bytesOf(segment: Segment, side: "a" | "b", counted: ActiveRun["counted"]): number {
  const own = segment[side];
  const beside = side === "b" ? segment.adapter : undefined;
  if (!own?.auxiliary && !beside?.auxiliary) return sideBytes(own);
  const added = (of: Side, ranges: readonly AuxiliaryRange[] = []) => {
    const before = counted[of];
    counted[of] = [...before, ...ranges];
    return unionBytes(counted[of]) - unionBytes(before);
  };
  return (own ? spanLength(own.span) : 0) + added(side, own?.auxiliary) + added("adapter", beside?.auxiliary);
}

const unionBytes = (auxiliary: readonly AuxiliaryRange[]): number =>
  auxiliaryReads([{ auxiliary }], 0).reduce((bytes, { span }) => bytes + spanLength(span), 0);

function auxiliaryFilesOf(segments: readonly Segment[], side: Side): number[] {
  const ranges = segments.flatMap((segment) => segment[side]?.auxiliary ?? []);
  return [...new Set(ranges.map(({ file }) => file))];
}

const locationsOf = ({ a, b, auxiliaryFiles }: Run): (FileLocation | null)[] => [
  ...[a, b],
  ...[...(auxiliaryFiles?.a.values() ?? []), ...(auxiliaryFiles?.b.values() ?? [])],
  ...(auxiliaryFiles?.adapter?.values() ?? []),
];
