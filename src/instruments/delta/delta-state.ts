import type { PairStats } from "../../kernels/pair-stats.ts";
import type { Label } from "../../permalink/shelf.ts";
import type { AppState } from "../../store/app-state.ts";
import { keptOf, viewOf } from "../../store/slice.ts";
import { DELTA_SECTION, type ViewState } from "./view-state.ts";

/** What the change of some cells is from k·A to B, where k·A is the multiple of A nearest to B: a rescale taken out. */
export interface RescaleOut {
  /** Key of the row whose cells these are. */
  row: string;
  /** By the key of a cell: its k, and the numbers of B against k·A; null until they are all read. */
  cells: ReadonlyMap<string, { k: number; stats: PairStats | null }>;
}

/** What this instrument keeps of a comparison besides how it is looked at. How what it reads is getting on, its jobs say. */
export interface DeltaKept {
  /** The tensor that the person asked to have read on its own. */
  closeLook: { pair: number } | null;
  /** What a second pass over some tensors is for, and what it has found. */
  rescaleOut: RescaleOut | null;
}

export const DELTA_KEPT: Label<DeltaKept> = { id: DELTA_SECTION.id, defaults: { closeLook: null, rescaleOut: null } };

/** The page's state, how it is looked at in this instrument, and what this one keeps. */
export interface DeltaState extends AppState, DeltaKept {
  readonly view: ViewState;
}

const made = new WeakMap<AppState, DeltaState>();

/** One object for each state, however many views ask. */
export function deltaStateOf(state: AppState): DeltaState {
  let own = made.get(state);
  if (!own) {
    own = { ...state, ...keptOf(state, DELTA_KEPT), view: viewOf(state, DELTA_SECTION) };
    made.set(state, own);
  }
  return own;
}
