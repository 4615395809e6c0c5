import { spanLength } from "../bytes/span.ts";
import { wholeRowStep } from "../kernels/low-rank/whole-row-step.ts";
import { BLOCK_ELEMENTS } from "../kernels/pair-stats.ts";
import { type Pair, SIDES, type Side } from "../pairing/pair.ts";
import { DTYPE_BITS } from "../safetensors/dtype.ts";
import { auxiliaryRanges } from "../tensors/encoding.ts";
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

/** What is read of a view for elements `from` to `from + count`; `whole` where its elements come out of all of it. */
export function sliceOf(view: View, from: number, count: number, whole: boolean): SegmentSide {
  const { dtype, update } = view;
  if (update) return computedFrom(view, update, from);
  if (view.order && !whole) return { dtype, ...sliceOfPiece(view, from, count) };
  if (!isPlain(view)) return { dtype, ...sliceOfEncoded(view, from, count) };
  const width = (view.span.end - view.span.begin) / view.count;
  const begin = view.span.begin + from * width;
  return { dtype, file: view.file, span: { begin, end: begin + count * width } };
}

/** Elements that lie one behind the other, though not behind those before them: they are read as if there were no order. */
function sliceOfPiece({ order, ...view }: View, from: number, count: number): Omit<SegmentSide, "dtype"> {
  const { file, span, encoding, dtype } = view;
  const place = placeInPieces({ order }, from);
  // Nothing more than these is asked for, even if they were as many as the whole view has.
  if (encoding) return sliceOfEncoded({ ...view, count: Number.POSITIVE_INFINITY }, place, count);
  const width = DTYPE_BITS[dtype] / 8;
  const begin = span.begin + place * width;
  return { file, span: { begin, end: begin + count * width } };
}

const computedFrom = ({ dtype, file, span }: View, update: LowRankUpdate, from: number): SegmentSide => {
  // An update's tensors are read whole: each row of ΔW takes all of one of them.
  const auxiliary = updateTensors(update).map(({ file, tensor: { span, dtype } }) => ({ file, span, dtype, first: 0 }));
  return { dtype, file, span, from, auxiliary, update };
};

