import { emptyPairStats, type PairStats } from "../kernels/pair-stats.ts";
import { DTYPE_BITS } from "../safetensors/dtype.ts";
import { adaptedBy } from "../tensors/adapter/adapted-by.ts";
import { type Adapted, fillAdapted } from "../tensors/adapter/fill-adapted.ts";
import { lowRankNorm } from "../tensors/adapter/low-rank-norm.ts";
import type { LowRankUpdate } from "../tensors/adapter/low-rank-update.ts";
import { type AuxiliaryBytes, sized } from "./side-reader.ts";
import type { ComputedSide, RunSegment } from "./worker-contract.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The side of a run that an adapter's updates give. Each is made ready once for all neighbouring segments of its tensor. */
export class UpdateSide {
  readonly #read: AuxiliaryBytes | null;
  #update: LowRankUpdate | null = null;
  #adapted: Adapted | null = null;

  /** `read` holds the tensors of all updates of the run. */
  constructor(read: AuxiliaryBytes | null) {
    this.#read = read;
  }

  #adaptedFor(side: ComputedSide): Adapted {
    const { update } = side;
    if (this.#adapted && this.#update === update) return this.#adapted;
    if (!this.#read) throw new RangeError(`Nothing was read for ${update.name}.`);
    const numbers = this.#read.valuesOf(side).map(({ values }) => values);
    [this.#update, this.#adapted] = [update, adaptedBy(update, numbers)];
    return this.#adapted;
  }

  /** Elements `from` to `from + count` of B out of `a`, the same ones of A; in `buffer` or a larger one. */
  fill(
    { dtypeA, dtypeB }: RunSegment,
    side: ComputedSide,
    a: Bytes,
    from: number,
    count: number,
    buffer: Bytes,
  ): Bytes {
    const into = sized(buffer, (count * DTYPE_BITS[dtypeB]) / 8);
    fillAdapted(into, { dtype: dtypeA, bytes: a }, this.#adaptedFor(side), side.from + from, count);
    return into;
  }

  /** The numbers of ΔW by itself: its norm stands where that of a model alone does, and nothing else is known. */
  alone({ count }: RunSegment, side: ComputedSide): PairStats {
    const norm = lowRankNorm(this.#adaptedFor(side).factors);
    const stats = emptyPairStats();
    stats.count = count;
    if (Number.isFinite(norm)) stats.sumA2 = norm * norm;
    else stats.nonFinite = count;
    return stats;
  }
}
