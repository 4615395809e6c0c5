import type { AppState } from "../../store/app-state.ts";
import { viewOf } from "../../store/slice.ts";
import { DELTA_SECTION, type ViewState } from "./view-state.ts";

/** The page's state, and how it is looked at in this instrument. */
export type DeltaState = AppState & { readonly view: ViewState };

const made = new WeakMap<AppState, DeltaState>();

/** One object for each state, however many views ask. */
export function deltaStateOf(state: AppState): DeltaState {
  let own = made.get(state);
  if (!own) {
    own = { ...state, view: viewOf(state, DELTA_SECTION) };
    made.set(state, own);
  }
  return own;
}
