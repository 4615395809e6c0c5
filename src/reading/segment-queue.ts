import { follows, type ReadPlan, RUN_BYTES } from "./read-plan.ts";
import { segmentBytes, streamsOf } from "./segment.ts";

/** How soon a pair is wanted: lower comes first. */
export type Rank = (pair: number) => number;

/** Bytes, both sides together, that a long scan's runs are not cut below: shorter ones cost more than they even out. */
export const SHORTEST_RUN_BYTES = 64 * 2 ** 20;

const WAITING = 0;
const RUNNING = 1;
const DONE = 2;

/**
 * Which segments are still to be read. Workers take runs of neighbours from it and give back what they could not finish.
 * What the person looks at comes first; within a rank the order of the file, so that ranges stay long.
 */
export class SegmentQueue {
  readonly plan: ReadPlan;
  #state: Uint8Array;
  #left: number;
  #rank: Rank = () => 0;
  #waitingBytes: number;

  constructor(plan: ReadPlan) {
    this.plan = plan;
    this.#state = new Uint8Array(plan.length).fill(WAITING);
    this.#left = plan.length;
    this.#waitingBytes = plan.bytes;
  }

  get waitingBytes(): number {
    return this.#waitingBytes;
  }

  get finished(): boolean {
    return this.#left === 0;
  }

  prioritise(rank: Rank): void {
    this.#rank = rank;
  }

  /** The best rank that still waits, or null when nothing waits. */
  bestWaiting(): number | null {
    return this.#best()?.rank ?? null;
  }

  /**
   * Takes the next run: positions in the plan of neighbours of one rank that two long requests can read. Towards the end
   * runs get shorter, down to `shortest` bytes, so that `workers` finish together; those of a short scan are quarters or
   * sixths of it. Empty when nothing waits.
   */
  take(workers: number, runBytes: number = RUN_BYTES, shortest: number = SHORTEST_RUN_BYTES): number[] {
    const best = this.#best();
    if (best === null) return [];
    let before = this.plan.at(best.position);
    const sides = Math.max(1, streamsOf(before));
    const share = (bytes: number) => bytes / (2 * workers);
    const least = Math.min(shortest, share(this.plan.bytes));
    const limit = Math.min(runBytes * sides, Math.max(share(this.#waitingBytes), least));
    const run = [best.position];
    let bytes = segmentBytes(before);
    for (let i = best.position + 1; i < this.plan.length; i++) {
      if (this.#state[i] !== WAITING || this.#rank(this.plan.pairOf(i)) !== best.rank) break;
      const segment = this.plan.at(i);
      bytes += segmentBytes(segment);
      if (!follows(before, segment) || bytes > limit) break;
      run.push(i);
      before = segment;
    }
    for (const i of run) this.#move(i, RUNNING);
    return run;
  }

  done(position: number): void {
    this.#move(position, DONE);
  }

  /** Gives back what a run did not finish; finished segments stay finished. */
  giveBack(positions: readonly number[]): void {
    for (const i of positions) if (this.#state[i] === RUNNING) this.#move(i, WAITING);
  }

  /** The first segment of the best rank that waits. */
  #best(): { position: number; rank: number } | null {
    let best: { position: number; rank: number } | null = null;
    let pair = -1;
    for (let i = 0; i < this.#state.length; i++) {
      // A pair's segments have one rank: each pair is asked about once.
      if (this.#state[i] !== WAITING || this.plan.pairOf(i) === pair) continue;
      pair = this.plan.pairOf(i);
      const rank = this.#rank(pair);
      if (best === null || rank < best.rank) best = { position: i, rank };
    }
    return best;
  }

  #move(position: number, state: number): void {
    const bytes = segmentBytes(this.plan.at(position));
    const before = this.#state[position];
    if (before === WAITING) this.#waitingBytes -= bytes;
    if (state === WAITING) this.#waitingBytes += bytes;
    if (before !== DONE && state === DONE) this.#left--;
    if (before === DONE && state !== DONE) this.#left++;
    this.#state[position] = state;
  }
}
