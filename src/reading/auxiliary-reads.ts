import type { Span } from "../bytes/span.ts";
import type { SegmentSide } from "./segment.ts";

/** One request for auxiliary ranges of one file. */
export interface AuxiliaryRead {
  file: number;
  span: Span;
}

/**
 * The requests that the auxiliary ranges of one side of a run take: neighbours, `gap` bytes apart at most, are read together, and
 * what several segments take is read once.
 */
export function auxiliaryReads(sides: Iterable<Pick<SegmentSide, "auxiliary">>, gap: number): AuxiliaryRead[] {
  const ranges = [...sides].flatMap(({ auxiliary = [] }) => auxiliary);
  ranges.sort((x, y) => x.file - y.file || x.span.begin - y.span.begin);
  const reads: AuxiliaryRead[] = [];
  for (const { file, span } of ranges) {
    const open = reads.at(-1);
    if (!open || open.file !== file || span.begin - open.span.end > gap) reads.push({ file, span });
    else open.span = { begin: open.span.begin, end: Math.max(open.span.end, span.end) };
  }
  return reads;
}
