import { type Span, spanLength } from "../bytes/span.ts";
import { SIDES, type Side } from "../pairing/pair.ts";
import type { Dtype } from "../safetensors/dtype.ts";
import type { ElementLayout } from "../tensors/element-filler.ts";
import type { AuxiliaryRange } from "../tensors/encoding.ts";
import type { LowRankUpdate } from "../tensors/low-rank-update.ts";

/** What is read of one side, and how its elements come out of it. Plain data: it travels to a worker as it is. */
export interface SegmentSide {
  /** Index among the files of the side. */
  file: number;
  /** Bytes of that file; empty where there is an `update`. */
  span: Span;
  /** Of the elements as a kernel takes them. */
  dtype: Dtype;
  /** Of a side that is decoded, rearranged or computed: its first element in the view. */
  from?: number;
  /** How the elements lie in the bytes, where they do not lie there as they are. */
  layout?: ElementLayout;
  /** The span is read into memory at once, because the elements come out of it in another order. Such a segment is a run of its own. */
  whole?: true;
  /** What decoding takes besides: scales and the like, of this file or of others. */
  auxiliary?: readonly AuxiliaryRange[];
  /**
   * No bytes of its own are read: an adapter's update gives the elements, out of A's or alone. The same object in all
   * segments of a tensor, so that it is made ready once.
   */
  update?: LowRankUpdate;
}

/**
 * A stretch of one pair that is read and computed as a whole: the unit of progress, of priority and of a retry.
 * Segments of a pair are cut at fixed element positions, so its sums add up in the same order whatever happens.
 */
export interface Segment extends Record<Side, SegmentSide | null> {
  /** Position in the plan. */
  position: number;
  /** Index into the comparison's pairs. */
  pair: number;
  /** Position among the pair's segments, from 0. */
  slice: number;
  /** Its first element in the pair, row by row. */
  from: number;
  /** Elements in it. */
  count: number;
  /** Elements of a row of the pair; a vector is one row. */
  columns: number;
  a: SegmentSide;
}

/** Bytes that reading one side takes. */
export function sideBytes(side: SegmentSide | null): number {
  if (!side) return 0;
  const own = spanLength(side.span);
  return side.auxiliary ? side.auxiliary.reduce((sum, { span }) => sum + spanLength(span), own) : own;
}

const isStreamed = (side: SegmentSide | null): boolean => side !== null && !side.update;

/** How many ranges are read in step for it: one a side, but none for what is computed. */
export const streamsOf = (segment: Segment): number => SIDES.filter((side) => isStreamed(segment[side])).length;

/** Bytes that reading it takes, all sides together. */
export const segmentBytes = ({ a, b, adapter }: Pick<Segment, Side>): number =>
  sideBytes(a) + sideBytes(b) + sideBytes(adapter);
