import { useCallback, useEffect, useMemo } from "react";
import { drawNormProfile } from "../../charts/norm-profile.ts";
import { Chart } from "../../components/chart.tsx";
import { HandOver } from "../../components/hand-over.tsx";
import panel from "../../components/panel.module.css";
import { bytesText, countText } from "../../components/quantity.ts";
import { Segments } from "../../components/segments.tsx";
import { useActions, useApp, useStore } from "../../components/use-app.ts";
import { useSetView, useView } from "../../components/use-view.ts";
import type { Pair } from "../../pairing/pair.ts";
import type { Profile } from "../../reading/folds/profile-fold.ts";
import { formatNumber } from "../../statistics/format-number.ts";
import { jobOf } from "../../store/job.ts";
import { keptOf } from "../../store/slice.ts";
import { storedType } from "../../tensors/view.ts";
import { chosenMatrix } from "./chosen-matrix.ts";
import { type Axis, headBoundaries } from "./head-boundaries.ts";
import { MatrixChoice } from "./matrix-choice.tsx";
import { axisPicture } from "./profile-picture.ts";
import { PROFILE_KEPT, READ_PROFILE } from "./profile-state.ts";
import { canReadProfile, profileBytes, READ_AT_ONCE, readProfile } from "./read-profile.ts";
import css from "./screen.module.css";
import { PROFILE_SECTION, type ProfileOrder } from "./view-state.ts";

const ORDERS: readonly { value: ProfileOrder; label: string }[] = [
  { value: "stored", label: "as they lie" },
  { value: "sorted", label: "sorted" },
];

/** Where in one matrix the change lies. */
export default function Screen() {
  const view = useView(PROFILE_SECTION);
  const setView = useSetView(PROFILE_SECTION);
  const comparison = useApp((state) => state.comparison);
  const results = useApp((state) => state.results);
  const kept = useApp((state) => keptOf(state, PROFILE_KEPT));
  const pair = comparison && chosenMatrix(comparison, results.list, view.matrix);
  if (!comparison || !pair)
    return (
      <section aria-label="Rows and columns">
        <h1>Rows and columns</h1>
        <p className="sub">
          {comparison?.b === null
            ? "One model alone has no change. Open a second one to see in which rows and columns of a matrix they differ."
            : "There is no matrix in this comparison whose rows and columns could be told apart."}
        </p>
      </section>
    );
  const profile = kept.found?.name === pair.name ? kept.found.profile : null;
  return (
    <div className={css.screen}>
      <section aria-label="Matrix">
        <div className={panel.head}>
          <div>
            <h1>
              {pair.place.layer === null ? "" : `Layer ${pair.place.layer} · `}
              {pair.place.module}
              {pair.place.expert === undefined ? "" : `, expert ${pair.place.expert}`}
            </h1>
            <p className="sub mono">
              {pair.name} [{pair.a.shape.join(", ")}] {storedType(pair.a)}
            </p>
          </div>
          <div className={panel.controls}>
            <MatrixChoice comparison={comparison} pair={pair} />
            <Segments
              label="Order of rows and columns"
              value={view.order}
              choices={ORDERS}
              onChange={(order) => setView({ order })}
            />
            <HandOver pair={pair} />
          </div>
        </div>
        <ReadingNote pair={pair} isRead={profile !== null} />
      </section>
      {profile && <AxisPanel pair={pair} profile={profile} axis="rows" order={view.order} />}
      {profile && <AxisPanel pair={pair} profile={profile} axis="columns" order={view.order} />}
    </div>
  );
}

/** Reads the matrix, at once where it is small; says how that goes, and what it would take. */
function ReadingNote({ pair, isRead }: { pair: Pair; isRead: boolean }) {
  const store = useStore();
  const { readings } = useActions();
  const isOffered = useApp(canReadProfile);
  const isOpen = useApp((state) => state.isOpen);
  const job = useApp((state) => jobOf(state, READ_PROFILE));
  const { a, b } = profileBytes(pair);
  const isSmall = a + b <= READ_AT_ONCE && !readings.savesData;
  const hasFailed = job?.status === "failed";
  useEffect(() => {
    if (isOffered && !isRead && isSmall && !hasFailed) readProfile(store, readings, pair);
  }, [isOffered, isRead, isSmall, hasFailed, store, readings, pair]);
  if (isRead) return null;
  if (!isOpen)
    return (
      <p className="sub">
        The norms of rows and columns are not in a saved comparison. Compare both models again to read this matrix.
      </p>
    );
  if (job?.status === "running")
    return (
      <p className="sub" role="status">
        Reading {bytesText(a + b)}…
      </p>
    );
  return (
    <>
      {job?.error && (
        <p className="error" role="alert">
          {job.error}
        </p>
      )}
      {isOffered ? (
        <button className="button" type="button" onClick={() => readProfile(store, readings, pair)}>
          Read this matrix once more ({bytesText(a + b)})
        </button>
      ) : (
        <p className="sub">This matrix is read once more when the scan is over ({bytesText(a + b)}).</p>
      )}
    </>
  );
}

interface AxisPanelProps {
  pair: Pair;
  profile: Profile;
  axis: Axis;
  order: ProfileOrder;
}

const NOUNS = { rows: "row", columns: "column" } as const;

function AxisPanel({ pair, profile, axis, order }: AxisPanelProps) {
  const { readings } = useActions();
  const noun = NOUNS[axis];
  const picture = useMemo(() => {
    const { length } = profile[axis].d;
    return axisPicture(profile, axis, order, headBoundaries(readings.config, pair.place.role, axis, length));
  }, [profile, axis, order, readings, pair]);
  const draw = useCallback(
    (root: SVGSVGElement, width: number) => {
      const isHeads = picture.heads.length > 0;
      drawNormProfile(root, picture, {
        width,
        height: 220,
        noun,
        xTitle:
          order === "sorted" ? `${noun}s, the one that moved most first` : isHeads ? `${noun}s by head` : `${noun}s`,
        format: formatNumber,
        nameOf: (position) => `${noun} ${countText(picture.numbers[position])}`,
      });
    },
    [picture, noun, order],
  );
  return (
    <section aria-label={axis === "rows" ? "Rows" : "Columns"}>
      <h2>{picture.headline}</h2>
      <p className="sub">
        ‖Δ‖ of every {noun}. {picture.control}.
      </p>
      <Chart draw={draw} />
      {profile.nonFinite > 0 && (
        <p className="sub">{countText(profile.nonFinite)} elements are not finite and are left out.</p>
      )}
    </section>
  );
}
