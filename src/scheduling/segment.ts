import type { Span } from "../bytes/span.ts";

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
  a: { file: number; span: Span };
  /** Null when A is looked at alone. */
  b: { file: number; span: Span } | null;
}

/** Bytes that reading it takes, both sides together. */
export const segmentBytes = (segment: Segment): number =>
  segment.a.span.end - segment.a.span.begin + (segment.b ? segment.b.span.end - segment.b.span.begin : 0);
