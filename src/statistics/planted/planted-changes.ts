import type { KindId } from "../explain.ts";
import { seededNormal, seededRandom } from "../pair-stats-fixture.ts";

/** Draws weights in units of A's standard deviation, element by element. */
export interface Draw {
  a(): number;
  /** The tuned weight of a base that was rounded to its dtype; called once after each `a`. */
  b(a: number): number;
}

/** A change whose kind is known because it was made so. */
export interface PlantedChange {
  name: string;
  /** One line: how B is made; σ is the standard deviation of A's weights. */
  made: string;
  draw(seed: number): Draw;
  /** What must be found, before the storage format takes its part. */
  kinds: readonly KindId[];
  /** What else may be found and be true. */
  also?: readonly KindId[];
  /** What must be found instead where the dtypes of A and B leave something else of the change, by `label` of the dtypes. */
  stored?: Readonly<Record<string, readonly KindId[]>>;
  /** Modes over |a| and over a that the distribution has, where not one each. */
  modes?: { abs: number; signed: number };
  /** It has two, closer than any bandwidth. */
  closeModes?: true;
}

const gaussian = (seed: number) => ({ normal: seededNormal(seed), uniform: seededRandom(seed + 0x5000) });

/** Gaussian A, and B from an element of A. */
const from =
  (change: (a: number, normal: () => number, uniform: () => number) => number) =>
  (seed: number): Draw => {
    const { normal, uniform } = gaussian(seed);
    return { a: normal, b: (a) => change(a, normal, uniform) };
  };

const folded = { abs: 2, signed: 1 };

/** Each kind of change, planted. */
export const PLANTED: readonly PlantedChange[] = [
  {
    name: "identical",
    made: "B = A",
    draw: from((a) => a),
    kinds: ["identical"],
    stored: { "F32 → BF16": ["format-limited"] },
  },
  {
    name: "rescale up",
    made: "1.37·A + noise of 0.06 σ",
    draw: from((a, normal) => 1.37 * a + 0.06 * normal()),
    kinds: ["rescale"],
    also: ["clip-artefact"],
    modes: folded,
  },
  {
    name: "rescale down",
    made: "0.63·A + noise of 0.06 σ",
    draw: from((a, normal) => 0.63 * a + 0.06 * normal()),
    kinds: ["rescale"],
    also: ["clip-artefact"],
    modes: folded,
  },
  {
    name: "sign-like",
    made: "A ± 0.5 σ, signs at random",
    draw: from((a, _, uniform) => a + (uniform() < 0.5 ? -0.5 : 0.5)),
    kinds: ["sign-like"],
    also: ["clip-artefact"],
    // A bandwidth of 1/4 does not tell ±0.35 apart.
    stored: { F8_E5M2: [] },
    modes: { abs: 2, signed: 2 },
  },
  {
    name: "Gaussian, small",
    made: "A + noise of 0.03 σ",
    draw: from((a, normal) => a + 0.03 * normal()),
    kinds: ["noise-like"],
    also: ["clip-artefact"],
    stored: { F8_E4M3: ["format-limited"], F8_E5M2: ["format-limited"] },
  },
  {
    name: "Gaussian, large",
    made: "A + noise of 0.5 σ",
    draw: from((a, normal) => a + 0.5 * normal()),
    kinds: ["noise-like"],
    also: ["clip-artefact"],
  },
  {
    name: "sparse",
    made: "one weight in ten gets noise of 0.1 σ",
    draw: from((a, normal, uniform) => (uniform() < 0.1 ? a + 0.1 * normal() : a)),
    kinds: ["sparse"],
    also: ["clip-artefact"],
    stored: { "F32 → BF16": ["format-limited"] },
  },
  {
    name: "tiny",
    made: "A + noise of 0.002 σ, about a quarter of a BF16 step",
    draw: from((a, normal) => a + 0.002 * normal()),
    kinds: ["noise-like"],
    stored: {
      BF16: ["format-limited"],
      "F32 → BF16": ["format-limited"],
      F8_E4M3: ["format-limited"],
      F8_E5M2: ["format-limited"],
    },
  },
  {
    name: "heavy",
    made: "A + 0.3 σ · noise of Student's t with 2 degrees of freedom",
    draw: from((a, normal, uniform) => a + (0.3 * normal()) / Math.sqrt(-Math.log(1 - uniform()))),
    kinds: ["clip-artefact"],
    also: ["noise-like"],
  },
  {
    name: "rescale of a part",
    made: "six weights in ten by 1.4, the others untouched",
    draw: from((a, _, uniform) => (uniform() < 0.6 ? 1.4 * a : a)),
    kinds: ["rescale", "sparse"],
    // Those untouched moved by the rounding of B.
    stored: { "F32 → BF16": ["rescale", "mixture"] },
    modes: folded,
  },
  {
    name: "mixture",
    made: "half of the weights by 1.4, the others by 1, both + noise of 0.03 σ",
    draw: from((a, normal, uniform) => (uniform() < 0.5 ? 1.4 : 1) * a + 0.03 * normal()),
    kinds: ["mixture"],
    also: ["clip-artefact"],
    // The weights by 1 are nearly all unchanged there, and no longer a group of their own.
    stored: { F8_E4M3: ["rescale", "sparse"], F8_E5M2: ["sparse"] },
    modes: { abs: 3, signed: 2 },
  },
  {
    name: "replaced",
    made: "B drawn anew",
    draw: from((_, normal) => normal()),
    kinds: ["replaced"],
    also: ["clip-artefact"],
  },
];

