import { OutcomeList } from "../src/comparing/outcome-list.ts";
import type { EngineName } from "../src/kernels/engine.ts";
import { type DeltaSums, emptyDeltaSums, mergeDeltaSums } from "../src/kernels/low-rank/delta-sums.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../src/kernels/pair-stats.ts";
import type { Pair } from "../src/pairing/pair.ts";
import { countsOf, type PairNumbers } from "../src/statistics/pair-numbers.ts";

/** The numbers of one segment. */
export interface SegmentNumbers {
  stats: PairStats;
  /** Where an adapter's change is compared with B's. */
  deltas?: DeltaSums;
}

/** One segment of a pair that is not known as a whole. */
export interface KnownSegment extends SegmentNumbers {
  /** Index of the pair, which of its segments, and of how many. */
  pair: number;
  slice: number;
  of: number;
  engine: EngineName;
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
  readonly #segments = new Map<number, Map<number, KnownSegment>>();

  constructor(pairs: readonly Pair[]) {
    this.pairs = pairs;
    this.outcomes = new OutcomeList(pairs);
  }

  has(pair: number, slice: number): boolean {
    return this.outcomes.coverage(pair) === 1 || (this.#segments.get(pair)?.has(slice) ?? false);
  }

  add(segment: KnownSegment): void {
    const { pair, slice, of, engine } = segment;
    // A thread that ended may have been heard after its work was given to another.
    if (this.has(pair, slice)) return;
    const known = this.#segments.get(pair) ?? new Map<number, KnownSegment>();
    this.#segments.set(pair, known.set(slice, segment));
    if (known.size < of) return;
    this.#segments.delete(pair);
    const stats = emptyPairStats();
    const deltas = segment.deltas && emptyDeltaSums();
    for (let i = 0; i < of; i++) {
      const part = known.get(i);
      if (!part) throw new RangeError(`Pair ${pair} has a segment beyond its ${of}.`);
      mergePairStats(stats, part.stats);
      if (deltas && part.deltas) mergeDeltaSums(deltas, part.deltas);
    }
    this.outcomes.set(pair, {
      stats: keptOf(this.pairs[pair], stats),
      coverage: 1,
      engine,
      ...(deltas ? { deltas } : {}),
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
  *segments(): Generator<KnownSegment> {
    for (const [, known] of [...this.#segments].sort(([x], [y]) => x - y))
      for (const [, segment] of [...known].sort(([x], [y]) => x - y)) yield segment;
  }
}

/** Of an adapter alone only the norm is known: its histograms are empty, and not kept. */
function keptOf({ a }: Pair, stats: PairStats): PairStats | PairNumbers {
  if (!a.update) return stats;
  const { relative, magnitude, ...sums } = stats;
  return { ...sums, counts: countsOf(stats) };
}
