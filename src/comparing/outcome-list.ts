import { ENGINES } from "../kernels/engine.ts";
import { type DeltaSums, emptyDeltaSums, mergeDeltaSums } from "../kernels/low-rank/delta-sums.ts";
import { emptyPairStats, mergePairStats, type PairStats } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import {
  COUNT_NAMES,
  countsOf,
  type Histograms,
  hasHistograms,
  identicalNumbers,
  type PairNumbers,
  SUM_NAMES,
} from "../statistics/pair-numbers.ts";
import { gridOf, groupsOf } from "./grid.ts";
import type { CellOutcome, PairOutcome } from "./outcome.ts";

/** Cells of more pairs than this keep one histogram for all of them: 45,000 of 6 KB each would be 273 MB. */
const OWN_HISTOGRAMS = 16;
/** Histograms of single experts that are held when they were read on demand. */
const CLOSE_LOOKS = 8;

/** Columns of a pair: its sums, then what stands for its histograms. */
const WIDTH = SUM_NAMES.length + COUNT_NAMES.length;
const ELEMENTS = SUM_NAMES.indexOf("count");
const LARGEST = SUM_NAMES.indexOf("maxAbsD");

const UNKNOWN = 0;
const READ = 1;
/** Known to be identical, and not read. */
const IDENTICAL = 2;

/** The histogram that the pairs of a cell have together. */
export interface SharedHistograms extends Histograms {
  /** Indices of the cell's pairs. */
  pairs: readonly number[];
}

function addHistograms(into: Histograms, from: Histograms, sign: 1 | -1): void {
  for (const [to, slots] of [
    [into.relative.positive, from.relative.positive],
    [into.relative.negative, from.relative.negative],
    [into.magnitude.grow, from.magnitude.grow],
    [into.magnitude.shrink, from.magnitude.shrink],
  ])
    for (let slot = 0; slot < to.length; slot++) to[slot] += sign * slots[slot];
}

/** A pair's numbers out of the columns that begin at `from`. */
function numbersIn(columns: Float64Array, from: number): PairNumbers {
  const counts = {} as PairNumbers["counts"];
  const numbers = { counts } as PairNumbers;
  for (const [i, name] of SUM_NAMES.entries()) numbers[name] = columns[from + i];
  for (const [i, name] of COUNT_NAMES.entries()) counts[name] = columns[from + SUM_NAMES.length + i];
  return numbers;
}

/**
 * What is known of every pair, by its index, changed in place while a scan runs. Sums are columns of numbers; histograms
 * are kept pair by pair, but for cells of many experts, which share one: counts are whole numbers, so it is exact however
 * they arrive, and sums of a cell are always added up by index.
 */
export class OutcomeList {
  readonly length: number;
  readonly #pairs: readonly Pair[];
  readonly #columns: Float64Array;
  readonly #coverage: Float64Array;
  readonly #state: Uint8Array;
  readonly #engine: Uint8Array;
  readonly #revisions: Uint32Array;
  /** Position in `shared`, or −1 where the pair keeps its own. */
  readonly #sharedOf: Int32Array;
  readonly #shared: SharedHistograms[] = [];
  readonly #own = new Map<number, PairStats>();
  /** What pairs still being read have in a shared histogram so far. */
  readonly #unfinished = new Map<number, Histograms>();
  /** How an adapter's change compares with B's, of the pairs that it touches. */
  readonly #deltas = new Map<number, DeltaSums>();
  readonly #closeLooks = new Map<number, PairStats>();
  readonly #pooled = new WeakMap<readonly number[], { revision: number; outcome: CellOutcome | null }>();

  constructor(pairs: readonly Pair[]) {
    this.#pairs = pairs;
    this.length = pairs.length;
    this.#columns = new Float64Array(pairs.length * WIDTH);
    this.#coverage = new Float64Array(pairs.length);
    this.#state = new Uint8Array(pairs.length);
    this.#engine = new Uint8Array(pairs.length);
    this.#revisions = new Uint32Array(pairs.length);
    this.#sharedOf = new Int32Array(pairs.length).fill(-1);
    for (const pair of pairs) if (pair.identical) this.#write(pair.index, IDENTICAL, identicalNumbers(pair.count), 1);
    const cells = groupsOf(pairs).flatMap((group) => gridOf(pairs, group).rows.flatMap((row) => row.cells));
    const large = cells.filter((cell) => cell.pairs.length > OWN_HISTOGRAMS);
    for (const cell of large.sort((x, y) => x.pairs[0] - y.pairs[0])) this.#share(cell.pairs);
  }

