import type { FileLocation } from "../../bytes/file-location.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../../kernels/pair-stats.ts";
import type { Side } from "../../pairing/pair.ts";
import type { PairResult } from "../part-collector.ts";
import { costOf, planReads, type ReadPlan } from "../read-plan.ts";
import { Scan, type ScanOptions, type ScanState } from "../scan.ts";
import { type Segment, segmentBytes } from "../segment.ts";
import type { ScanEvent } from "../worker-contract.ts";
import { HandWorker } from "./hand-workers.ts";
import { type SampleTensor, samplePairs } from "./sample-pairs.ts";
import { type Draw, seededDraw } from "./seeded-draw.ts";

/** Six tensors in two files a side, with a gap in the first file of A; 3 + 2 + 4 + 1 + 5 + 2 segments. */
const TENSORS: SampleTensor[] = [
  { count: 20, a: ["BF16", 0, 8], b: ["BF16", 0, 10] },
  { count: 9, a: ["BF16", 0, 48], b: ["BF16", 0, 50] },
  { count: 32, a: ["BF16", 0, 80], b: ["BF16", 0, 68] },
  { count: 7, a: ["BF16", 1, 8], b: ["BF16", 1, 8] },
  { count: 40, a: ["BF16", 1, 22], b: ["BF16", 1, 22] },
  { count: 11, a: ["BF16", 1, 102], b: ["F32", 1, 102] },
];
export const PAIRS = samplePairs(TENSORS);
export const SEGMENTS = [...planReads(PAIRS, 8)];
export const COST = costOf(SEGMENTS);

const listed = (segments: readonly Segment[]): ReadPlan => ({
  length: segments.length,
  at: (position) => ({ ...segments[position], position }),
  pairOf: (position) => segments[position].pair,
  slicesOf: (pair) => segments.filter((segment) => segment.pair === pair).length,
  bytes: segments.reduce((sum, segment) => sum + segmentBytes(segment), 0),
  [Symbol.iterator]: () => segments.map((segment, position) => ({ ...segment, position })).values(),
});

/** The numbers a worker gives for a segment; their sums depend on the order of adding. */
export function numbersOf(position: number): PairStats {
  const draw = seededDraw(position + 1);
  const stats = emptyPairStats();
  stats.count = SEGMENTS[position].count;
  stats.sumA2 = (1 + draw(1000)) / 3;
  stats.sumD = ((draw(2000) - 1000) / 7) * 10 ** draw(9);
  return stats;
}

/** What must come out: each pair's segments added from left to right. */
export const EXPECTED = PAIRS.map((pair): PairResult => {
  const stats = emptyPairStats();
  for (const [i, segment] of SEGMENTS.entries()) if (segment.pair === pair.index) mergePairStats(stats, numbersOf(i));
  return { stats, coverage: 1 };
});

/** A file behind a signed address; `version` tells one address from the next. */
export const signed = (name: string, version = 0, expires?: number): FileLocation => ({
  ...{
    kind: "http",
    url: `https://cdn.test/${name}?signature=${version}`,
    size: 200,
    resolver: `https://hub.test/${name}`,
  },
  ...(expires === undefined ? {} : { expires }),
});

export const nameOf = (location: FileLocation): string =>
  location.kind === "http" ? new URL(location.url).pathname.slice(1) : "blob";

/** Lets promises settle; no time passes. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 60; i++) await Promise.resolve();
}

export interface StageOptions {
  workers?: number;
  segments?: readonly Segment[];
  relocate?: (location: FileLocation) => Promise<FileLocation>;
  /** When the signed addresses of A's first file stop working. */
  expires?: number;
  startWorkers?: () => Promise<void>;
  /** Segments that are not to be read. */
  settled?: ScanOptions<"stats">["settled"];
  /** The pairs have no B. */
  alone?: boolean;
}

/** For tests: a scan whose workers move by hand, and everything it reports. */
export class ScanStage {
  readonly results: PairResult[] = [];
  readonly states: ScanState[] = [];
  readonly bytes: Record<Side, number>[] = [];
  readonly reading: (readonly number[])[] = [];
  /** Positions of segments in the order in which workers finished them. */
  readonly finished: number[] = [];
  /** Names of the files whose address was asked for again. */
  readonly relocated: string[] = [];
  readonly workers: HandWorker[] = [];
  readonly locations: Record<Side, FileLocation[]>;
  readonly scan: Scan<"stats">;
  /** Tells the scan of an event, as a worker would. */
  tell: (event: ScanEvent) => void = () => undefined;

  constructor(options: StageOptions = {}) {
    const { segments = SEGMENTS, relocate = async (location) => ({ ...location }) } = options;
    this.locations = {
      a: [signed("a0", 0, options.expires), signed("a1")],
      b: [signed("b0"), signed("b1")],
      adapter: [],
    };
    this.scan = new Scan({
      pairs: options.alone ? PAIRS.map((pair) => ({ ...pair, b: null })) : PAIRS,
      plan: listed(segments),
      folds: ["stats"],
      settled: options.settled,
      locations: this.locations,
      relocate: (location) => {
        this.relocated.push(nameOf(location));
        return relocate(location);
      },
      startWorkers: async (onEvent) => {
        await options.startWorkers?.();
        this.tell = onEvent;
        const tell = (event: ScanEvent) => {
          if (event.kind === "segment") this.finished.push(event.position);
          onEvent(event);
        };
        for (let i = 0; i < (options.workers ?? 2); i++) this.workers.push(new HandWorker(numbersOf, tell));
        return this.workers.map(({ api }) => api);
      },
      onResult: (pair, result) => {
        this.results[pair] = result;
      },
      onBytes: (bytes) => this.bytes.push(bytes),
      onState: (state) => this.states.push(state),
      onRunning: (pairs) => this.reading.push(pairs),
    });
  }

  static async started(options?: StageOptions): Promise<ScanStage> {
    const stage = new ScanStage(options);
    await stage.scan.start();
    await settle();
    return stage;
  }

  get state(): ScanState | undefined {
    return this.states.at(-1);
  }

  get busy(): HandWorker[] {
    return this.workers.filter(({ current }) => current !== null);
  }

  /** How many reports of any kind there were. */
  get reports(): number {
    return this.states.length + this.bytes.length + this.reading.length + this.results.length;
  }

  /** Moves one worker by one segment or to its end, as a real one would. */
  async step(worker: HandWorker): Promise<void> {
    if (worker.current?.cancelled) worker.abort();
    else worker.step();
    await settle();
  }

  /** Lets every worker go on to the end of all there is, in an order drawn at random. */
  async drain(draw: Draw = () => 0): Promise<void> {
    for (let { busy } = this; busy.length > 0; { busy } = this) await this.step(busy[draw(busy.length)]);
  }

  /** All workers that have a run lose it. */
  async failAll(error: Error): Promise<void> {
    for (const worker of this.busy) worker.fail(error);
    await settle();
  }
}
