import { type Span, spanLength } from "../bytes/span.ts";
import type { AuxiliaryRange } from "../tensors/encoding.ts";

/** What is read of one side. */
export interface SegmentSide {
  file: number;
  span: Span;
  /** Of a side that is decoded or rearranged: its first element in the view. */
  from?: number;
  /** What decoding takes besides: scales and the like, of this file or of others. */
  auxiliary?: readonly AuxiliaryRange[];
  /** No bytes of its own are read: an adapter's update gives the elements, out of A's or alone. */
  computed?: true;
  /** The span is read into memory at once, because the elements come out of it in another order. */
  whole?: true;
}

/**
 * A stretch of one pair that is read and computed as a whole: the unit of progress, of priority and of a retry.
 * Segments of a pair are cut at fixed element positions, so its sums add up in the same order whatever happens.
 */
export interface Segment {
  /** Index into the comparison's pairs. */
  pair: number;
  /** Position among the pair's segments, from 0. */
  slice: number;
  /** Elements in it. */
  count: number;
  a: SegmentSide;
  /** Null when A is looked at alone. */
  b: SegmentSide | null;
  /** What an adapter's change takes that is compared with B's; no bytes of its own. */
  adapter?: SegmentSide;
}

/** Bytes that reading one side takes. */
export function sideBytes(side: SegmentSide | null): number {
  if (!side) return 0;
  const own = spanLength(side.span);
  return side.auxiliary ? side.auxiliary.reduce((sum, { span }) => sum + spanLength(span), own) : own;
}

/** How many ranges are read in step for it: one a side, but none for what is computed. */
export const streamsOf = ({ a, b }: Segment): number => Number(!a.computed) + Number(b !== null && !b.computed);

/** Bytes that reading it takes, both sides together and the adapter's. */
export const segmentBytes = ({ a, b, adapter }: Segment): number =>
  sideBytes(a) + sideBytes(b) + (adapter ? sideBytes(adapter) : 0);
