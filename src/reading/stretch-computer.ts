import type { Engine, EngineName, Stretch } from "../kernels/engine.ts";
import { withReferenceFor64 } from "../kernels/pair-engine.ts";
import type { PairStats } from "../kernels/pair-stats.ts";
import type { Multiplier } from "../kernels/wasm/low-rank-multiplier.ts";

/** The numbers of a stretch, and its buffers back. */
export interface Computed {
  stats: PairStats;
  a: Uint8Array<ArrayBuffer>;
  b: Uint8Array<ArrayBuffer>;
}

/** Computes a stretch. Takes the two buffers and gives them (or equals) back with the numbers. */
export interface StretchComputer {
  engineFor(stretch: Pick<Stretch, "dtypeA" | "dtypeB">): EngineName;
  /** What makes an adapter's products fast, where there is something. */
  multiplier?(): Promise<Multiplier | null>;
  compute(stretch: Stretch & { a: Uint8Array<ArrayBuffer>; b: Uint8Array<ArrayBuffer> }): Promise<Computed> | Computed;
}

/** Computes in this thread; F64 and integers on the reference engine. */
export function localComputer(engine: Engine, reference: Engine): StretchComputer {
  const both = withReferenceFor64(engine, reference);
  return {
    engineFor: (segment) => both.engineFor(segment),
    async compute(stretch) {
      return { stats: await both.pairStats(stretch), a: stretch.a, b: stretch.b };
    },
  };
}
