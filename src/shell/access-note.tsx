import { useActions, useApp } from "../components/use-app.ts";
import css from "./notices.module.css";

/** What a sign-in is waiting for, or why nobody is signed in. */
export function AccessNote() {
  const { busy, error, door } = useApp((state) => state.access);
  const actions = useActions();
  if (busy) return <p className={`${css.notice} sub`}>Signing in…</p>;
  if (!error) return null;
  return (
    <p className={`${css.notice} error`} role="alert">
      <span>{error}</span>
      {door === "here" && (
        <button className="button" type="button" onClick={() => void actions.signIn()}>
          Sign in again
        </button>
      )}
      <button className="button quiet" type="button" onClick={() => actions.dismissAccessError()}>
        Dismiss
      </button>
    </p>
  );
}
