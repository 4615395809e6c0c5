import { type LowRankUpdate, shapeOfUpdate } from "../tensors/low-rank-update.ts";
import { transposed } from "../tensors/rearranged.ts";
import type { View } from "../tensors/view.ts";
import { BaseNames } from "./base-names.ts";

const isOf = ({ shape }: View, wanted: readonly number[]): boolean => shape.join() === wanted.join();

/** Whether the outputs of a DoRA's weight are the columns of the view: by its family, or else by shape and configuration. */
function liesByColumns(update: LowRankUpdate, view: View): boolean {
  const [byRows, byColumns] = [false, true].map((turned) => shapeOfUpdate({ ...update, transposed: turned }));
  if (update.kernel.length > 0 || view.order || !isOf(view, byColumns)) return false;
  return !isOf(view, byRows) || view.inputMajor === true || update.transposed;
}

/**
 * Updates and a base's views, as far as DoRA goes the same way round: a DoRA scales each output by its norm, and where outputs
 * are columns (GPT-2's Conv1D, `fan_in_fan_out`), the view is turned so that they are rows. It keeps its name. Views that
 * cannot be read in that order (`fits`) stay as they are.
 */
export function turnedForDora(
  updates: readonly LowRankUpdate[],
  views: readonly View[],
  fits: (view: View) => boolean,
): { updates: LowRankUpdate[]; views: View[] } {
  const turned = new Map<View, View>();
  const names = updates.some(({ magnitude }) => magnitude) ? new BaseNames(views) : null;
  const settled = updates.map((update) => {
    const view = update.magnitude && names?.find(update.target);
    if (!view || typeof view === "string" || !liesByColumns(update, view)) return update;
    const other = transposed(view);
    if (!other || !fits(other)) return update;
    turned.set(view, { ...other, name: view.name });
    return { ...update, transposed: false };
  });
  return { updates: settled, views: views.map((view) => turned.get(view) ?? view) };
}
