import { pairNamed } from "../../comparing/grid.ts";
import type { Instrument } from "../../components/instrument.ts";
import { keptOf } from "../../store/slice.ts";
import { isProfiled, PROFILE_KEPT, type ProfileKept, READ_PROFILE } from "./profile-state.ts";
import { PROFILE_SECTION, type ProfileView } from "./view-state.ts";

/** Where in a matrix its change lies: the norm of every row and of every column of Δ. */
export const PROFILE: Instrument<ProfileView, ProfileKept> = {
  id: PROFILE_SECTION.id,
  title: "Rows and columns",
  section: PROFILE_SECTION,
  defaults: PROFILE_KEPT.defaults,
  fit(view, { pairs }) {
    const named = view.matrix === null ? undefined : pairNamed(pairs, view.matrix);
    return { ...view, matrix: named && isProfiled(named) ? view.matrix : null };
  },
  wants: null,
  jobs: [READ_PROFILE],
  takes: {
    label: "Rows and columns",
    fits: isProfiled,
    view: (view, { name }) => ({ ...view, matrix: name }),
  },
  screen: () => import("./screen.tsx"),
  result(state) {
    const { found } = keptOf(state, PROFILE_KEPT);
    if (!found) return null;
    const { rows, columns, nonFinite } = found.profile;
    const plain = (norms: typeof rows) => ({ a: [...norms.a], b: [...norms.b], d: [...norms.d] });
    return { matrix: found.name, rows: plain(rows), columns: plain(columns), nonFinite };
  },
};
