import { createContext, useContext, useSyncExternalStore } from "react";
import type { Actions } from "../store/actions.ts";
import type { AppState } from "../store/app-state.ts";
import type { AppStore } from "../store/create-store.ts";
import type { Instrument } from "./instrument.ts";

export interface App {
  /** All that the page has, in the order of their tabs. */
  instruments: readonly Instrument[];
  store: AppStore;
  actions: Actions;
}

export const AppContext = createContext<App | null>(null);

function useContextOrThrow(): App {
  const app = useContext(AppContext);
  if (!app) throw new Error("A view stands outside of AppContext.");
  return app;
}

/** A part of the page's state; the view draws again when it is no longer the same. `select` must return stable values. */
export function useApp<Part>(select: (state: AppState) => Part): Part {
  const { store } = useContextOrThrow();
  return useSyncExternalStore(store.subscribe, () => select(store.getState()));
}

/** What the page can be asked to do. */
export const useActions = (): Actions => useContextOrThrow().actions;

/** The instruments of the page: a view knows others than its own by these alone. */
export const useInstruments = (): readonly Instrument[] => useContextOrThrow().instruments;

/** The store itself, for what is read once and not drawn. */
export const useStore = (): AppStore => useContextOrThrow().store;
