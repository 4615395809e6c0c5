import { useEffect, useRef } from "react";
import { RenameField } from "../components/rename-field.tsx";
import { useApp } from "../components/use-app.ts";
import { phaseOf } from "../store/phase.ts";
import { shownPage } from "../store/shown-page.ts";
import css from "./app.module.css";
import { DropTarget } from "./drop-target.tsx";
import { HeaderBar } from "./header-bar.tsx";
import { InstrumentTabs, PANEL_ID, tabId } from "./instrument-tabs.tsx";
import { INSTRUMENTS } from "./instruments.ts";
import { shownScreen, useScreen } from "./load-screen.ts";
import notices from "./notices.module.css";
import { Notices } from "./notices.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { Welcome } from "./welcome.tsx";

/** The whole page. */
export function App() {
  const page = useApp(shownPage);
  const isMain = page === "main";
  const welcome = useApp((state) => state.comparison === null && ["empty", "failed"].includes(phaseOf(state).status));
  const { Screen, failed } = useScreen(useApp(shownScreen));
  const unlike = useApp((state) => state.comparison === null && state.rename.wanted);
  // There from the beginning, so that nothing moves down when the numbers come; one alone needs no tabs.
  const hasTabs =
    useApp((state) => state.comparison !== null || phaseOf(state).status === "opening") &&
    isMain &&
    INSTRUMENTS.length > 1;
  const instrument = useApp((state) => state.instrument);
  const present = useApp((state) => state.present);
  const main = useRef<HTMLElement>(null);
  const last = useRef(page);
  useEffect(() => {
    if (last.current === page) return;
    last.current = page;
    // Another page begins at its beginning, for a screen reader too.
    main.current?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [page]);
  return (
    <div
      className={css.page}
      data-present={(isMain && present) || undefined}
      data-page={page}
      data-tabs={hasTabs || undefined}
    >
      <button className="skip-link" type="button" onClick={() => main.current?.focus()}>
        {isMain ? "To the picture" : "To the text"}
      </button>
      <HeaderBar />
      {hasTabs && <InstrumentTabs instruments={INSTRUMENTS} />}
      <ProgressBar />
      <Notices />
      <main id="main" className={css.main} tabIndex={-1} ref={main}>
        {isMain && unlike && (
          <section className={css.unlike} aria-label="Names that differ">
            <p>Is it one architecture under other names? Then say how the names of B are to be read.</p>
            <RenameField />
          </section>
        )}
        {isMain && welcome && <Welcome />}
        {hasTabs ? (
          <div id={PANEL_ID} role="tabpanel" aria-labelledby={tabId(instrument)}>
            {Screen && <Screen />}
          </div>
        ) : (
          Screen && <Screen />
        )}
        {!Screen && failed && (
          <p className={`${notices.notice} error`} role="alert">
            The {isMain ? "pictures" : "page"} could not be loaded. Check the network, then reload the page.
          </p>
        )}
      </main>
      <DropTarget />
    </div>
  );
}
