import { type KeyboardEvent, useEffect, useRef } from "react";
import type { Instrument } from "../components/instrument.ts";
import { useActions, useApp } from "../components/use-app.ts";
import css from "./instrument-tabs.module.css";

/** Ids of a tab and of what it opens. */
export const tabId = (instrument: string): string => `tab-${instrument}`;
export const PANEL_ID = "instrument";

/** Which tab a key leads to, of so many; null for any other key. */
function tabAfter(key: string, at: number, tabs: number): number | null {
  if (key === "ArrowRight") return (at + 1) % tabs;
  if (key === "ArrowLeft") return (at + tabs - 1) % tabs;
  if (key === "Home") return 0;
  if (key === "End") return tabs - 1;
  return null;
}

/** The instruments as tabs. Arrow keys go along them, Enter opens: each is a step to come back from, and has code to load. */
export function InstrumentTabs({ instruments }: { instruments: readonly Instrument[] }) {
  const open = useApp((state) => state.instrument);
  const actions = useActions();
  const tabs = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // A link may open one that a narrow window has no room for.
    document.getElementById(tabId(open))?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [open]);
  const go = (event: KeyboardEvent, at: number) => {
    const to = tabAfter(event.key, at, instruments.length);
    if (to === null) return;
    event.preventDefault();
    tabs.current?.querySelectorAll<HTMLElement>("[role=tab]")[to].focus();
  };
  return (
    <div className={css.bar}>
      <div ref={tabs} className={css.tabs} role="tablist" aria-label="Instruments">
        {instruments.map(({ id, title }, at) => (
          <button
            key={id}
            id={tabId(id)}
            className={css.tab}
            type="button"
            role="tab"
            data-title={title}
            aria-selected={id === open}
            aria-controls={id === open ? PANEL_ID : undefined}
            tabIndex={id === open ? 0 : -1}
            onClick={() => actions.openInstrument(id)}
            onKeyDown={(event) => go(event, at)}
          >
            {title}
          </button>
        ))}
      </div>
    </div>
  );
}
