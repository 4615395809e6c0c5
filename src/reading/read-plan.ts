import { type Span, spanLength } from "../bytes/span.ts";
import { wholeRowStep } from "../kernels/low-rank/whole-row-step.ts";
import { BLOCK_ELEMENTS } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import { DTYPE_BITS } from "../safetensors/dtype.ts";
import { type AuxiliaryRange, auxiliaryRanges } from "../tensors/encoding.ts";
import { columnsOf, type LowRankUpdate } from "../tensors/low-rank-update.ts";
import { lastOf } from "../tensors/order.ts";
import { pieceLength, placeInPieces } from "../tensors/pieces.ts";
import { isPlain, type View } from "../tensors/view.ts";
import { updateTensors } from "./arrange-update.ts";
import { auxiliaryReads } from "./auxiliary-reads.ts";
import { type Segment, type SegmentSide, segmentBytes, streamsOf } from "./segment.ts";

/** Elements of a segment: 8 MiB of BF16 a side, so that a slow line shows progress and an interruption costs little. */
export const SEGMENT_ELEMENTS = 2048 * BLOCK_ELEMENTS;
/** Bytes a side of one request at most. Long ranges are what makes reading fast; this one still ends within seconds. */
export const RUN_BYTES = 64 * 2 ** 20;
/** Bytes between neighbours that are read and thrown away rather than asked for separately. */
export const GAP_BYTES = 64 * 2 ** 10;

function slice(view: View, from: number, count: number, whole: boolean): SegmentSide {
  if (view.update) return computedFrom(view.update, view.file, view.span, from);
  if (view.order && !whole) return sliceOfPiece(view, from, count);
  if (!isPlain(view)) return sliceOfEncoded(view, from, count);
  const width = (view.span.end - view.span.begin) / view.count;
  const begin = view.span.begin + from * width;
  return { file: view.file, span: { begin, end: begin + count * width } };
}

/** Elements that lie one behind the other, though not behind those before them: they are read as if there were no order. */
function sliceOfPiece({ order, ...view }: View, from: number, count: number): SegmentSide {
  const { file, span, encoding, dtype } = view;
  const place = placeInPieces({ order }, from);
  // Nothing more than these is asked for, even if they were as many as the whole view has.
  if (encoding) return sliceOfEncoded({ ...view, count: Number.POSITIVE_INFINITY }, place, count);
  const width = DTYPE_BITS[dtype] / 8;
  const begin = span.begin + place * width;
  return { file, span: { begin, end: begin + count * width } };
}

const NOWHERE: Span = { begin: 0, end: 0 };

const computedFrom = (update: LowRankUpdate, file: number, span: Span, from: number): SegmentSide => ({
  ...{ file, span, from, auxiliary: rangesOf(update), computed: true },
});

/** An update's tensors are read whole: each row of ΔW takes all of one of them. */
const rangesOf = (update: LowRankUpdate): AuxiliaryRange[] =>
  updateTensors(update).map(({ file, tensor: { span, dtype } }) => ({ file, span, dtype, first: 0 }));

function sliceOfEncoded({ file, span, encoding, order, count: all }: View, from: number, count: number): SegmentSide {
  const [first, length] = order ? [0, lastOf(order) + 1] : [from, count];
  const ranges = encoding ? auxiliaryRanges(encoding, encoding.first + first, length) : [];
  const auxiliary = ranges.length > 0 ? { auxiliary: ranges } : {};
  if (order) return { file, span, from, ...auxiliary, whole: true };
  const bits = encoding?.bits ?? 8;
  const begin = span.begin + Math.floor((from * bits) / 8);
  const end = from + count === all ? span.end : span.begin + ((from + count) * bits) / 8;
  return { file, span: { begin, end }, from, ...auxiliary };
}

/**
 * How long the pieces of a pair are that can be read as they lie: all of it, where no side has an order. Null where it is one
 * segment: a side is read into memory whole, or the norm of an update alone is asked for.
 */
function pieceOf({ a, b, adapter, count }: Pair): number | null {
  if (a.update) return null;
  if (!a.order && !b?.order) return count;
  // What is added to its rows counts them one behind the other.
  if (b?.update || adapter) return null;
  const [ofA, ofB] = [a.order && pieceLength(a), b?.order && pieceLength(b)];
  if (ofA !== undefined && ofB !== undefined && ofA !== ofB) return null;
  return ofA ?? ofB ?? null;
}

/** Where to cut a pair: a DoRA's weight, whose rows have norms, only between rows. */
function stepOf({ b, adapter }: Pair, elements: number): number {
  const update = b?.update ?? adapter;
  return update?.magnitude ? wholeRowStep(columnsOf(update), BLOCK_ELEMENTS, elements) : elements;
}

/** Every segment that is to be read, in the order in which A's files hold them. Pure data: nothing is read here. */
export interface ReadPlan extends Iterable<Segment> {
  readonly length: number;
  /** The segment at a position from 0 to `length` − 1. */
  at(position: number): Segment;
  /** Index of the pair that it is of. */
  pairOf(position: number): number;
  /** How many segments a pair has. */
  slicesOf(pair: number): number;
  /** What reading all of them takes, as `segmentBytes` counts. */
  readonly bytes: number;
}

/**
 * Works segments out when they are asked for: a model of 671 billion parameters has 180,000, which as objects would take a
 * tenth of a second and 80 MB.
 */
class SlicedPairs implements ReadPlan {
  readonly #pairs: readonly Pair[];
  readonly #segmentElements: number;
  /** Index of the pair that each segment is of. */
  readonly #pairOf: Uint32Array;
  /** Position of each pair's first segment. */
  readonly #firstOf: Uint32Array;
  readonly #slicesOf: Uint32Array;
  readonly bytes: number;

