import panel from "../components/panel.module.css";
import { useActions, useApp } from "../components/use-app.ts";
import { DEFAULT_HUB } from "../store/hosts.ts";
import { PairButton } from "./pair-button.tsx";
import css from "./welcome.module.css";

/** The pairs that were compared in this browser before; nothing where there are none. */
export function RecentPairs() {
  const recent = useApp((state) => state.recent);
  const actions = useActions();
  if (recent.length === 0) return null;
  return (
    <section aria-labelledby="recent-title" className={css.recent}>
      <div className={panel.ends}>
        <h2 id="recent-title">Compared here before</h2>
        <button className="button quiet" type="button" onClick={() => actions.forgetRecent()}>
          Forget them
        </button>
      </div>
      <ul className={css.pairs}>
        {recent.map((pair) => {
          const { a, b, hub } = pair;
          const note = hub === DEFAULT_HUB ? undefined : `on ${new URL(hub).host}`;
          return (
            <li key={`${hub} ${a} ${b}`}>
              <PairButton a={a} b={b} note={note} onClick={() => void actions.compareRecent(pair)} />
            </li>
          );
        })}
      </ul>
    </section>
  );
}
