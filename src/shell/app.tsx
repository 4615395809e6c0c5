import { useEffect, useRef } from "react";
import { RenameField } from "../components/rename-field.tsx";
import { useApp } from "../components/use-app.ts";
import { phaseOf } from "../store/phase.ts";
import { shownPage } from "../store/shown-page.ts";
import { DropTarget } from "./drop-target.tsx";
import { HeaderBar } from "./header-bar.tsx";
import { useScreen } from "./load-screen.ts";
import { Notices } from "./notices.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { Welcome } from "./welcome.tsx";

/** The whole page. */
export function App() {
  const page = useApp(shownPage);
  const isMain = page === "main";
  const empty = useApp((state) => state.comparison === null);
  const welcome = useApp((state) => state.comparison === null && ["empty", "failed"].includes(phaseOf(state).status));
  const { Screen, failed } = useScreen(isMain && empty ? null : page);
  const unlike = useApp((state) => state.comparison === null && state.rename.wanted);
  const present = useApp((state) => state.view.present);
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
    <div className="page" data-present={(isMain && present) || undefined} data-page={page}>
      <button className="skip-link" type="button" onClick={() => main.current?.focus()}>
        {isMain ? "To the picture" : "To the text"}
      </button>
      <HeaderBar />
      <ProgressBar />
      <Notices />
      <main id="main" tabIndex={-1} ref={main}>
        {isMain && unlike && (
          <section className="unlike" aria-label="Names that differ">
            <p>Is it one architecture under other names? Then say how the names of B are to be read.</p>
            <RenameField />
          </section>
        )}
        {isMain && welcome && <Welcome />}
        {Screen && <Screen />}
        {!Screen && failed && (
          <p className="notice error" role="alert">
            The {isMain ? "pictures" : "page"} could not be loaded. Check the network, then reload the page.
          </p>
        )}
      </main>
      <DropTarget />
    </div>
  );
}
