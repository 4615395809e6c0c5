import type { Adapted } from "../kernels/low-rank/low-rank-factors.ts";
import type { Multiplier } from "../kernels/wasm/low-rank-multiplier.ts";
import type { Side } from "../pairing/pair.ts";
import { DTYPE_BITS } from "../safetensors/dtype.ts";
import type { LowRankUpdate } from "../tensors/low-rank-update.ts";
import { arrangeUpdate } from "./arrange-update.ts";
import { fillAdapted } from "./fill-adapted.ts";
import type { Segment } from "./segment.ts";
import { type AuxiliaryBytes, sized } from "./side-reader.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** The side of a run that an adapter's updates give. Each is made ready once for all neighbouring segments of its tensor. */
export class UpdateSide {
  readonly #side: Side;
  readonly #read: AuxiliaryBytes | null;
  readonly #multiplier: Multiplier | null;
  #update: LowRankUpdate | null = null;
  #adapted: Adapted | null = null;

  /** `read` holds the tensors of all updates of the run; `multiplier` makes their products fast. */
  constructor(side: Side, read: AuxiliaryBytes | null, multiplier: Multiplier | null) {
    this.#side = side;
    this.#read = read;
    this.#multiplier = multiplier;
  }

  /** What the update of a segment makes of the base's weights. Throws a RangeError where it has none, or nothing was read. */
  adapted(segment: Segment): Adapted {
    const own = segment[this.#side];
    if (!own?.update) throw new RangeError(`Side ${this.#side} of the segment is not computed.`);
    const { update } = own;
    if (this.#adapted && this.#update === update) return this.#adapted;
    if (!this.#read) throw new RangeError(`Nothing was read for ${update.name}.`);
    const numbers = this.#read.valuesOf(own).map(({ values }) => values);
    const adapted = arrangeUpdate(update, numbers);
    const factors = this.#multiplier?.(adapted.factors) ?? adapted.factors;
    [this.#update, this.#adapted] = [update, { ...adapted, factors }];
    return this.#adapted;
  }

  /** Elements `from` to `from + count` of the segment's B out of `a`, the same ones of A; in `buffer` or a larger one. */
  fill(segment: Segment, a: Bytes, from: number, count: number, buffer: Bytes): Bytes {
    const dtype = (segment[this.#side] ?? segment.a).dtype;
    const into = sized(buffer, (count * DTYPE_BITS[dtype]) / 8);
    fillAdapted(into, { dtype: segment.a.dtype, bytes: a }, this.adapted(segment), segment.from + from, count);
    return into;
  }
}
