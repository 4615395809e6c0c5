import type { View } from "./view.ts";

/** Partial sums are cut at multiples of so many elements (PairStats), and so are pieces. */
const STEP = 2048;
/** Shorter pieces are not worth a request each: the whole view is read at once instead. */
const SHORTEST = 64 * STEP;

/**
 * How long the pieces are, in elements, of a view with an order whose elements lie one behind the other in pieces of equal
 * length, such as the rows of q of every head: each can be read as it lies, in a stream. Null where the elements lie otherwise,
 * or in pieces that are short, or cut at odd places.
 */
export function pieceLength({ order, encoding }: Pick<View, "order" | "encoding">): number | null {
  if (order?.sizes.length !== 2 || encoding?.bits === null) return null;
  const [[, length], [stride, step], { offset }] = [order.sizes, order.strides, order];
  // Eight elements fill whole bytes, whatever their width.
  const even = length % STEP === 0 && stride % 8 === 0 && offset % 8 === 0;
  return step === 1 && stride >= length && even && length >= SHORTEST ? length : null;
}

/** Where element `from` of such a view lies among the elements of its span. */
export function placeInPieces({ order }: Pick<View, "order">, from: number): number {
  if (!order) return from;
  const [, length] = order.sizes;
  const piece = Math.floor(from / length);
  return order.offset + piece * order.strides[0] + (from - piece * length);
}
