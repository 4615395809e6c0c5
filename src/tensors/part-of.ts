import { DTYPE_BITS } from "../safetensors/dtype.ts";
import { lastOf, type Order, rowMajor } from "./order.ts";
import type { View } from "./view.ts";

/** Which part of a view: whole rows, of the whole or of one entry of its first axis. Bounds count from 0; ends are left out. */
export interface Part {
  /** One entry of the first axis of a stack, such as one expert of many. */
  at?: number;
  rows?: readonly [begin: number, end: number];
}

/** Bits of the span that an element takes; null where elements do not lie there one behind the other. */
const bitsOf = ({ dtype, encoding }: View): number | null => (encoding ? encoding.bits : DTYPE_BITS[dtype]);

/** The span and encoding of `count` stored elements from `first` on, or null where they do not fill whole bytes. */
function cutOf(view: View, first: number, count: number): Pick<View, "span" | "encoding"> | null {
  const bits = bitsOf(view);
  if (bits === null || (first * bits) % 8 !== 0) return null;
  const begin = view.span.begin + (first * bits) / 8;
  const span = { begin, end: Math.min(view.span.end, begin + Math.ceil((count * bits) / 8)) };
  const { encoding } = view;
  return encoding ? { span, encoding: { ...encoding, first: encoding.first + first } } : { span };
}

/** A view whose span holds no more than its order names. */
export function narrowed(view: View): View {
  const { order } = view;
  if (!order || view.count === 0) return view;
  const cut = cutOf(view, order.offset, lastOf(order) + 1 - order.offset);
  return cut ? { ...view, ...cut, order: { ...order, offset: 0 } } : view;
}

/** A view as an order of what its span holds. */
export const orderOf = ({ order, shape }: View): Order =>
  order ?? { sizes: shape, strides: rowMajor(shape), offset: 0 };

/**
 * Rows of a view as a view of their own. Of a view that is read as it lies they lie in one piece, so nothing is copied or
 * rearranged. The name says which, as an index is written in Python: `qkv_proj.weight[0:4096]`, `gate_up_proj[3, 0:768]`.
 */
export function partOf(view: View, { at, rows }: Part): View {
  const inner = at === undefined ? view.shape : view.shape.slice(1);
  const [length = 1, ...row] = inner;
  const [begin, end] = rows ?? [0, length];
  if (begin < 0 || end > length || begin > end || (at !== undefined && (at < 0 || at >= (view.shape[0] ?? 0))))
    throw new RangeError(
      `${view.name} of shape [${view.shape.join(", ")}] has no part ${JSON.stringify({ at, rows })}.`,
    );
  const rowCount = row.reduce((product, size) => product * size, 1);
  const first = ((at ?? 0) * length + begin) * rowCount;
  const count = (end - begin) * rowCount;
  const index = [...(at === undefined ? [] : [`${at}`]), ...(rows ? [`${begin}:${end}`] : [])].join(", ");
  const name = index === "" ? view.name : `${view.name}[${index}]`;
  const part = { ...view, name, shape: [end - begin, ...row], count };
  const cut = view.order ? null : cutOf(view, first, count);
  if (cut) return { ...part, ...cut };
  const whole = orderOf(view);
  if (whole.sizes.length !== view.shape.length) throw new RangeError(`${view.name} is rearranged and has no parts.`);
  const [sizes, strides] =
    at === undefined ? [whole.sizes, whole.strides] : [whole.sizes.slice(1), whole.strides.slice(1)];
  const offset = whole.offset + (at ?? 0) * whole.strides[0] + begin * (strides[0] ?? 1);
  return narrowed({ ...part, order: { sizes: [end - begin, ...sizes.slice(1)], strides, offset } });
}
