import { keptNumbers } from "../src/comparing/kept-numbers.ts";
import { OutcomeList } from "../src/comparing/outcome-list.ts";
import type { EngineName } from "../src/kernels/engine.ts";
import type { DeltaSums } from "../src/kernels/low-rank/delta-sums.ts";
import type { PairStats } from "../src/kernels/pair-stats.ts";
import type { Pair } from "../src/pairing/pair.ts";
import { JOINS } from "../src/reading/folds/fold-parts.ts";

/** What is known of one segment. */
export interface SegmentRecord {
  /** Index of the pair, which of its segments, and of how many. */
  pair: number;
  slice: number;
  of: number;
  engine: EngineName;
  stats: PairStats;
  /** Where an adapter's change is compared with B's. */
  deltas?: DeltaSums;
}

/**
 * What is known of a comparison so far, in a form that can be put aside and gone on with anywhere: pairs that are known as a
 * whole, and the segments of the others. A pair is added up only when all of its segments are there, in their order, so that
 * its sums are the same to the last bit wherever and whenever each of them was computed.
 */
export class Ledger {
  readonly pairs: readonly Pair[];
  /** Only what is known as a whole. */
  readonly outcomes: OutcomeList;
  readonly #segments = new Map<number, Map<number, SegmentRecord>>();

  constructor(pairs: readonly Pair[]) {
    this.pairs = pairs;
    this.outcomes = new OutcomeList(pairs);
  }

  has(pair: number, slice: number): boolean {
    return this.outcomes.coverage(pair) === 1 || (this.#segments.get(pair)?.has(slice) ?? false);
  }

  add(segment: SegmentRecord): void {
    const { pair, slice, of, engine } = segment;
    // A thread that ended may have been heard after its work was given to another.
    if (this.has(pair, slice)) return;
    const known = this.#segments.get(pair) ?? new Map<number, SegmentRecord>();
    this.#segments.set(pair, known.set(slice, segment));
    if (known.size < of) return;
    this.#segments.delete(pair);
    const inOrder = [...known.values()].sort((x, y) => x.slice - y.slice);
    const deltas = inOrder.flatMap((one) => one.deltas ?? []);
    const stats = JOINS.stats.finish(JOINS.stats.merge(inOrder.map((one) => one.stats)));
    this.outcomes.set(pair, {
      stats: keptNumbers(this.pairs[pair], stats),
      coverage: 1,
      engine,
      ...(deltas.length > 0 ? { deltas: JOINS.deltas.finish(JOINS.deltas.merge(deltas)) } : {}),
    });
  }

  /** Takes over what another list knows of the same pairs as a whole, histograms that pairs share included. */
  take(other: OutcomeList): void {
    for (let pair = 0; pair < other.length; pair++) {
      const outcome = other.at(pair);
      if (outcome?.stats && outcome.coverage === 1) this.outcomes.set(pair, { ...outcome, stats: outcome.stats });
    }
    for (const shared of other.shared) this.outcomes.addShared(shared.pairs[0], shared);
  }

  /** The segments of pairs that are not known as a whole, by pair and slice. */
  *segments(): Generator<SegmentRecord> {
    for (const [, known] of [...this.#segments].sort(([x], [y]) => x - y))
      for (const [, segment] of [...known].sort(([x], [y]) => x - y)) yield segment;
  }
}
