import {
  type AxisSums,
  addProfile,
  emptyProfile,
  mergeProfile,
  type ProfileSums,
} from "../../kernels/profile/profile-sums.ts";
import type { Fold, Join } from "../fold.ts";
import { decodedElements } from "./decoded-elements.ts";

/** Norms of each row or column: of A, of B, and of the change. */
export interface AxisNorms {
  a: Float64Array;
  b: Float64Array;
  d: Float64Array;
}

/** Where in a matrix the change lies. */
export interface Profile {
  rows: AxisNorms;
  columns: AxisNorms;
  /** Elements where a, b or d is not finite; they are in no norm. */
  nonFinite: number;
}

const normsOf = ({ a2, b2, d2 }: AxisSums): AxisNorms => ({
  a: a2.map(Math.sqrt),
  b: b2.map(Math.sqrt),
  d: d2.map(Math.sqrt),
});

export const profileJoin: Join<ProfileSums, Profile> = {
  merge(parts) {
    const [head, tail] = [parts[0], parts[parts.length - 1]];
    const rows = tail.first + tail.rows.a2.length - head.first;
    const sum = emptyProfile(head.first, rows, head.columns.a2.length);
    for (const part of parts) mergeProfile(sum, part);
    return sum;
  },

  finish: ({ rows, columns, nonFinite }) => ({ rows: normsOf(rows), columns: normsOf(columns), nonFinite }),
};

/** The row and column norms of matrices. */
export const profileFold: Fold<ProfileSums, Profile> = {
  ...profileJoin,
  takes: ({ columns, a }) => columns > 1 && !a.update,

  start({ from, count, columns }) {
    const first = Math.floor(from / columns);
    return emptyProfile(first, Math.ceil((from + count) / columns) - first, columns);
  },

  add(sums, { segment, from, count, a, b }) {
    const tuned = decodedElements((segment.b ?? segment.a).dtype, b, count);
    addProfile(sums, decodedElements(segment.a.dtype, a, count), tuned, from);
  },
};
