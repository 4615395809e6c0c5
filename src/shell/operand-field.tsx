import { Sentence } from "../components/sentence.tsx";
import { useActions, useApp } from "../components/use-app.ts";
import type { ModelSide } from "../store/app-state.ts";
import { isOpening } from "../store/phase.ts";
import css from "./operand-field.module.css";
import { PickButton } from "./pick-button.tsx";
import { SuggestionList } from "./suggestion-list.tsx";
import { useSuggestions } from "./use-suggestions.ts";

const NAMES = { a: "Base", b: "Tuned" } as const;

/** One of the two references: what was typed, its commit once it is known, and what is wrong with it. */
export function OperandField({ side }: { side: ModelSide }) {
  const operand = useApp((state) => state.operands[side]);
  const isBeingOpened = useApp((state) => isOpening(state, side));
  const actions = useActions();
  const suggestions = useSuggestions(side);
  const error = `error-${side}`;
  const list = `suggestions-${side}`;
  const isOpen = suggestions.names.length > 0;
  // A pinned reference ends in a 40-digit commit: the field shows the name, the commit stands beside it.
  const pinned = operand.revision !== null;
  const shown = operand.revision ? operand.text.replace(`@${operand.revision}`, "") : operand.text;
  return (
    <div className={css.operand} data-side={side}>
      <div className="field" data-opening={isBeingOpened || undefined}>
        <label htmlFor={`operand-${side}`} className="caps">
          {side.toUpperCase()}
          <span className="visually-hidden"> ({NAMES[side]} model)</span>
        </label>
        <input
          id={`operand-${side}`}
          className="mono"
          value={shown}
          placeholder={side === "a" ? "base model: org/name" : "tuned model: org/name"}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          role="combobox"
          aria-autocomplete="list"
          aria-expanded={isOpen}
          aria-controls={isOpen ? list : undefined}
          aria-activedescendant={suggestions.active >= 0 ? `${list}-${suggestions.active}` : undefined}
          aria-invalid={operand.error !== null}
          aria-describedby={operand.error ? error : undefined}
          onChange={(event) => {
            actions.setText(side, event.target.value);
            suggestions.look(event.target.value);
          }}
          onKeyDown={suggestions.onKeyDown}
          onBlur={suggestions.close}
          onPaste={(event) => {
            const text = event.clipboardData.getData("text");
            if (!/\s/.test(text.trim())) return;
            event.preventDefault();
            actions.takeText(text, side);
          }}
        />
        {pinned && (
          <span className={`${css.commit} mono faint`} title={`Commit ${operand.revision}`}>
            {operand.revision?.slice(0, 7)}
          </span>
        )}
        <PickButton side={side} />
      </div>
      {isOpen && <SuggestionList id={list} suggestions={suggestions} />}
      {operand.error && (
        <p className="error" id={error} role="alert">
          <Sentence text={operand.error} />
        </p>
      )}
    </div>
  );
}
