import { DTYPE_BITS } from "../safetensors/dtype.ts";
import type { MultipliedEncoding, StoredEncoding } from "./encoding.ts";
import type { View } from "./view.ts";

/**
 * The view k·A of a view A: the same bytes, each element, as float32, times `factor` and rounded once more. Throws a
 * RangeError for a view that an adapter computes, whose bytes are not its own.
 */
export function multipliedView(view: View, factor: number): View {
  if (view.update) throw new RangeError("A view that an adapter computes is not multiplied.");
  const { dtype } = view;
  const stored: StoredEncoding = {
    ...{ scheme: "stored", dtype, name: dtype },
    ...{ first: 0, bits: DTYPE_BITS[dtype], auxiliary: [] },
  };
  const of = view.encoding ?? stored;
  const { first, bits, auxiliary } = of;
  const encoding: MultipliedEncoding = {
    scheme: "multiplied",
    name: `k · ${of.name}`,
    of,
    factor,
    first,
    bits,
    auxiliary,
  };
  return { ...view, dtype: "F32", encoding };
}
