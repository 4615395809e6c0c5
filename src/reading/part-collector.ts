import { type FoldName, type FoldParts, type FoldResults, JOINS } from "./folds/fold-parts.ts";
import type { ReadPlan } from "./read-plan.ts";
import type { Segment } from "./segment.ts";

/** What is known of one pair so far: what each fold made of it, of those that have something to say of it. */
export interface PairResult extends Partial<FoldResults> {
  /** Share of the pair's elements that was seen; 1 = exact. */
  coverage: number;
}

type Parts = Partial<FoldParts>;

interface Seen {
  /** By slice; absent where the segment has not come. */
  parts: (Parts | undefined)[];
  segments: number;
  elements: number;
}

/**
 * Puts together what was made of segments, pair by pair. Segments may arrive in any order; their parts are always joined by
 * position, so that the sums of a rerun agree to the last bit whatever the number of workers, threads or machines.
 */
export class PartCollector {
  readonly #plan: Pick<ReadPlan, "slicesOf">;
  readonly #pairs: readonly { count: number }[];
  readonly #seen = new Map<number, Seen>();

  constructor(plan: Pick<ReadPlan, "slicesOf">, pairs: readonly { count: number }[]) {
    this.#plan = plan;
    this.#pairs = pairs;
  }

  /** Takes in a segment; returns what is known of its pair now. The parts are left as they are. */
  add(segment: Pick<Segment, "pair" | "slice" | "count">, parts: Parts): PairResult {
    const { pair, slice, count } = segment;
    const seen = this.#seen.get(pair) ?? { parts: [], segments: 0, elements: 0 };
    this.#seen.set(pair, seen);
    seen.parts[slice] = parts;
    seen.segments++;
    seen.elements += count;
    const isComplete = seen.segments === this.#plan.slicesOf(pair);
    if (isComplete) this.#seen.delete(pair);
    return { ...joined(seen.parts), coverage: isComplete ? 1 : seen.elements / this.#pairs[pair].count };
  }
}

function joined(all: readonly (Parts | undefined)[]): Partial<FoldResults> {
  const known = all.filter((parts) => parts !== undefined);
  const result: Partial<FoldResults> = {};
  for (const name of Object.keys(known[0]) as FoldName[]) join(result, name, known);
  return result;
}

function join<Name extends FoldName>(into: Partial<FoldResults>, name: Name, all: readonly Parts[]): void {
  const parts = all.map((each) => each[name]).filter((part) => part !== undefined);
  into[name] = JOINS[name].finish(JOINS[name].merge(parts));
}
