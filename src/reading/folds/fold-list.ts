import type { Adapted } from "../../kernels/low-rank/low-rank-factors.ts";
import type { Chunk, Fold, FoldTools } from "../fold.ts";
import type { Segment } from "../segment.ts";
import { deltaSumsFold } from "./delta-sums-fold.ts";
import { elementsFold } from "./elements-fold.ts";
import type { FoldName, FoldParts, FoldResults } from "./fold-parts.ts";
import { pairStatsFold } from "./pair-stats-fold.ts";
import { profileFold } from "./profile-fold.ts";

/** Every fold by its name: names travel to the workers. */
export const FOLDS: { readonly [Name in FoldName]: Fold<FoldParts[Name], FoldResults[Name]> } = {
  stats: pairStatsFold,
  deltas: deltaSumsFold,
  profile: profileFold,
  elements: elementsFold,
};

/** A fold at work on one segment. */
export interface Folding {
  name: FoldName;
  /** What it has made of the segment so far. */
  readonly part: FoldParts[FoldName];
  add(chunk: Chunk, tools: FoldTools): void | Promise<void>;
  /** In place of chunks, where A is an adapter's update by itself. */
  addUpdate(adapted: Adapted): void;
}

function foldingOf<Name extends FoldName>(name: Name, segment: Segment): Folding {
  const fold: Fold<FoldParts[Name], FoldResults[Name]> = FOLDS[name];
  let part = fold.start(segment);
  return {
    name,
    get part() {
      return part;
    },
    add: (chunk, tools) => fold.add(part, chunk, tools),
    addUpdate: (adapted) => {
      part = fold.ofUpdate?.(segment, adapted) ?? part;
    },
  };
}

/** Those of `names` that have something to say of a segment, begun on it. */
export const foldings = (names: readonly FoldName[], segment: Segment): Folding[] =>
  names.filter((name) => FOLDS[name].takes(segment)).map((name) => foldingOf(name, segment));
