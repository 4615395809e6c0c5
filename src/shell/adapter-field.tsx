import { Sentence } from "../components/sentence.tsx";
import { useActions, useApp } from "../components/use-app.ts";
import { isOpening } from "../store/phase.ts";
import css from "./operand-field.module.css";

/** The third field, for an adapter over A whose change is compared with B's; or the button that brings it. */
export function AdapterField() {
  const field = useApp((state) => state.operands.adapter);
  const hasB = useApp((state) => state.operands.b.text !== "");
  const isBeingOpened = useApp((state) => isOpening(state, "adapter"));
  const actions = useActions();
  if (!field)
    return hasB ? (
      <button
        className={`button quiet ${css.add}`}
        type="button"
        title="Compare B's change with what an adapter adds to A"
        onClick={() => actions.setAdapter("")}
      >
        + adapter
      </button>
    ) : null;
  const shown = field.revision ? field.text.replace(`@${field.revision}`, "") : field.text;
  return (
    <div className={css.operand}>
      <div className="field" data-opening={isBeingOpened || undefined}>
        <label htmlFor="operand-adapter" className="caps">
          adapter
        </label>
        <input
          id="operand-adapter"
          className="mono"
          value={shown}
          placeholder="LoRA over A: org/name"
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          aria-invalid={field.error !== null}
          aria-describedby={field.error ? "error-adapter" : undefined}
          onChange={(event) => actions.setAdapter(event.target.value)}
        />
        {field.revision && (
          <span className={`${css.commit} mono faint`} title={`Commit ${field.revision}`}>
            {field.revision.slice(0, 7)}
          </span>
        )}
        <button
          className="button quiet"
          type="button"
          aria-label="Take the adapter away"
          onClick={() => actions.setAdapter(null)}
        >
          ×
        </button>
      </div>
      {field.error && (
        <p className="error" id="error-adapter" role="alert">
          <Sentence text={field.error} />
        </p>
      )}
    </div>
  );
}
