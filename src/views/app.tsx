import { DropTarget } from "./drop-target.tsx";
import { HeaderBar } from "./header-bar.tsx";
import { useScreen } from "./load-screen.ts";
import { Notices } from "./notices.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { RenameField } from "./rename-field.tsx";
import { useApp } from "./use-app.ts";
import { Welcome } from "./welcome.tsx";

/** The whole page. */
export function App() {
  const empty = useApp((state) => state.comparison === null);
  const welcome = useApp((state) => state.comparison === null && ["empty", "failed"].includes(state.phase.status));
  const { Screen, failed } = useScreen(!empty);
  const unlike = useApp((state) => state.comparison === null && state.rename.wanted);
  const present = useApp((state) => state.view.present);
  return (
    <div className="page" data-present={present || undefined}>
      <a className="skip-link" href="#main">
        To the picture
      </a>
      <HeaderBar />
      <ProgressBar />
      <Notices />
      <main id="main" tabIndex={-1}>
        {unlike && (
          <section className="unlike" aria-label="Names that differ">
            <p>Is it one architecture under other names? Then say how the names of B are to be read.</p>
            <RenameField />
          </section>
        )}
        {welcome && <Welcome />}
        {!empty && Screen && <Screen />}
        {!empty && !Screen && failed && (
          <p className="notice error" role="alert">
            The pictures could not be loaded. Check the network, then reload the page.
          </p>
        )}
      </main>
      <DropTarget />
    </div>
  );
}
