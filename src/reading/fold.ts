import type { Adapted } from "../kernels/low-rank/low-rank-factors.ts";
import type { Segment } from "./segment.ts";
import type { StretchComputer } from "./stretch-computer.ts";

/** Neighbouring elements of a segment as a kernel takes them, all sides the same ones. */
export interface Chunk {
  segment: Segment;
  /** Its first element in the pair, and how many there are. */
  from: number;
  count: number;
  /** Of `segment.a.dtype`, and of B's dtype; of one model alone both hold A. Who takes a buffer puts another of its kind here. */
  a: Uint8Array<ArrayBuffer>;
  b: Uint8Array<ArrayBuffer>;
}

/** What folds compute with. */
export interface FoldTools {
  computer: StretchComputer;
  /** The adapter beside A and B, made ready for this segment. */
  adapted(segment: Segment): Adapted;
}

/** How parts of a pair become one, and what is told of it. The page needs no more of a fold than this. */
export interface Join<Part, Result = Part> {
  /** One part out of those of neighbouring segments, in their order. There is at least one; they are left as they are. */
  merge(parts: readonly Part[]): Part;
  finish(part: Part): Result;
}

/**
 * What is computed of a stream of segments. Of each segment a part is made, chunk by chunk; the parts of a pair, wherever
 * they were computed, are joined in the order of their elements, so that a rerun gives the same bits. Parts are plain data.
 */
export interface Fold<Part, Result = Part> extends Join<Part, Result> {
  /** Whether it has something to say of a segment. */
  takes(segment: Segment): boolean;
  start(segment: Segment): Part;
  add(part: Part, chunk: Chunk, tools: FoldTools): void | Promise<void>;
  /** The part of an adapter's update by itself, which has no elements of a base; undefined where there is none. */
  ofUpdate?(segment: Segment, adapted: Adapted): Part;
}
