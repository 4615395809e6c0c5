import type { Span } from "../bytes/span.ts";
import { BLOCK_ELEMENTS } from "../kernels/pair-stats.ts";
import type { Pair } from "../pairing/pair.ts";
import type { View } from "../tensors/view.ts";
import { type Segment, segmentBytes } from "./segment.ts";

/** Elements of a segment: 8 MiB of BF16 a side, so that a slow line shows progress and an interruption costs little. */
export const SEGMENT_ELEMENTS = 2048 * BLOCK_ELEMENTS;
/** Bytes a side of one request at most. Long ranges are what makes reading fast; this one still ends within seconds. */
export const RUN_BYTES = 64 * 2 ** 20;
/** Bytes between neighbours that are read and thrown away rather than asked for separately. */
export const GAP_BYTES = 64 * 2 ** 10;

function slice(view: View, from: number, count: number): { file: number; span: Span } {
  const width = (view.span.end - view.span.begin) / view.count;
  const begin = view.span.begin + from * width;
  return { file: view.file, span: { begin, end: begin + count * width } };
}

/** Every segment that is to be read, in the order in which A's files hold them. Pure data: nothing is read here. */
export interface ReadPlan extends Iterable<Segment> {
  readonly length: number;
  /** The segment at a position from 0 to `length` − 1. */
  at(position: number): Segment;
  /** Index of the pair that it is of. */
  pairOf(position: number): number;
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

  constructor(pairs: readonly Pair[], segmentElements: number) {
    this.#pairs = pairs;
    this.#segmentElements = segmentElements;
    this.#firstOf = new Uint32Array(pairs.length);
    const order = inFileOrder(pairs.filter(({ identical }) => !identical));
    const slices = ({ count }: Pair) => Math.ceil(count / segmentElements);
    this.#pairOf = new Uint32Array(order.reduce((sum, pair) => sum + slices(pair), 0));
    let position = 0;
    for (const pair of order) {
      this.#firstOf[pair.index] = position;
      this.#pairOf.fill(pair.index, position, position + slices(pair));
      position += slices(pair);
    }
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
    const from = index * this.#segmentElements;
    const count = Math.min(this.#segmentElements, pair.count - from);
    return {
      pair: pair.index,
      slice: index,
      count,
      a: slice(pair.a, from, count),
      b: pair.b && slice(pair.b, from, count),
    };
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
  requests: number;
}

export function costOf(plan: Iterable<Segment>, runBytes: number = RUN_BYTES): ScanCost {
  const cost: ScanCost = { bytesA: 0, bytesB: 0, requests: 0 };
  let open: Segment | null = null;
  let length = 0;
  for (const segment of plan) {
    const bytes = segmentBytes(segment);
    const bytesA = segment.a.span.end - segment.a.span.begin;
    cost.bytesA += bytesA;
    cost.bytesB += bytes - bytesA;
    const sides = segment.b ? 2 : 1;
    if (!open || !follows(open, segment) || length + bytes > runBytes * sides) {
      cost.requests += sides;
      length = 0;
    }
    length += bytes;
    open = segment;
  }
  return cost;
}

function near(before: Segment["a"], after: Segment["a"]): boolean {
  const gap = after.span.begin - before.span.end;
  return before.file === after.file && gap >= 0 && gap <= GAP_BYTES;
}

/** Whether `after` can be read in the same request as `before`, on both sides. */
export function follows(before: Segment, after: Segment): boolean {
  if (!near(before.a, after.a)) return false;
  if (before.b === null || after.b === null) return before.b === after.b;
  return near(before.b, after.b);
}
