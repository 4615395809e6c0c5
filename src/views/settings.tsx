import { useRef } from "react";
import { useActions, useApp } from "./use-app.ts";

/** A token belongs to the Hub it was entered for: it must not be kept for the next one because it still stood there. */
function forgetToken(form: HTMLFormElement | null): void {
  const token = form?.elements.namedItem("token");
  if (token instanceof HTMLInputElement) token.value = "";
}

/** Which Hub to ask, and a read token for gated and private repos. */
export function Settings() {
  const dialog = useRef<HTMLDialogElement>(null);
  const hub = useApp((state) => state.hub);
  const actions = useActions();
  return (
    <>
      <button className="button" type="button" onClick={() => dialog.current?.showModal()} aria-label="Access settings">
        Access
      </button>
      <dialog ref={dialog} className="settings" aria-labelledby="settings-title">
        <form
          method="dialog"
          onSubmit={(event) => {
            const form = new FormData(event.currentTarget);
            actions.setHub(String(form.get("hub") ?? ""));
            actions.setToken(String(form.get("token") ?? ""));
          }}
        >
          <h2 id="settings-title">Access</h2>
          <label>
            <span>Hub</span>
            <input
              className="field mono"
              name="hub"
              defaultValue={hub}
              key={hub}
              spellCheck={false}
              onChange={(event) => forgetToken(event.currentTarget.form)}
            />
            <span className="sub">Where repo IDs are looked up. A mirror of the Hub works too.</span>
          </label>
          <label>
            <span>Read token</span>
            <input
              className="field mono"
              name="token"
              key={hub}
              type="password"
              autoComplete="off"
              placeholder="hf_…"
            />
            <span className="sub">
              For gated and private repos. It is kept in this tab only and sent to this Hub only; links and files never
              hold it.
            </span>
          </label>
          <div className="row end">
            <button className="button" type="button" onClick={() => dialog.current?.close()}>
              Close
            </button>
            <button className="button primary" type="submit">
              Keep
            </button>
          </div>
        </form>
      </dialog>
    </>
  );
}
