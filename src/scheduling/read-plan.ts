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

/** Every segment of every pair, in the order in which A's files hold them. Pure data: nothing is read here. */
export function planReads(pairs: readonly Pair[], segmentElements: number = SEGMENT_ELEMENTS): Segment[] {
  const plan: Segment[] = [];
  for (const pair of pairs) {
    for (let from = 0, index = 0; from < pair.count; from += segmentElements, index++) {
      const count = Math.min(segmentElements, pair.count - from);
      const b = pair.b ? slice(pair.b, from, count) : null;
      plan.push({ pair: pair.index, slice: index, count, a: slice(pair.a, from, count), b });
    }
  }
  return plan.sort((x, y) => x.a.file - y.a.file || x.a.span.begin - y.a.span.begin);
}

/** What a scan will take: bytes per side and requests, before the first of them is made. */
export interface ScanCost {
  bytesA: number;
  bytesB: number;
  requests: number;
}

export function costOf(plan: readonly Segment[], runBytes: number = RUN_BYTES): ScanCost {
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
