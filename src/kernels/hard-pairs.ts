import { DTYPE_BITS } from "../safetensors/dtype.ts";
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

interface Layout {
  /** The bits of −0. */
  signBit: number;
  /** The bits of the first number that is not finite. */
  infinity: number;
  /** The steps from one power of two to the next. */
  octave: number;
  /** The exponents of the smallest and of the largest numbers that are drawn: all, and where plain. */
  exponents: readonly [low: number, high: number];
  plainExponents: readonly [low: number, high: number];
}

const allPlain = (low: number, high: number): Pick<Layout, "exponents" | "plainExponents"> => ({
  exponents: [low, high],
  plainExponents: [low, high],
});
const LIKE_F32 = { exponents: [-149, 127], plainExponents: [-26, 12] } as const;

const LAYOUT: Record<NarrowFloat, Layout> = {
  BF16: { signBit: 0x8000, infinity: 0x7f80, octave: 2 ** 7, ...LIKE_F32 },
  F16: { signBit: 0x8000, infinity: 0x7c00, octave: 2 ** 10, ...allPlain(-24, 15) },
  F32: { signBit: 0x80000000, infinity: 0x7f800000, octave: 2 ** 23, ...LIKE_F32 },
  F8_E4M3: { signBit: 0x80, infinity: 0x7f, octave: 2 ** 3, ...allPlain(-9, 8) },
  F8_E5M2: { signBit: 0x80, infinity: 0x7c, octave: 2 ** 2, ...allPlain(-16, 15) },
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
}

const signBit = (dtype: NarrowFloat): number => LAYOUT[dtype].signBit;
const infinity = (dtype: NarrowFloat): number => LAYOUT[dtype].infinity;

/** The bits `ulps` steps away from those of `value`, the sign kept; saturates at zero and at the largest number. */
function near(dtype: NarrowFloat, value: number, ulps: number): number {
  const bits = roundToBits(dtype, value);
  const sign = bits >= signBit(dtype) ? signBit(dtype) : 0;
  return sign + Math.max(0, Math.min(infinity(dtype) - 1, bits - sign + ulps));
}

const anyBits = (dtype: NarrowFloat, draw: Draw): number => draw.below(2 * signBit(dtype));

/** The bits of +0 or −0; added to other bits, they give those a random sign. */
const anyZero = (dtype: NarrowFloat, draw: Draw): number => draw.below(2) * signBit(dtype);

/** A power of two, or a number beside one, with another exponent from `low` to `high` each time. */
function anyScale(low: number, high: number, draw: Draw): number {
  const significand = draw.below(3) === 0 ? 1 + draw.below(65536) / 65536 : 1;
  return draw.sign() * 2 ** (low + draw.below(high - low + 1)) * significand;
}

const rounded = (dtype: NarrowFloat, value: number): number => near(dtype, value, 0);
const bell = (dtype: NarrowFloat, draw: Draw): number => rounded(dtype, draw.bell());
const small = (dtype: NarrowFloat, draw: Draw): number => rounded(dtype, draw.bell() * 0.02);
const wide = (dtype: NarrowFloat, draw: Draw): number =>
  rounded(dtype, anyScale(...LAYOUT[dtype].plainExponents, draw));
const widest = (dtype: NarrowFloat, draw: Draw): number => rounded(dtype, anyScale(...LAYOUT[dtype].exponents, draw));
const notFinite = (dtype: NarrowFloat, draw: Draw): number => {
  const next = Math.min(infinity(dtype) + draw.below(2), signBit(dtype) - 1);
  return next + anyZero(dtype, draw);
};
const nearOverflow = (dtype: NarrowFloat, draw: Draw): number =>
  infinity(dtype) - draw.below(2 * LAYOUT[dtype].octave) + anyZero(dtype, draw);
/** One in eight very small or large, though not so large that its square leaves the range of good float32 sums. */
const mixed = (dtype: NarrowFloat, draw: Draw): number =>
  draw.below(8) ? bell(dtype, draw) : rounded(dtype, anyScale(-150, 37, draw));

const MAGNITUDE_EDGES = Float64Array.from({ length: MAGNITUDE_SLOTS }, (_, k) => magnitudeEdge(k));

/** On an edge of a bin as seen from `base`, or a few roundings beside it. */
function beside(edge: number, dtype: NarrowFloat, base: number, draw: Draw): number {
  return near(dtype, base + draw.sign() * edge * Math.abs(base), draw.below(5) - 2);
}
const besideRelative = (dtype: NarrowFloat, draw: Draw, base: number): number =>
  beside(relativeEdge(1 + draw.below(129)), dtype, base, draw);
const besideMagnitude = (dtype: NarrowFloat, draw: Draw, base: number): number =>
  beside(MAGNITUDE_EDGES[draw.below(MAGNITUDE_SLOTS)], dtype, base, draw);

