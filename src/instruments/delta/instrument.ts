import { comparisonFile } from "../../comparing/file/comparison-file.ts";
import type { Instrument } from "../../components/instrument.ts";
import { DELTA_KEPT, type DeltaKept } from "./delta-state.ts";
import { viewFor } from "./fit-view.ts";
import { CLOSE_LOOK, RESCALE_OUT } from "./job-kinds.ts";
import { rankOf } from "./priorities.ts";
import { DELTA_SECTION, type ViewState } from "./view-state.ts";

/** How far the weights of every module moved, how the change is distributed, and what kind of change it is. */
export const DELTA: Instrument<ViewState, DeltaKept> = {
  id: DELTA_SECTION.id,
  title: "Delta",
  section: DELTA_SECTION,
  defaults: DELTA_KEPT.defaults,
  fit: viewFor,
  wants: {
    of: ({ group, module, cell, experts }) => [group, module, cell, experts],
    rank: (comparison, view) => rankOf({ comparison, view }),
  },
  jobs: [CLOSE_LOOK, RESCALE_OUT],
  screen: () => import("./screen.tsx"),
  takes: {
    label: "Show in Delta",
    fits: () => true,
    view: (view, { name }) => ({ ...view, cell: name }),
  },
  result: ({ comparison, results, engine }) => comparison && comparisonFile(comparison, results.list, engine.chosen),
};
