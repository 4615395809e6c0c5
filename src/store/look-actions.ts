import type { Look, Page } from "../permalink/link-format.ts";
import type { Section } from "../permalink/section.ts";
import { put, type Shelf } from "../permalink/shelf.ts";
import type { Course } from "./course.ts";
import type { AppStore } from "./create-store.ts";
import type { Environment } from "./opening.ts";
import { rankOf, viewOf, wantsOthers } from "./slice.ts";

/** What is looked at, and how: the page, the instrument, its view. Nothing of it is computed or read anew. */
export function createLookActions(store: AppStore, { instruments }: Environment, course: Course) {
  /** What is looked at is read first. */
  const look = (patch: Partial<Look>) => {
    const before = store.getState();
    store.setState(patch);
    const now = store.getState();
    if (wantsOthers(instruments, before, now)) course.prioritise(rankOf(instruments, now));
  };

  return {
    /** All of it at once, as a link has it. */
    lookAt: ({ instrument, page, present, views }: Look): void => look({ instrument, page, present, views }),

    turnTo: (page: Page): void => look({ page }),

    /** Opens an instrument on the main page, looking as `views` say. */
    openInstrument: (instrument: string, views: Shelf = store.getState().views): void =>
      look({ instrument, page: "main", views }),

    /** Goes on a stage with the main page, or leaves it. */
    setPresent: (present: boolean): void => look({ present, page: "main" }),

    /** Changes how one instrument is looked at. */
    setView<View extends object>(section: Section<View>, patch: Partial<View>): void {
      const state = store.getState();
      look({ views: put(state.views, section, { ...viewOf(state, section), ...patch }) });
    },
  };
}
