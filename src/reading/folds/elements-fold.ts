import type { Fold, Join } from "../fold.ts";
import { decodedElements } from "./decoded-elements.ts";

type Elements = Float32Array | Float64Array;

/** The elements themselves, decoded, row by row; of one model alone both are A's. For one tensor at a time: nothing is smaller by it. */
export interface ElementsOfBoth {
  a: Elements;
  b: Elements;
}

/** The same, chunk by chunk. */
export interface Stretches {
  a: Elements[];
  b: Elements[];
}

function joined(stretches: readonly Elements[]): Elements {
  const length = stretches.reduce((sum, stretch) => sum + stretch.length, 0);
  const whole = stretches.every((stretch) => stretch instanceof Float32Array)
    ? new Float32Array(length)
    : new Float64Array(length);
  let at = 0;
  for (const stretch of stretches) {
    whole.set(stretch, at);
    at += stretch.length;
  }
  return whole;
}

export const elementsJoin: Join<Stretches, ElementsOfBoth> = {
  merge: (parts) => ({ a: parts.flatMap(({ a }) => a), b: parts.flatMap(({ b }) => b) }),
  finish: ({ a, b }) => ({ a: joined(a), b: joined(b) }),
};

/** Hands out what is read. */
export const elementsFold: Fold<Stretches, ElementsOfBoth> = {
  ...elementsJoin,
  takes: ({ a }) => !a.update,
  start: () => ({ a: [], b: [] }),
  add(part, { segment, count, a, b }) {
    part.a.push(decodedElements(segment.a.dtype, a, count));
    part.b.push(decodedElements((segment.b ?? segment.a).dtype, b, count));
  },
};
