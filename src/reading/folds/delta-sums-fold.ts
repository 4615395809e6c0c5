import { addDeltas } from "../../kernels/low-rank/compare-deltas.ts";
import { type DeltaSums, emptyDeltaSums, mergeDeltaSums } from "../../kernels/low-rank/delta-sums.ts";
import type { Fold, Join } from "../fold.ts";
import { decodedElements } from "./decoded-elements.ts";

export const deltaSumsJoin: Join<DeltaSums> = {
  merge(parts) {
    const sum = emptyDeltaSums();
    for (const part of parts) mergeDeltaSums(sum, part);
    return sum;
  },

  finish: (sums) => sums,
};

/** How an adapter's change compares with B's, of the pairs that it touches. */
export const deltaSumsFold: Fold<DeltaSums> = {
  ...deltaSumsJoin,
  takes: ({ adapter }) => adapter !== null,
  start: emptyDeltaSums,

  add(sums, { segment, from, count, a, b }, tools) {
    const tuned = decodedElements((segment.b ?? segment.a).dtype, b, count);
    addDeltas(sums, tools.adapted(segment), decodedElements(segment.a.dtype, a, count), tuned, from);
  },
};
