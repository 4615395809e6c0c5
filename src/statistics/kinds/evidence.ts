import type { PairStats } from "../../kernels/pair-stats.ts";
import type { DerivedNumbers } from "../derive.ts";
import type { DistributionShape } from "../distribution-shape.ts";
import type { Lattice } from "../lattice.ts";
import type { PairNumbers } from "../pair-numbers.ts";

/** All that a kind of change is told from. */
export interface Evidence {
  stats: PairStats | PairNumbers;
  /** `derive(stats)` */
  numbers: DerivedNumbers;
  lattice: Lattice | null;
  /**
   * The shape over |a| and over a with what lies beyond ±1 left out, and over |a| with it piled up at the ends. Null where
   * the histograms were not kept, and where too little changed or the format is too coarse for a shape.
   */
  shapes: { abs: DistributionShape; signed: DistributionShape; piled: DistributionShape } | null;
}

/** A kind of change that holds: the numbers it was told from, and a whole sentence that claims no more than they say. */
export interface FindingOf<Kind extends string, Numbers> {
  kind: Kind;
  numbers: Readonly<Numbers>;
  sentence: string;
}

/** Below this many elements cosines and shares of ‖Δ‖² say little: with one element a rescale explains all of it. */
export const FEW_ELEMENTS = 64;

export const elementsOf = ({ stats }: Pick<Evidence, "stats">): number => stats.count - stats.nonFinite;