  constructor(pairs: readonly Pair[], segmentElements: number) {
    this.#pairs = pairs;
    this.#segmentElements = segmentElements;
    this.#firstOf = new Uint32Array(pairs.length);
    const order = inFileOrder(pairs.filter(({ identical }) => !identical));
    this.#slicesOf = new Uint32Array(pairs.length);
    let length = 0;
    for (const pair of order) {
      this.#firstOf[pair.index] = length;
      const piece = pieceOf(pair);
      const ofPiece = piece === null ? 1 : Math.ceil(piece / stepOf(pair, segmentElements));
      this.#slicesOf[pair.index] = ofPiece * (piece === null ? 1 : pair.count / piece);
      length += this.slicesOf(pair.index);
    }
    this.#pairOf = new Uint32Array(length);
    for (const { index } of order) {
      const first = this.#firstOf[index];
      this.#pairOf.fill(index, first, first + this.slicesOf(index));
    }
    this.bytes = order.reduce((sum, pair) => sum + this.#bytesOf(pair), 0);
  }

  slicesOf(pair: number): number {
    return this.#slicesOf[pair];
  }

  #bytesOf({ index, a, b, adapter }: Pair): number {
    // Auxiliary ranges of neighbouring segments may share bytes, and are counted with each of them.
    if (isPlain(a) && (!b || isPlain(b)) && !adapter) return spanLength(a.span) + (b ? spanLength(b.span) : 0);
    let bytes = 0;
    for (let i = 0; i < this.slicesOf(index); i++) bytes += segmentBytes(this.at(this.#firstOf[index] + i));
    return bytes;
  }

  get length(): number {
    return this.#pairOf.length;
  }

  pairOf(position: number): number {
    return this.#pairOf[position];
  }

  at(position: number): Segment {
    const pair = this.#pairs[this.#pairOf[position]];
    const index = position - this.#firstOf[pair.index];
    const step = stepOf(pair, this.#segmentElements);
    const piece = pieceOf(pair);
    const whole = piece === null;
    const ofPiece = whole ? 1 : Math.ceil(piece / step);
    const into = (index % ofPiece) * step;
    const from = whole ? 0 : Math.floor(index / ofPiece) * piece + into;
    const count = whole ? pair.count : Math.min(step, piece - into);
    const segment: Segment = {
      pair: pair.index,
      slice: index,
      count,
      a: slice(pair.a, from, count, whole),
      b: pair.b && slice(pair.b, from, count, whole),
    };
    if (pair.adapter) segment.adapter = computedFrom(pair.adapter, pair.adapter.a.file, NOWHERE, from);
    return segment;
  }

  *[Symbol.iterator](): Iterator<Segment> {
    for (let position = 0; position < this.length; position++) yield this.at(position);
  }
}

/** As A's files hold them. Pairs mostly come in that order already. */
function inFileOrder(pairs: Pair[]): Pair[] {
  const order = (x: Pair, y: Pair) => x.a.file - y.a.file || x.a.span.begin - y.a.span.begin;
  return pairs.every((pair, i) => i === 0 || order(pairs[i - 1], pair) <= 0) ? pairs : pairs.sort(order);
}

/** Plans every pair but those that are known to be identical. A pair's `index` is its place in `pairs`. */
export const planReads = (pairs: readonly Pair[], segmentElements: number = SEGMENT_ELEMENTS): ReadPlan =>
  new SlicedPairs(pairs, segmentElements);

/** What a scan will take: bytes per side and requests, before the first of them is made. */
export interface ScanCost {
  bytesA: number;
  bytesB: number;
  /** Of an adapter that stands beside the two; absent where there is none. */
  bytesAdapter?: number;
  requests: number;
}

export function costOf(plan: Iterable<Segment>, runBytes: number = RUN_BYTES): ScanCost {
  const cost: ScanCost = { bytesA: 0, bytesB: 0, requests: 0 };
  let run: Segment[] = [];
  let length = 0;
  // Auxiliary ranges that several segments of a run share are read once.
  const close = () => {
    const extra = (sides: SegmentSide[]) => {
      if (!sides.some(({ auxiliary }) => auxiliary)) return 0;
      const reads = auxiliaryReads(sides, GAP_BYTES);
      cost.requests += reads.length;
      return reads.reduce((sum, { span }) => sum + spanLength(span), 0);
    };
    cost.bytesA += extra(run.map(({ a }) => a));
    cost.bytesB += extra(run.flatMap(({ b }) => b ?? []));
    const beside = run.flatMap(({ adapter }) => adapter ?? []);
    if (beside.length > 0) cost.bytesAdapter = (cost.bytesAdapter ?? 0) + extra(beside);
    run = [];
    length = 0;
  };
  for (const segment of plan) {
    const bytes = segmentBytes(segment);
    const streams = streamsOf(segment);
    const open = run.at(-1);
    if (!open || !follows(open, segment) || length + bytes > runBytes * Math.max(1, streams)) {
      close();
      cost.requests += streams;
    }
    cost.bytesA += spanLength(segment.a.span);
    cost.bytesB += segment.b ? spanLength(segment.b.span) : 0;
    length += bytes;
    run.push(segment);
  }
  close();
  return cost;
}

function near(before: SegmentSide, after: SegmentSide): boolean {
  // What is read whole has requests of its own.
  if (before.whole || after.whole) return false;
  if (before.computed || after.computed) return before.computed === after.computed;
  const gap = after.span.begin - before.span.end;
  return before.file === after.file && gap >= 0 && gap <= GAP_BYTES;
}

/** Whether `after` can be read in the same request as `before`, on both sides. */
export function follows(before: Segment, after: Segment): boolean {
  if (!near(before.a, after.a)) return false;
  if (before.b === null || after.b === null) return before.b === after.b;
  return near(before.b, after.b);
}
