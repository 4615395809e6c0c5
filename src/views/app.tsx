import { lazy, Suspense } from "react";
import { DropTarget } from "./drop-target.tsx";
import { HeaderBar } from "./header-bar.tsx";
import { Notices } from "./notices.tsx";
import { ProgressBar } from "./progress-bar.tsx";
import { useApp } from "./use-app.ts";
import { Welcome } from "./welcome.tsx";

/** The pictures and all they need come apart from the first screen, which is then there sooner. */
export const loadScreen = () => import("./screen.tsx");
const Screen = lazy(loadScreen);

/** The whole page. */
export function App() {
  const empty = useApp((state) => state.comparison === null);
  const welcome = useApp((state) => state.comparison === null && ["empty", "failed"].includes(state.phase.status));
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
        {welcome && <Welcome />}
        {!empty && (
          <Suspense>
            <Screen />
          </Suspense>
        )}
      </main>
      <DropTarget />
    </div>
  );
}
