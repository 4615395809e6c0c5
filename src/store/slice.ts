import type { Comparison } from "../comparing/comparison.ts";
import type { Section } from "../permalink/section.ts";
import { type Label, put, type Shelf, taken } from "../permalink/shelf.ts";
import type { Rank } from "../reading/segment-queue.ts";
import type { AppState } from "./app-state.ts";

/** What the store knows of an instrument: how it is looked at, and what it keeps besides, under its id. */
export interface Slice<View = unknown, Kept = unknown> extends Label<Kept> {
  readonly section: Section<View>;
  /** The view as far as this comparison can be looked at that way. */
  fit(view: View, comparison: Comparison): View;
  /** What the scan reads first while this instrument is open; null where it makes no difference. */
  readonly wants: Wants<View> | null;
}

export interface Wants<View> {
  /** What of the view it depends on. */
  of(view: View): readonly unknown[];
  rank(comparison: Comparison, view: View): Rank;
}

/** How an instrument is being looked at. */
export const viewOf = <View>({ views }: Pick<AppState, "views">, section: Section<View>): View => taken(views, section);

/** What an instrument keeps of the comparison besides. */
export const keptOf = <Kept>({ slices }: Pick<AppState, "slices">, label: Label<Kept>): Kept => taken(slices, label);

/** The state with some of what an instrument keeps changed. */
export const withKept = <Kept extends object>(
  state: Pick<AppState, "slices">,
  label: Label<Kept>,
  patch: Partial<Kept>,
): Pick<AppState, "slices"> => ({ slices: put(state.slices, label, { ...keptOf(state, label), ...patch }) });

/** Every instrument's view, as far as this comparison can be looked at that way. */
export const fitViews = (slices: readonly Slice[], views: Shelf, comparison: Comparison): Shelf =>
  slices.reduce((fitted, slice) => {
    const { section } = slice;
    return put(fitted, section, slice.fit(taken(fitted, section), comparison));
  }, views);

type Looked = Pick<AppState, "comparison" | "instrument" | "views">;

/** Whose wish counts: that of the open instrument, or of the first that has one. */
const wishing = (slices: readonly Slice[], { instrument }: Looked): Slice | undefined =>
  slices.find(({ id, wants }) => id === instrument && wants) ?? slices.find(({ wants }) => wants);

/** How soon each pair of the comparison is wanted. */
export function rankOf(slices: readonly Slice[], state: Looked): Rank {
  const slice = wishing(slices, state);
  const { comparison } = state;
  return slice?.wants && comparison ? slice.wants.rank(comparison, viewOf(state, slice.section)) : () => 0;
}

/** Whether other pairs are wanted first now than were before. */
export function wantsOthers(slices: readonly Slice[], before: Looked, now: Looked): boolean {
  const slice = wishing(slices, now);
  if (!slice?.wants || slice !== wishing(slices, before)) return slice?.wants != null;
  const old = slice.wants.of(viewOf(before, slice.section));
  return slice.wants.of(viewOf(now, slice.section)).some((part, i) => part !== old[i]);
}
