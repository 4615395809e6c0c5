import { MAGNITUDE_LAST, magnitudeEdge, RELATIVE_MIDDLE, relativeEdge } from "../bins.ts";

/*
 * Where t = d/a falls in the two histograms, decided by comparing the real numbers d and edge·a, for finite doubles d ≥ 0
 * and a > 0. `a` comes in two halves, and the rounded quotient `t` tells the bin but for one.
 */

const RELATIVE_EDGES = Float64Array.from({ length: RELATIVE_MIDDLE + 1 }, (_, j) => relativeEdge(j));
const MAGNITUDE_EDGES = Float64Array.from({ length: MAGNITUDE_LAST + 1 }, (_, k) => magnitudeEdge(k));

/** 2^27 + 1 cuts a double into a head of 26 bits and a tail that holds the rest (Veltkamp; Dekker 1971). */
const CUT = 2 ** 27 + 1;

/** The upper half of `a`; the lower one is a − headOf(a). */
export function headOf(a: number): number {
  const stretched = CUT * a;
  return stretched - (stretched - a);
}

/**
 * The power of two by which both d and a are multiplied first, so that neither the cut nor an edge times a half leaves
 * the range of doubles. Where that takes d to 0 or to infinity, t lies far beyond the first or the last edge.
 */
export function scaleFor(a: number): number {
  if (a > 2 ** 500) return 2 ** -600;
  return a < 2 ** -500 ? 2 ** 600 : 1;
}

/**
 * Whether d ≥ edge·a. An edge has at most 9 bits, so its product with either half is exact. The difference of d and the
 * head's product is exact where the two are within a factor of two of each other (Sterbenz 1974); elsewhere it is larger
 * than the tail's product by far.
 */
const reaches = (d: number, edge: number, head: number, tail: number): boolean => d - edge * head >= edge * tail;

/** The distance of t from the middle relative slot, 0…129. */
export function relativeStep(t: number, d: number, head: number, tail: number): number {
  const guess = Math.floor(Math.min(RELATIVE_MIDDLE, t * 128 + 0.5));
  if (guess < RELATIVE_MIDDLE && reaches(d, RELATIVE_EDGES[guess + 1], head, tail)) return guess + 1;
  if (guess > 0 && !reaches(d, RELATIVE_EDGES[guess], head, tail)) return guess - 1;
  return guess;
}

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);

/** The magnitude slot of t, 0…119. */
export function magnitudeSlot(t: number, d: number, head: number, tail: number): number {
  float[0] = t;
  // The exponent and the first two bits of the fraction count quarters of octaves.
  const quarters = (words[1] >>> 18) - 4 * (1023 - 20);
  const guess = Math.max(0, Math.min(MAGNITUDE_LAST, quarters));
  if (guess < MAGNITUDE_LAST && reaches(d, MAGNITUDE_EDGES[guess + 1], head, tail)) return guess + 1;
  if (guess > 0 && !reaches(d, MAGNITUDE_EDGES[guess], head, tail)) return guess - 1;
  return guess;
}
