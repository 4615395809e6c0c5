import { useApp } from "../../components/use-app.ts";
import { useSetView } from "../../components/use-view.ts";
import { type DeltaState, deltaStateOf } from "./delta-state.ts";
import { DELTA_SECTION } from "./view-state.ts";

/** A part of the page's state or of this instrument's view. `select` must return stable values. */
export const useDelta = <Part>(select: (state: DeltaState) => Part): Part =>
  useApp((state) => select(deltaStateOf(state)));

/** Changes how this instrument is looked at; always the same function. */
export const useSetDelta = () => useSetView(DELTA_SECTION);
