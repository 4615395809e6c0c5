import { addDeltas } from "../kernels/low-rank/compare-deltas.ts";
import type { DeltaSums } from "../kernels/low-rank/delta-sums.ts";
import type { Adapted } from "../kernels/low-rank/low-rank-factors.ts";
import { lowRankNorm } from "../kernels/low-rank/low-rank-norm.ts";
import { emptyPairStats, type PairStats } from "../kernels/pair-stats.ts";
import type { Multiplier } from "../kernels/wasm/low-rank-multiplier.ts";
import { decode } from "../safetensors/decode.ts";
import { DTYPE_BITS } from "../safetensors/dtype.ts";
import type { LowRankUpdate } from "../tensors/low-rank-update.ts";
import { arrangeUpdate } from "./arrange-update.ts";
import { fillAdapted } from "./fill-adapted.ts";
import { type AuxiliaryBytes, sized } from "./side-reader.ts";
import type { ComputedSide, RunSegment } from "./worker-contract.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The side of a run that an adapter's updates give. Each is made ready once for all neighbouring segments of its tensor. */
export class UpdateSide {
  readonly #read: AuxiliaryBytes | null;
  readonly #multiplier: Multiplier | null;
  #update: LowRankUpdate | null = null;
  #adapted: Adapted | null = null;

  /** `read` holds the tensors of all updates of the run; `multiplier` makes their products fast. */
  constructor(read: AuxiliaryBytes | null, multiplier: Multiplier | null) {
    this.#read = read;
    this.#multiplier = multiplier;
  }

  #adaptedFor(side: ComputedSide): Adapted {
    const { update } = side;
    if (this.#adapted && this.#update === update) return this.#adapted;
    if (!this.#read) throw new RangeError(`Nothing was read for ${update.name}.`);
    const numbers = this.#read.valuesOf(side).map(({ values }) => values);
    const adapted = arrangeUpdate(update, numbers);
    const factors = this.#multiplier?.(adapted.factors) ?? adapted.factors;
    [this.#update, this.#adapted] = [update, { ...adapted, factors }];
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

  /** Adds elements `from` to `from + count` to the sums of both changes: the update's to A, and B's. */
  addDeltas(
    sums: DeltaSums,
    { dtypeA, dtypeB }: RunSegment,
    side: ComputedSide,
    { a, b }: { a: Bytes; b: Bytes },
    from: number,
    count: number,
  ): void {
    const [base, tuned] = [decode(dtypeA, a, count), decode(dtypeB, b, count)];
    addDeltas(sums, this.#adaptedFor(side), base, tuned, side.from + from);
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
