import css from "./rename-field.module.css";
import { useActions, useApp } from "./use-app.ts";

/** The rule by which names of B are rewritten before they are looked for in A. */
export function RenameField() {
  const inUse = useApp((state) => state.comparison?.rename ?? state.rename.text);
  const error = useApp((state) => state.rename.error);
  const actions = useActions();
  return (
    <form
      className={css.rename}
      aria-label="Rename rule"
      onSubmit={(event) => {
        event.preventDefault();
        void actions.setRename(String(new FormData(event.currentTarget).get("rule") ?? ""));
      }}
    >
      <label htmlFor="rename-rule">Rename in B</label>
      <input
        // Another rule came with another comparison.
        key={inUse}
        id="rename-rule"
        name="rule"
        className="field mono"
        defaultValue={inUse}
        placeholder="^decoder\. => model."
        spellCheck={false}
        autoComplete="off"
        aria-invalid={error !== null}
        aria-describedby={error ? "rename-error rename-hint" : "rename-hint"}
      />
      <button className="button" type="submit">
        Pair again
      </button>
      {error && (
        <p className="error" id="rename-error" role="alert">
          {error}
        </p>
      )}
      <p className="sub" id="rename-hint">
        A regular expression, <span className="mono">=&gt;</span>, and what its matches in B's names become.
      </p>
    </form>
  );
}
