import { useEffect, useRef } from "react";
import css from "./operand-field.module.css";
import type { Suggestions } from "./use-suggestions.ts";

/** Models on the Hub whose name goes on like what was typed. The field keeps the focus; the keys are handled there. */
export function SuggestionList({ id, suggestions }: { id: string; suggestions: Suggestions }) {
  const { names, active, take } = suggestions;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active >= 0) list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <>
      <span className="visually-hidden" role="status">
        {names.length === 1 ? "1 model" : `${names.length} models`} found on the Hub. Down arrow to choose.
      </span>
      <div className={css.suggestions} id={id} ref={list} role="listbox" aria-label="Models on the Hub">
        {names.map((name, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
          <div
            key={name}
            id={`${id}-${i}`}
            className="mono"
            role="option"
            tabIndex={-1}
            aria-selected={i === active}
            // The field would lose the focus, and the list with it, before the click came.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => take(name)}
          >
            {name}
          </div>
        ))}
      </div>
    </>
  );
}
