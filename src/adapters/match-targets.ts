import { type LowRankUpdate, shapeOfUpdate } from "../tensors/low-rank-update.ts";
import type { View } from "../tensors/view.ts";
import { BaseNames } from "./base-names.ts";
import type { Adapter, Replacement } from "./read-adapter.ts";

export interface MatchedAdapter {
  /** Each update with the view of the base that it changes; `update.transposed` is as that view's shape asks. */
  updates: { view: View; update: LowRankUpdate }[];
  /** Each replaced view of the base with the one of the adapter that stands for it; `replacement.file` is the adapter's. */
  replaced: { view: View; replacement: View }[];
  /** What could not be placed, by the adapter's name for it, and why. */
  unmatched: { name: string; reason: string }[];
}

const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;

/** A shape without the ones at its end: a 1 × 1 convolution is a matrix. */
function essential(shape: readonly number[]): string {
  let length = shape.length;
  while (length > 2 && shape[length - 1] === 1) length--;
  return shape.slice(0, length).join();
}

const fits = (view: View, shape: readonly number[]): boolean =>
  view.unshaped
    ? view.count === shape.reduce((product, size) => product * size, 1)
    : essential(view.shape) === essential(shape);

/**
 * Finds the view of the base that each update and each replacement is for, by exact name first, then without the words that
 * only say how a model was saved. Everything that finds none, or one of another shape, is in `unmatched`.
 */
export function matchTargets(adapter: Pick<Adapter, "updates" | "replaced">, base: readonly View[]): MatchedAdapter {
  const names = new BaseNames(base);
  const matched: MatchedAdapter = { updates: [], replaced: [], unmatched: [] };
  const taken = new Set<View>();
  const place = (name: string, found: View | string, accept: (view: View) => string | null) => {
    const reason = typeof found === "string" ? found : taken.has(found) ? twice(found) : accept(found);
    if (typeof found !== "string" && reason === null) taken.add(found);
    if (reason !== null) matched.unmatched.push({ name, reason });
  };
  for (const update of adapter.updates) {
    place(update.name, names.find(update.target), (view) => {
      const settled = settle(update, view);
      if (typeof settled === "string") return settled;
      matched.updates.push({ view, update: settled });
      return null;
    });
  }
  for (const replacement of adapter.replaced) {
    place(replacement.name, names.find({ kind: "named", names: replacement.names }), (view) => {
      const { shape } = replacement.stored.tensor;
      if (!fits(view, shape))
        return `The adapter's tensor of shape ${shapeText(shape)} is to replace ${view.name}, which has the shape ${shapeText(view.shape)} in the base.`;
      matched.replaced.push({ view, replacement: viewOf(replacement, view) });
      return null;
    });
  }
  return matched;
}

const twice = (view: View): string =>
  `Another part of the adapter is for ${view.name} of the base already, and a second one is not added to it.`;

/** The update turned as the view's shape asks, or why it cannot be added to it. */
function settle(update: LowRankUpdate, view: View): LowRankUpdate | string {
  // Where a family is known to store the inputs first, a square weight is turned whatever the configuration says: PEFT too
  // goes by the class of the module.
  const likely = view.inputMajor && update.kernel.length === 0 ? { ...update, transposed: true } : update;
  const turned = [likely, { ...likely, transposed: !likely.transposed }];
  const fitting = turned.find(
    (each) => fits(view, shapeOfUpdate(each)) && (each.kernel.length === 0 || !each.transposed),
  );
  if (!fitting)
    return `The update has the shape ${shapeText(shapeOfUpdate(update))}, but ${view.name} of the base has ${shapeText(view.shape)}. The adapter belongs to another model, or to this one in another size.`;
  if (fitting.magnitude && fitting.transposed)
    return `The update is a DoRA over the columns of ${view.name} as it is stored, which is not computed here.`;
  return fitting;
}

function viewOf({ stored }: Replacement, { name, shape, count }: View): View {
  return { name, dtype: stored.tensor.dtype, shape, count, file: stored.file, span: stored.tensor.span };
}