  /** A list with these outcomes in it, null where nothing is known. */
  static of(pairs: readonly Pair[], outcomes: readonly (PairOutcome | null)[]): OutcomeList {
    const list = new OutcomeList(pairs);
    for (const [pair, outcome] of outcomes.entries())
      if (outcome?.stats) list.set(pair, { ...outcome, stats: outcome.stats });
    return list;
  }

  /** Histograms that pairs share, those of cells of which nothing is known included. */
  get shared(): readonly SharedHistograms[] {
    return this.#shared;
  }

  coverage(pair: number): number {
    return this.#coverage[pair];
  }

  /** Elements seen. */
  elements(pair: number): number {
    return this.#columns[pair * WIDTH + ELEMENTS];
  }

  /** Changes whenever what is known of the pair does. */
  revision(pair: number): number {
    return this.#revisions[pair];
  }

  /** Whether all that is known of the pair is that it is identical. */
  isUnread(pair: number): boolean {
    return this.#state[pair] === IDENTICAL;
  }

  sharesHistograms(pair: number): boolean {
    return this.#sharedOf[pair] >= 0;
  }

  /** The numbers of one pair; null before anything is known of it. */
  numbers(pair: number): PairNumbers | null {
    if (!(this.#state[pair] > UNKNOWN)) return null;
    return numbersIn(this.#columns, pair * WIDTH);
  }

  /** What is known of one pair, as a file has it; null before anything is. */
  at(pair: number): PairOutcome | null {
    if (!(this.#state[pair] > UNKNOWN)) return null;
    const outcome: PairOutcome = {
      stats: this.isUnread(pair) ? null : (this.#own.get(pair) ?? this.numbers(pair)),
      coverage: this.#coverage[pair],
      engine: ENGINES[this.#engine[pair] - 1] ?? null,
    };
    const deltas = this.deltas(pair);
    if (this.#pairs[pair].identical) outcome.identical = true;
    if (deltas) outcome.deltas = deltas;
    return outcome;
  }

  /** How an adapter's change compares with B's; null where it does not touch the pair, or nothing was read. */
  deltas(pair: number): DeltaSums | null {
    return this.#deltas.get(pair) ?? null;
  }

  *[Symbol.iterator](): Iterator<PairOutcome | null> {
    for (let pair = 0; pair < this.length; pair++) yield this.at(pair);
  }

  /** Takes over what is known of a pair now; the histograms belong to the list from here on. */
  set(pair: number, { stats, coverage, engine, deltas }: PairOutcome & { stats: PairStats | PairNumbers }): void {
    const isComplete = this.#state[pair] === READ && this.#coverage[pair] === 1;
    this.#engine[pair] = engine ? ENGINES.indexOf(engine) + 1 : 0;
    this.#write(pair, READ, stats, coverage);
    if (deltas) this.#deltas.set(pair, deltas);
    if (!hasHistograms(stats)) return;
    const shared = this.#shared[this.#sharedOf[pair]];
    if (!shared) {
      this.#own.set(pair, stats);
      return;
    }
    // What is complete is in the shared histogram for good.
    if (isComplete) return;
    const before = this.#unfinished.get(pair);
    if (before) addHistograms(shared, before, -1);
    addHistograms(shared, stats, 1);
    if (coverage < 1) this.#unfinished.set(pair, stats);
    else this.#unfinished.delete(pair);
  }

  /** Adds histograms to those that the cell of this pair shares. */
  addShared(pair: number, histograms: Histograms): void {
    const shared = this.#shared[this.#sharedOf[pair]];
    if (shared) addHistograms(shared, histograms, 1);
  }

  /** Keeps what was read of one expert alone, the last few of them. */
  keepCloseLook(pair: number, stats: PairStats): void {
    this.#closeLooks.delete(pair);
    this.#closeLooks.set(pair, stats);
    const [oldest] = this.#closeLooks.keys();
    if (this.#closeLooks.size > CLOSE_LOOKS) this.#closeLooks.delete(oldest);
  }

  /** All of one pair's numbers, where they are at hand. */
  full(pair: number): PairStats | null {
    return this.#own.get(pair) ?? this.#closeLooks.get(pair) ?? null;
  }

  /** What is known of the pairs of one cell together; worked out again only when one of them has changed. */
  pooled(pairs: readonly number[]): CellOutcome | null {
    let revision = 0;
    for (const pair of pairs) revision += this.#revisions[pair];
    const before = this.#pooled.get(pairs);
    if (before?.revision === revision) return before.outcome;
    const outcome = this.#pool(pairs);
    this.#pooled.set(pairs, { revision, outcome });
    return outcome;
  }

  #pool(pairs: readonly number[]): CellOutcome | null {
    const known = pairs.filter((pair) => this.#state[pair] > UNKNOWN);
    if (known.length === 0) return null;
    const isWhole = known.length === pairs.length;
    const isExact = isWhole && known.every((pair) => this.#coverage[pair] === 1);
    const numbers = this.#sum(known);
    const outcome: CellOutcome = {
      state: isExact ? "exact" : "partial",
      numbers,
      stats: this.#pooledStats(pairs, known, numbers),
    };
    const deltas = this.#sumOfDeltas(known);
    if (isWhole && known.every((pair) => this.#pairs[pair].identical)) outcome.identical = true;
    if (deltas) outcome.deltas = deltas;
    return outcome;
  }

  /** Those of the known pairs of a cell, whose sums are `numbers`; null where a histogram is not at hand. */
  #pooledStats(pairs: readonly number[], known: readonly number[], { counts, ...sums }: PairNumbers): PairStats | null {
    const shared = pairs.length > 1 ? this.#shared[this.#sharedOf[pairs[0]]] : undefined;
    if (known.length === 1 && !shared) return this.full(known[0]);
    const read = known.filter((pair) => !this.isUnread(pair));
    if (shared && read.length > 0) return { ...sums, relative: shared.relative, magnitude: shared.magnitude };
    const own = read.map((pair) => this.#own.get(pair)).filter((stats) => stats !== undefined);
    if (own.length === 0 || own.length < read.length) return null;
    const stats = emptyPairStats();
    for (const one of own) mergePairStats(stats, one);
    return { ...stats, ...sums };
  }

  /** Those of several pairs, added up by index; null where the adapter touches none of them. */
  #sumOfDeltas(pairs: readonly number[]): DeltaSums | null {
    const touched = this.#deltas.size === 0 ? [] : pairs.flatMap((pair) => this.#deltas.get(pair) ?? []);
    if (touched.length === 0) return null;
    const deltas = emptyDeltaSums();
    for (const one of touched) mergeDeltaSums(deltas, one);
    return deltas;
  }

  /** Added up by index, so that a rerun gives the same bits. */
  #sum(pairs: readonly number[]): PairNumbers {
    if (pairs.length === 1) return numbersIn(this.#columns, pairs[0] * WIDTH);
    const sum = new Float64Array(WIDTH);
    for (const pair of pairs) {
      for (let i = 0; i < WIDTH; i++) {
        const value = this.#columns[pair * WIDTH + i];
        sum[i] = i === LARGEST ? Math.max(sum[i], value) : sum[i] + value;
      }
    }
    return numbersIn(sum, 0);
  }

  #share(pairs: readonly number[]): void {
    const { relative, magnitude } = emptyPairStats();
    for (const pair of pairs) this.#sharedOf[pair] = this.#shared.length;
    this.#shared.push({ pairs, relative, magnitude });
  }

  #write(pair: number, state: number, stats: PairStats | PairNumbers, coverage: number): void {
    const at = pair * WIDTH;
    const counts = countsOf(stats);
    for (const [i, name] of SUM_NAMES.entries()) this.#columns[at + i] = stats[name];
    for (const [i, name] of COUNT_NAMES.entries()) this.#columns[at + SUM_NAMES.length + i] = counts[name];
    this.#coverage[pair] = coverage;
    this.#state[pair] = state;
    this.#revisions[pair]++;
  }
}