/** Edges from about 1/2 on: there d is as finely stepped as edge·|a|, whose quotients are then the most easily misplaced. */
const besideLargeEdge = (dtype: NarrowFloat, draw: Draw, base: number): number => {
  const edge = draw.below(2)
    ? relativeEdge(65 + draw.below(65))
    : MAGNITUDE_EDGES[76 + draw.below(MAGNITUDE_SLOTS - 76)];
  return beside(edge, dtype, base, draw);
};

/** One kind of hard pairs: the bits of a base, and those of a tuned element for the value the base has. */
interface Kind {
  base(dtype: NarrowFloat, draw: Draw): number;
  tuned(dtype: NarrowFloat, draw: Draw, base: number): number;
}

const PLAIN: Kind[] = [
  // A fine-tuning: small changes, half of them none at all where the formats are the same.
  { base: small, tuned: (b, draw, base) => rounded(b, base * (1 + draw.below(2) * draw.bell() * 0.02)) },
  { base: wide, tuned: besideRelative },
  { base: wide, tuned: besideMagnitude },
  // Zeros of both signs on either side.
  {
    base: (a, draw) => (draw.below(3) ? anyZero(a, draw) : bell(a, draw)),
    tuned: (b, draw) => (draw.below(3) ? anyZero(b, draw) : bell(b, draw)),
  },
  // Two models that have nothing in common.
  { base: small, tuned: small },
  // Values that are not finite among others.
  {
    base: (a, draw) => (draw.below(50) ? bell(a, draw) : notFinite(a, draw)),
    tuned: (b, draw) => (draw.below(50) ? bell(b, draw) : notFinite(b, draw)),
  },
  // Changes beside the two thresholds.
  {
    base: (a, draw) => (draw.below(2) ? anyZero(a, draw) : rounded(a, draw.bell() * 1e-4)),
    tuned: (b, draw, base) => near(b, base + draw.sign() * (draw.below(2) ? 1e-6 : 1e-5), draw.below(3) - 1),
  },
  // Nothing changed.
  { base: (a, draw) => (draw.below(2) ? bell(a, draw) : anyZero(a, draw)), tuned: (b, _, base) => rounded(b, base) },
  // A base that is zero all through.
  { base: anyZero, tuned: (b, draw) => (draw.below(2) ? bell(b, draw) : anyZero(b, draw)) },
  { base: bell, tuned: besideLargeEdge },
];

const EXTREME: Kind[] = [
  { base: widest, tuned: besideRelative },
  { base: widest, tuned: besideMagnitude },
  { base: anyBits, tuned: anyBits },
  // Subnormals and the smallest normal numbers.
  {
    base: (a, draw) => draw.below(2 * LAYOUT[a].octave) + anyZero(a, draw),
    tuned: (b, draw, base) => (draw.below(2) ? near(b, base, draw.below(9) - 4) : anyBits(b, draw)),
  },
  { base: mixed, tuned: mixed },
  // Close to overflow, so that d overflows too.
  { base: nearOverflow, tuned: nearOverflow },
];

/** How many kinds there are. A stretch's first block is of kind `seed` modulo this. */
export const HARD_KINDS: Record<Hardness, number> = { plain: PLAIN.length, extreme: EXTREME.length };

const isPlain = (value: number): boolean => {
  const size = Math.abs(value);
  return !Number.isFinite(size) || size === 0 || (size >= PLAIN_SMALLEST && size < PLAIN_LARGEST);
};

function noBits(dtype: NarrowFloat, count: number): Uint8Array | Uint16Array | Uint32Array {
  if (DTYPE_BITS[dtype] === 8) return new Uint8Array(count);
  return DTYPE_BITS[dtype] === 16 ? new Uint16Array(count) : new Uint32Array(count);
}

/**
 * `count` pairs on which a kernel that is nearly right goes wrong: on and beside the edges of bins, zeros of both signs,
 * values that are not finite, and by `hardness` what lies at the ends of the formats. Each block of 2048 elements is of
 * one kind, the first of kind `seed` modulo `HARD_KINDS`. The same arguments give the same stretch.
 */
export function hardPairs(
  dtypeA: NarrowFloat,
  dtypeB: NarrowFloat,
  seed: number,
  count: number,
  hardness: Hardness = "plain",
): Stretch {
  const kinds = hardness === "plain" ? PLAIN : EXTREME;
  const draw = new Draw(seed);
  const a = noBits(dtypeA, count);
  const b = noBits(dtypeB, count);
  for (let i = 0; i < count; i++) {
    const kind = kinds[(seed + Math.floor(i / BLOCK_ELEMENTS)) % kinds.length];
    a[i] = kind.base(dtypeA, draw);
    const base = valueOfBits(dtypeA, a[i]);
    b[i] = kind.tuned(dtypeB, draw, base);
    if (hardness === "extreme" || (isPlain(base) && isPlain(valueOfBits(dtypeB, b[i])))) continue;
    a[i] = roundToBits(dtypeA, 1);
    b[i] = roundToBits(dtypeB, 1);
  }
  return { dtypeA, a: new Uint8Array(a.buffer), dtypeB, b: new Uint8Array(b.buffer), count };
}
