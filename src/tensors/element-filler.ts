import { DTYPE_BITS, type Dtype } from "../safetensors/dtype.ts";
import { decoderOf } from "./decoders/decoder-of.ts";
import type { AuxiliaryValues, Encoding, Packed } from "./encoding.ts";
import { forEachStretch, type Order, type Stretch } from "./order.ts";

/** How a view's elements, of type `dtype`, lie in what is read for it: encoded, in another order, or both. */
export interface ElementLayout {
  dtype: Dtype;
  encoding?: Encoding;
  order?: Order;
}

/**
 * Fills `into`, whose bytes begin at a multiple of 4, with elements `from` to `from + count` of a view. `packed` holds the
 * stored elements from its `first` on: those at least, or, of a view with an order, all that its span has.
 */
export type ElementFiller = (packed: Packed, from: number, count: number, into: Uint8Array<ArrayBuffer>) => void;

const ARRAYS = { 8: Uint8Array, 16: Uint16Array, 32: Uint32Array, 64: BigUint64Array } as const;

/** Moves elements as they are, whatever they mean. */
function mover(width: keyof typeof ARRAYS, { bytes }: Packed, into: Uint8Array<ArrayBuffer>): Stretch {
  const step8 = width / 8;
  const whole = bytes.byteOffset % step8 === 0 ? bytes : bytes.slice();
  const source = new ARRAYS[width](whole.buffer as ArrayBuffer, whole.byteOffset, Math.floor(whole.byteLength / step8));
  const target = new ARRAYS[width](into.buffer, into.byteOffset, Math.floor(into.byteLength / step8));
  return (stored, stride, count, at, step) => {
    for (let i = 0; i < count; i++) target[at + i * step] = source[stored + i * stride];
  };
}

/** What fills chunks of a view; `auxiliary` is that of all elements that it is asked for. */
export function elementFiller(layout: ElementLayout, auxiliary: readonly AuxiliaryValues[]): ElementFiller {
  const { dtype, encoding, order } = layout;
  if (!encoding) {
    if (!order) throw new RangeError("A view that lies as it is is read as it is.");
    return (packed, from, count, into) =>
      forEachStretch(order, from, count, mover(DTYPE_BITS[dtype] as keyof typeof ARRAYS, packed, into));
  }
  const decode = decoderOf(encoding, auxiliary);
  return (packed, from, count, into) => {
    const out = new Float32Array(into.buffer, into.byteOffset, count);
    if (!order) return decode(packed, encoding.first + from, count, out, 0, 1);
    forEachStretch(order, from, count, (stored, stride, length, at, step) => {
      if (stride === 1) return decode(packed, encoding.first + stored, length, out, at, step);
      for (let i = 0; i < length; i++) decode(packed, encoding.first + stored + i * stride, 1, out, at + i * step, 1);
    });
  };
}
