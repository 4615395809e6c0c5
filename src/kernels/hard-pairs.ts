import { magnitudeEdge, relativeEdge } from "./bins.ts";
import type { Stretch } from "./engine.ts";
import type { NarrowFloat } from "./narrow-float.ts";
import { BLOCK_ELEMENTS, MAGNITUDE_SLOTS } from "./pair-stats.ts";
import { roundToBits, valueOfBits } from "./round-to-bits.ts";

/**
 * `plain`: what the WGSL engine computes itself: finite values within [2^−40, 2^40), zeros, NaN and infinities.
 * `extreme`: subnormals, values near overflow, any bits at all; nothing stays on the fast ways.
 */
export type Hardness = "plain" | "extreme";

const PLAIN_SMALLEST = 2 ** -40;
const PLAIN_LARGEST = 2 ** 40;

/** Bits after the sign, of which the lowest are the fraction. */
const LAYOUT: Record<NarrowFloat, { bits: number; fraction: number }> = {
  BF16: { bits: 15, fraction: 7 },
  F16: { bits: 15, fraction: 10 },
  F32: { bits: 31, fraction: 23 },
};

/** Draws for one stretch. The same seed gives the same numbers everywhere. */
class Draw {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A whole number below `end` ≤ 2^32 (a Weyl sequence, then Murmur3's finaliser). */
  below(end: number): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return Math.floor((((z ^ (z >>> 16)) >>> 0) / 2 ** 32) * end);
  }

  /** Bell-shaped around 0, deviation about 1. */
  bell(): number {
    return (this.below(65536) + this.below(65536) + this.below(65536) + this.below(65536)) / 37837 - 3.4641;
  }

  sign(): number {
    return this.below(2) === 0 ? 1 : -1;
  }

  pick(choices: readonly number[]): number {
    return choices[this.below(choices.length)];
  }
}

const signBit = (dtype: NarrowFloat): number => 2 ** LAYOUT[dtype].bits;
const infinity = (dtype: NarrowFloat): number => signBit(dtype) - 2 ** LAYOUT[dtype].fraction;

/** The bits `ulps` steps away from those of `value`, the sign kept; saturates at zero and at the largest number. */
function near(dtype: NarrowFloat, value: number, ulps: number): number {
  const bits = roundToBits(dtype, value);
  const sign = bits >= signBit(dtype) ? signBit(dtype) : 0;
  return sign + Math.max(0, Math.min(infinity(dtype) - 1, bits - sign + ulps));
}

function anyBits(dtype: NarrowFloat, draw: Draw): number {
  return draw.below(2 * signBit(dtype));
}

/** A number with another exponent each time, as wide as `dtype` goes where `extreme`. */
function anyScale(dtype: NarrowFloat, draw: Draw, extreme: boolean): number {
  const [low, high] = dtype === "F16" ? [-24, 15] : extreme ? [-149, 127] : [-26, 12];
  return draw.sign() * 2 ** (low + draw.below(high - low + 1)) * (1 + draw.pick([0, 0, draw.below(65536) / 65536]));
}

/** Something that lies on an edge of a bin, or a few roundings beside it. */
function beside(edge: number, base: number, tuned: NarrowFloat, draw: Draw): number {
  return near(tuned, base + draw.sign() * edge * Math.abs(base), draw.below(5) - 2);
}

type Recipe = (a: NarrowFloat, b: NarrowFloat, draw: Draw) => [number, number];

const rounded = (dtype: NarrowFloat, value: number): number => near(dtype, value, 0);
const zero = (dtype: NarrowFloat, draw: Draw): number => draw.pick([0, signBit(dtype)]);

/** A base and a tuned value beside one of the edges that `edgeOf` draws. */
function besideEdges(edgeOf: (draw: Draw) => number, extreme: boolean): Recipe {
  return (a, b, draw) => {
    const bits = rounded(a, anyScale(a, draw, extreme));
    return [bits, beside(edgeOf(draw), valueOfBits(a, bits), b, draw)];
  };
}

const aRelativeEdge = (draw: Draw): number => relativeEdge(1 + draw.below(129));
const aMagnitudeEdge = (draw: Draw): number => magnitudeEdge(draw.below(MAGNITUDE_SLOTS));

