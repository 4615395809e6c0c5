import { useCallback } from "react";
import type { Section } from "../permalink/section.ts";
import { viewOf } from "../store/slice.ts";
import { useActions, useApp } from "./use-app.ts";

/** How an instrument is being looked at. */
export const useView = <View>(section: Section<View>): View => useApp((state) => viewOf(state, section));

/** Changes some of how an instrument is looked at; always the same function. */
export function useSetView<View extends object>(section: Section<View>): (patch: Partial<View>) => void {
  const actions = useActions();
  return useCallback((patch: Partial<View>) => actions.setView(section, patch), [actions, section]);
}