/** Laplace-distributed with standard deviation 1. */
const laplace = (uniform: () => number): number => {
  const u = uniform() - 0.5;
  return (-Math.sign(u) * Math.log(1 - 2 * Math.abs(u))) / Math.SQRT2;
};

/** Changes of one mode that one might take for another kind. Nothing about them may be called bimodal. */
export const CONTROLS: readonly PlantedChange[] = [
  {
    name: "shrunk a little, noisy",
    made: "0.95·A + noise of 0.15 σ, as published for q_proj",
    draw: from((a, normal) => 0.95 * a + 0.15 * normal()),
    kinds: [],
    also: ["clip-artefact"],
  },
  {
    name: "hardly rescaled",
    made: "1.02·A + noise of 0.03 σ",
    draw: from((a, normal) => 1.02 * a + 0.03 * normal()),
    kinds: [],
    also: ["clip-artefact", "noise-like"],
  },
  {
    name: "Laplace weights",
    made: "Laplace-distributed A + noise of 0.1 σ",
    draw: (seed) => {
      const { normal, uniform } = gaussian(seed);
      return { a: () => laplace(uniform), b: (a) => a + 0.1 * normal() };
    },
    kinds: [],
    also: ["clip-artefact", "noise-like"],
  },
  {
    name: "uniform weights",
    made: "A uniform + noise of 0.2 σ",
    draw: (seed) => {
      const { normal, uniform } = gaussian(seed);
      return { a: () => (2 * uniform() - 1) * Math.sqrt(3), b: (a) => a + 0.2 * normal() };
    },
    kinds: [],
    also: ["clip-artefact", "noise-like"],
  },
  {
    name: "relative noise",
    made: "A · (1 + noise of 0.1)",
    draw: from((a, normal) => a * (1 + 0.1 * normal())),
    kinds: [],
  },
  {
    name: "small equal steps",
    made: "A ± 0.01 σ, signs at random: modes closer than the bandwidth",
    draw: from((a, _, uniform) => a + (uniform() < 0.5 ? -0.01 : 0.01)),
    kinds: [],
    also: ["clip-artefact"],
    closeModes: true,
  },
  {
    name: "low rank",
    made: "A + 0.1 σ · a product of rank 4, as an adapter's",
    draw: (seed) => {
      const { normal } = gaussian(seed);
      const wide = Array.from({ length: 256 * 4 }, normal);
      let row = Array.from({ length: 4 }, normal);
      let column = -1;
      return {
        a: normal,
        b(a) {
          column = (column + 1) % 256;
          if (column === 0) row = row.map(normal);
          return a + 0.05 * row.reduce((sum, x, i) => sum + x * wide[4 * column + i], 0);
        },
      };
    },
    kinds: [],
    also: ["clip-artefact", "noise-like"],
  },
  {
    name: "one weight in three, a little",
    made: "a third of the weights get noise of 0.01 σ",
    draw: from((a, normal, uniform) => (uniform() < 1 / 3 ? a + 0.01 * normal() : a)),
    kinds: ["sparse"],
    also: ["clip-artefact"],
    stored: { "F32 → BF16": ["format-limited"] },
  },
];
