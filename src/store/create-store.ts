import { createStore, type StoreApi } from "zustand/vanilla";
import { NO_RESULTS } from "../comparing/comparison.ts";
import type { Look } from "../permalink/link-format.ts";
import { EMPTY_SHELF } from "../permalink/shelf.ts";
import { NO_ACCESS } from "./access-state.ts";
import type { AppState, Operand } from "./app-state.ts";
import { DEFAULT_HUB } from "./hosts.ts";
import { readRecentPairs } from "./recent-pairs.ts";

export type AppStore = StoreApi<AppState>;

export const EMPTY_OPERAND: Readonly<Operand> = { text: "", error: null, label: null, revision: null };

export const NO_RENAME = { text: "", error: null, wanted: false } as const;

export const NO_ENGINE = { forced: null, chosen: null, reason: "", workers: 0 } as const;

/** The page's state at its beginning, looked at as an empty link has it. Changed by `actions.ts` alone. */
export function createAppStore({ instrument, page, present, views }: Look): AppStore {
  return createStore<AppState>(() => ({
    operands: { a: { ...EMPTY_OPERAND }, b: { ...EMPTY_OPERAND }, adapter: null },
    hub: DEFAULT_HUB,
    access: NO_ACCESS,
    jobs: [],
    hosts: [],
    comparison: null,
    results: NO_RESULTS,
    cost: null,
    openingRate: null,
    engine: NO_ENGINE,
    busy: null,
    rename: NO_RENAME,
    recent: readRecentPairs(),
    isOpen: false,
    exact: false,
    ...{ instrument, page, present, views },
    slices: EMPTY_SHELF,
    notices: [],
  }));
}
