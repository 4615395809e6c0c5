import { adaptedDtype, type LowRankUpdate, shapeOfUpdate } from "../tensors/low-rank-update.ts";
import type { View } from "../tensors/view.ts";

/** No bytes of a file are its own. */
const NOWHERE = { begin: 0, end: 0 } as const;

/** What an update makes of a base's view: the same shape, computed element by element from the base's. */
export function adaptedView({ dtype, shape, count }: View, update: LowRankUpdate): View {
  const { name, a } = update;
  return { name, dtype: adaptedDtype(dtype), shape, count, file: a.file, span: NOWHERE, update };
}

/** An update by itself, without a base: ΔW. */
export function updateView(update: LowRankUpdate, name: string): View {
  const shape = shapeOfUpdate(update);
  const count = shape.reduce((product, size) => product * size, 1);
  return { name, dtype: update.a.tensor.dtype, shape, count, file: update.a.file, span: NOWHERE, update };
}
