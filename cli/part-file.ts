import type { Comparison } from "../src/comparing/comparison.ts";
import { comparisonText, type FileHistograms } from "../src/comparing/file/comparison-file.ts";
import type { EngineName } from "../src/kernels/engine.ts";
import type { DeltaSums } from "../src/kernels/low-rank/delta-sums.ts";
import type { PairSums } from "../src/statistics/pair-numbers.ts";
import type { Ledger, SegmentRecord } from "./ledger.ts";

/** What an unfinished comparison, or a part of one, says of itself beyond what a comparison file says. */
export interface PartHead {
  /** From 1; 1 of 1 where the comparison was not cut. */
  index: number;
  of: number;
  /** Segments that are still to be read; 0 in a finished part. */
  left: number;
  /** How the whole is cut into segments: what two parts must agree in besides operands, rename rule, contract and engine. */
  plan: { elements: number; segments: number; bytes: number };
  /** Digests of what is in the files of each operand, where nothing else says which they are; null where something does. */
  contents: Record<string, (string | null)[]>;
}

/** One segment of a pair of which the file has only some. */
export interface FileSegment {
  pair: number;
  slice: number;
  of: number;
  engine: EngineName;
  stats: PairSums & FileHistograms;
  deltas?: DeltaSums;
}

const segmentOf = ({ stats, ...segment }: SegmentRecord): FileSegment => {
  const { relative, magnitude, ...sums } = stats;
  return {
    ...segment,
    stats: {
      ...sums,
      relative: { positive: [...relative.positive], negative: [...relative.negative] },
      magnitude: { grow: [...magnitude.grow], shrink: [...magnitude.shrink] },
    },
  };
};

/**
 * The text of a comparison file of what is known as a whole, which the page can open, with what it takes to go on: how the
 * whole was cut, and the segments of the other pairs.
 */
export function* partText(
  comparison: Comparison,
  ledger: Ledger,
  engine: EngineName,
  head: PartHead,
): Generator<string> {
  let before = "";
  for (const piece of comparisonText(comparison, ledger.outcomes, engine)) {
    yield before;
    before = piece;
  }
  // The last piece closes the file.
  yield `,"part":${JSON.stringify(head)},"segments":[`;
  let separator = "\n";
  for (const segment of ledger.segments()) {
    yield separator + JSON.stringify(segmentOf(segment));
    separator = ",\n";
  }
  yield `]${before}`;
}