const PLAIN: Recipe[] = [
  // A fine-tuning: small changes, half of them rounded away.
  (a, b, draw) => {
    const base = draw.bell() * 0.02;
    return [rounded(a, base), rounded(b, draw.below(2) ? base : base * (1 + draw.bell() * 0.02))];
  },
  besideEdges(aRelativeEdge, false),
  besideEdges(aMagnitudeEdge, false),
  // Zeros of both signs on either side.
  (a, b, draw) => [
    draw.below(3) ? zero(a, draw) : rounded(a, draw.bell()),
    draw.below(3) ? zero(b, draw) : rounded(b, draw.bell()),
  ],
  // Two models that have nothing in common.
  (a, b, draw) => [rounded(a, draw.bell() * 0.02), rounded(b, draw.bell() * 0.02)],
  // Values that are not finite among others.
  (a, b, draw) => [
    draw.below(50) ? rounded(a, draw.bell()) : infinity(a) + draw.pick([0, 1, signBit(a)]),
    draw.below(50) ? rounded(b, draw.bell()) : infinity(b) + draw.pick([0, 1, signBit(b)]),
  ],
  // Changes beside the two thresholds.
  (a, b, draw) => {
    const bits = draw.below(2) ? zero(a, draw) : rounded(a, draw.bell() * 1e-4);
    return [bits, near(b, valueOfBits(a, bits) + draw.sign() * draw.pick([1e-6, 1e-5]), draw.below(3) - 1)];
  },
  // Nothing changed.
  (a, b, draw) => {
    const value = draw.bell() * draw.below(2);
    return [rounded(a, value), rounded(b, valueOfBits(a, rounded(a, value)))];
  },
  // A base that is zero all through.
  (a, b, draw) => [zero(a, draw), rounded(b, draw.bell() * draw.below(2))],
];

const EXTREME: Recipe[] = [
  besideEdges(aRelativeEdge, true),
  besideEdges(aMagnitudeEdge, true),
  (a, b, draw) => [anyBits(a, draw), anyBits(b, draw)],
  // Subnormals and the smallest normal numbers.
  (a, b, draw) => {
    const bits = draw.below(2 ** (LAYOUT[a].fraction + 1)) + zero(a, draw);
    return [bits, draw.below(2) ? near(b, valueOfBits(a, bits), draw.below(9) - 4) : anyBits(b, draw)];
  },
  // A few very small or large values among ordinary ones: the sums stay in range, and nothing is redone.
  (a, b, draw) => [
    rounded(a, draw.below(8) ? draw.bell() : anyScale(a, draw, true) * 2 ** -90),
    rounded(b, draw.below(8) ? draw.bell() : anyScale(b, draw, true) * 2 ** -90),
  ],
  // Close to overflow, so that d overflows too.
  (a, b, draw) => [
    infinity(a) - draw.below(2 ** (LAYOUT[a].fraction + 1)) + zero(a, draw),
    infinity(b) - draw.below(2 ** (LAYOUT[b].fraction + 1)) + zero(b, draw),
  ],
];

const isPlain = (value: number): boolean => {
  const size = Math.abs(value);
  return !Number.isFinite(size) || size === 0 || (size >= PLAIN_SMALLEST && size < PLAIN_LARGEST);
};

const noBits = (dtype: NarrowFloat, count: number) =>
  dtype === "F32" ? new Uint32Array(count) : new Uint16Array(count);

/**
 * `count` pairs on which a kernel that is nearly right goes wrong: on and beside the edges of bins, zeros of both signs,
 * values that are not finite, and by `hardness` what lies at the ends of the formats. Each block of 2048 elements is of
 * one kind; which kind comes first depends on `seed`, and the same arguments give the same stretch.
 */
export function hardPairs(
  dtypeA: NarrowFloat,
  dtypeB: NarrowFloat,
  seed: number,
  count: number,
  hardness: Hardness = "plain",
): Stretch {
  const recipes = hardness === "plain" ? PLAIN : EXTREME;
  const draw = new Draw(seed);
  const a = noBits(dtypeA, count);
  const b = noBits(dtypeB, count);
  for (let i = 0; i < count; i++) {
    const recipe = recipes[(seed + Math.floor(i / BLOCK_ELEMENTS)) % recipes.length];
    let [bitsA, bitsB] = recipe(dtypeA, dtypeB, draw);
    if (hardness === "plain" && !(isPlain(valueOfBits(dtypeA, bitsA)) && isPlain(valueOfBits(dtypeB, bitsB)))) {
      [bitsA, bitsB] = [roundToBits(dtypeA, 1), roundToBits(dtypeB, 1)];
    }
    a[i] = bitsA;
    b[i] = bitsB;
  }
  return { dtypeA, a: new Uint8Array(a.buffer), dtypeB, b: new Uint8Array(b.buffer), count };
}
