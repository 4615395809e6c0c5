import { choice, sectionOf, text } from "../../permalink/section.ts";
import type { Slice } from "../slice.ts";

export interface SampleView {
  tint: "pale" | "deep";
  at: string | null;
  find: string;
}

export const SAMPLE_SECTION = sectionOf<SampleView>(
  "sample",
  { tint: choice(["pale", "deep"], "pale"), at: text(null), find: text("") },
  { undone: ["tint", "at"], typed: ["find"] },
);

/** For tests: an instrument that wants the pair first whose name it is at, and cannot be at one that is not there. */
export const SAMPLE: Slice<SampleView, readonly string[]> = {
  id: "sample",
  section: SAMPLE_SECTION,
  defaults: [],
  fit: (view, { pairs }) => ({ ...view, at: pairs.some(({ name }) => name === view.at) ? view.at : null }),
  wants: {
    of: ({ at }) => [at],
    rank:
      ({ pairs }, { at }) =>
      (pair) =>
        pairs[pair].name === at ? 0 : 1,
  },
};
