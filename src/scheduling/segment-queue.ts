import { follows, RUN_BYTES } from "./read-plan.ts";
import { type Segment, segmentBytes } from "./segment.ts";

/** How soon a pair is wanted: lower comes first. */
export type Rank = (pair: number) => number;

type SegmentState = "waiting" | "running" | "done";

/**
 * Which segments are still to be read. Workers take runs of neighbours from it and give back what they could not finish.
 * What the person looks at comes first; within a rank the order of the file, so that ranges stay long.
 */
export class SegmentQueue {
  readonly segments: readonly Segment[];
  #state: SegmentState[];
  #rank: Rank = () => 0;
  #waitingBytes: number;

  constructor(segments: readonly Segment[]) {
    this.segments = segments;
    this.#state = segments.map(() => "waiting");
    this.#waitingBytes = segments.reduce((sum, segment) => sum + segmentBytes(segment), 0);
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get finished(): boolean {
    return this.#state.every((state) => state === "done");
  }

  prioritise(rank: Rank): void {
    this.#rank = rank;
  }

  /** The best rank that still waits, or null when nothing waits. */
  bestWaiting(): number | null {
    let best: number | null = null;
    for (let i = 0; i < this.segments.length; i++) {
      if (this.#state[i] !== "waiting") continue;
      const rank = this.#rank(this.segments[i].pair);
      if (best === null || rank < best) best = rank;
    }
    return best;
  }

  /**
   * Takes the next run: positions (into `segments`) of neighbours of one rank that two long requests can read.
   * Towards the end runs get shorter, so that `workers` finish together. Empty when nothing waits.
   */
  take(workers: number, runBytes: number = RUN_BYTES): number[] {
    const best = this.bestWaiting();
    if (best === null) return [];
    const first = this.segments.findIndex((s, i) => this.#state[i] === "waiting" && this.#rank(s.pair) === best);
    const sides = this.segments[first].b ? 2 : 1;
    const limit = Math.min(runBytes * sides, Math.max(this.#waitingBytes / (2 * workers), 1));
    const run = [first];
    let bytes = segmentBytes(this.segments[first]);
    for (let i = first + 1; i < this.segments.length; i++) {
      const segment = this.segments[i];
      if (this.#state[i] !== "waiting" || this.#rank(segment.pair) !== best) break;
      if (!follows(this.segments[i - 1], segment)) break;
      bytes += segmentBytes(segment);
      if (bytes > limit) break;
      run.push(i);
    }
    for (const i of run) this.#move(i, "running");
    return run;
  }

  done(position: number): void {
    this.#move(position, "done");
  }

  /** Gives back what a run did not finish; finished segments stay finished. */
  giveBack(positions: readonly number[]): void {
    for (const i of positions) if (this.#state[i] === "running") this.#move(i, "waiting");
  }

  #move(position: number, state: SegmentState): void {
    const bytes = segmentBytes(this.segments[position]);
    if (this.#state[position] === "waiting") this.#waitingBytes -= bytes;
    if (state === "waiting") this.#waitingBytes += bytes;
    this.#state[position] = state;
  }
}