function sliceOfEncoded(view: View, from: number, count: number): Omit<SegmentSide, "dtype"> {
  const { file, span, dtype, encoding, order, count: all } = view;
  const [first, length] = order ? [0, lastOf(order) + 1] : [from, count];
  const ranges = encoding ? auxiliaryRanges(encoding, encoding.first + first, length) : [];
  const side = { file, from, layout: { dtype, encoding, order }, auxiliary: ranges.length > 0 ? ranges : undefined };
  if (order) return { ...side, span, whole: true };
  const bits = encoding?.bits ?? 8;
  const begin = span.begin + Math.floor((from * bits) / 8);
  // A stretch may end within a byte.
  const end = from + count === all ? span.end : span.begin + Math.ceil(((from + count) * bits) / 8);
  return { ...side, span: { begin, end } };
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
  const update = b?.update ?? adapter?.update;
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

/** Where a plan cuts, worked out once: with the pairs it makes the same plan anywhere. Its arrays may be transferred. */
export interface PlanCuts {
  segmentElements: number;
  /** Index of the pair that each segment is of. */
  pairOf: Uint32Array<ArrayBuffer>;
  /** By pair: the position of its first segment, and how many it has. */
  firstOf: Uint32Array<ArrayBuffer>;
  slicesOf: Uint32Array<ArrayBuffer>;
  bytes: number;
}

/** Cuts every pair but those that are known to be identical. A pair's `index` is its place in `pairs`. */
export function cutPairs(pairs: readonly Pair[], segmentElements: number = SEGMENT_ELEMENTS): PlanCuts {
  const firstOf = new Uint32Array(pairs.length);
  const slicesOf = new Uint32Array(pairs.length);
  const order = inFileOrder(pairs.filter(({ identical }) => !identical));
  let length = 0;
  for (const pair of order) {
    firstOf[pair.index] = length;
    const piece = pieceOf(pair);
    const ofPiece = piece === null ? 1 : Math.ceil(piece / stepOf(pair, segmentElements));
    slicesOf[pair.index] = ofPiece * (piece === null ? 1 : pair.count / piece);
    length += slicesOf[pair.index];
  }
  const pairOf = new Uint32Array(length);
  for (const { index } of order) pairOf.fill(index, firstOf[index], firstOf[index] + slicesOf[index]);
  const bytes = order.reduce((sum, pair) => {
    // Auxiliary ranges of neighbouring segments may share bytes, and are counted with each of them.
    if (isReadAsItLies(pair)) return sum + spanLength(pair.a.span) + (pair.b ? spanLength(pair.b.span) : 0);
    for (let i = 0; i < slicesOf[pair.index]; i++) sum += segmentBytes(segmentOf(pair, i, segmentElements));
    return sum;
  }, 0);
  return { segmentElements, pairOf, firstOf, slicesOf, bytes };
}

const isReadAsItLies = ({ a, b, adapter }: Pair): boolean => isPlain(a) && (!b || isPlain(b)) && !adapter;

/** The segment of a pair at `slice`, without its position in a plan. */
function segmentOf(pair: Pair, slice: number, segmentElements: number): Omit<Segment, "position"> {
  const step = stepOf(pair, segmentElements);
  const piece = pieceOf(pair);
  const whole = piece === null;
  const ofPiece = whole ? 1 : Math.ceil(piece / step);
  const into = (slice % ofPiece) * step;
  const from = whole ? 0 : Math.floor(slice / ofPiece) * piece + into;
  const count = whole ? pair.count : Math.min(step, piece - into);
  return {
    pair: pair.index,
    slice,
    from,
    count,
    columns: pair.a.shape.at(-1) ?? 1,
    a: sliceOf(pair.a, from, count, whole),
    b: pair.b && sliceOf(pair.b, from, count, whole),
    adapter: pair.adapter && sliceOf(pair.adapter, from, count, whole),
  };
}

/**
 * Works segments out when they are asked for: a model of 671 billion parameters has 180,000, which as objects would take a
 * tenth of a second and 80 MB.
 */
class CutPairs implements ReadPlan {
  readonly #pairs: readonly Pair[];
  readonly #cuts: PlanCuts;

  constructor(pairs: readonly Pair[], cuts: PlanCuts) {
    this.#pairs = pairs;
    this.#cuts = cuts;
  }

  get bytes(): number {
    return this.#cuts.bytes;
  }

  get length(): number {
    return this.#cuts.pairOf.length;
  }

  slicesOf(pair: number): number {
    return this.#cuts.slicesOf[pair];
  }

  pairOf(position: number): number {
    return this.#cuts.pairOf[position];
  }

  at(position: number): Segment {
    const { pairOf, firstOf, segmentElements } = this.#cuts;
    const pair = this.#pairs[pairOf[position]];
    return { position, ...segmentOf(pair, position - firstOf[pair.index], segmentElements) };
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

/** The plan of pairs that were cut before, as `cutPairs` gave it. */
export const planFromCuts = (pairs: readonly Pair[], cuts: PlanCuts): ReadPlan => new CutPairs(pairs, cuts);

/** Plans every pair but those that are known to be identical. */
export const planReads = (pairs: readonly Pair[], segmentElements: number = SEGMENT_ELEMENTS): ReadPlan =>
  planFromCuts(pairs, cutPairs(pairs, segmentElements));

/** What a scan will take, before the first request is made. */
export interface ScanCost {
  bytes: Record<Side, number>;
  requests: number;
}

export function costOf(plan: Iterable<Segment>, runBytes: number = RUN_BYTES): ScanCost {
  const cost: ScanCost = { bytes: { a: 0, b: 0, adapter: 0 }, requests: 0 };
  let run: Segment[] = [];
  let length = 0;
  // Auxiliary ranges that several segments of a run share are read once.
  const close = () => {
    for (const side of SIDES) {
      const sides = run.flatMap((segment) => segment[side] ?? []);
      if (!sides.some(({ auxiliary }) => auxiliary)) continue;
      const reads = auxiliaryReads(sides, GAP_BYTES);
      cost.requests += reads.length;
      cost.bytes[side] += reads.reduce((sum, { span }) => sum + spanLength(span), 0);
    }
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
    for (const side of SIDES) cost.bytes[side] += segment[side] ? spanLength(segment[side].span) : 0;
    length += bytes;
    run.push(segment);
  }
  close();
  return cost;
}

/** Whether what is read of one side goes on from one segment to the next, with no more than a small gap. */
function near(before: SegmentSide, after: SegmentSide): boolean {
  // What is read whole has requests of its own.
  if (before.whole || after.whole) return false;
  if (before.update || after.update) return before.update !== undefined && after.update !== undefined;
  const gap = after.span.begin - before.span.end;
  return before.file === after.file && gap >= 0 && gap <= GAP_BYTES;
}

/** Whether `after` can be read in the same request as `before`, on both sides. */
export function follows(before: Segment, after: Segment): boolean {
  if (!near(before.a, after.a)) return false;
  if (before.b === null || after.b === null) return before.b === after.b;
  return near(before.b, after.b);
}
