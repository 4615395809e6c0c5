import { comparisonFile } from "../../comparing/comparison-file.ts";
import type { Instrument } from "../../components/instrument.ts";
import { viewFor } from "./fit-view.ts";
import { rankOf } from "./priorities.ts";
import { DELTA_SECTION, type ViewState } from "./view-state.ts";

/** How far the weights of every module moved, how the change is distributed, and what kind of change it is. */
export const DELTA: Instrument<ViewState, null> = {
  id: DELTA_SECTION.id,
  title: "Delta",
  section: DELTA_SECTION,
  defaults: null,
  fit: viewFor,
  wants: {
    of: ({ group, module, cell, experts }) => [group, module, cell, experts],
    rank: (comparison, view) => rankOf({ comparison, view }),
  },
  jobs: ["close-look", "rescale-out"],
  screen: () => import("./screen.tsx"),
  result: ({ comparison, results, engine }) => comparison && comparisonFile(comparison, results.list, engine.chosen),
};
