import { useRef } from "react";
import { useActions, useApp } from "../components/use-app.ts";
import css from "./settings.module.css";
import { SignIn } from "./sign-in.tsx";

const PLACES = { tab: "in this tab", computer: "on this computer" } as const;

/** A token belongs to the Hub it was entered for: it must not be kept for the next one because it still stood there. */
function forgetToken(form: HTMLFormElement | null): void {
  const token = form?.elements.namedItem("token");
  if (token instanceof HTMLInputElement) token.value = "";
}

/** Which Hub to ask, and as whom: a sign-in or a read token for gated and private repos. */
export function Settings() {
  const dialog = useRef<HTMLDialogElement>(null);
  const hub = useApp((state) => state.hub);
  const { kept, account } = useApp((state) => state.access);
  const typed = account ? null : kept;
  const actions = useActions();
  const open = () => {
    actions.lookAtAccess();
    dialog.current?.showModal();
  };
  const keep = (form: HTMLFormElement) => {
    const fields = new FormData(form);
    const token = String(fields.get("token") ?? "");
    actions.setHub(String(fields.get("hub") ?? ""));
    // An empty field is no wish to forget: a kept token is never shown in it.
    if (token) actions.setToken(token, fields.get("forGood") !== null);
    forgetToken(form);
  };
  return (
    <>
      <button className="button" type="button" onClick={open} aria-label="Access settings">
        Access
      </button>
      <dialog ref={dialog} className={css.settings} aria-labelledby="settings-title">
        <form method="dialog" onSubmit={(event) => keep(event.currentTarget)}>
          <h2 id="settings-title">Access</h2>
          <div>
            <label htmlFor="hub">Hub</label>
            <input
              className="field mono"
              id="hub"
              name="hub"
              defaultValue={hub}
              key={hub}
              spellCheck={false}
              aria-describedby="hub-hint"
              onChange={(event) => forgetToken(event.currentTarget.form)}
            />
            <p className="sub" id="hub-hint">
              Where repo IDs are looked up. A mirror of the Hub works too.
            </p>
          </div>
          <SignIn />
          <div>
            <label htmlFor="token">Read token</label>
            <input
              className="field mono"
              id="token"
              name="token"
              key={hub}
              type="password"
              autoComplete="off"
              placeholder={typed ? `one is kept ${PLACES[typed]}; type to replace it` : "hf_…"}
              aria-describedby="token-hint"
            />
            <p className="sub" id="token-hint">
              For gated and private repos. It is kept in this tab only, unless you say otherwise, and sent to this Hub
              only; links and files never hold it.
            </p>
          </div>
          <label className={css.check}>
            <input type="checkbox" name="forGood" defaultChecked={kept === "computer"} key={`${hub} ${kept}`} />
            Keep it on this computer until I forget it
          </label>
          <div className={css.buttons}>
            {typed && (
              <button className="button quiet" type="button" onClick={() => actions.setToken("")}>
                Forget the token
              </button>
            )}
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
