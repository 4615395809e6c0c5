import { useActions, useApp } from "../components/use-app.ts";
import { isRunning } from "../store/job.ts";
import css from "./notices.module.css";

/** What a sign-in is waiting for, or why nobody is signed in. */
export function AccessNote() {
  const { error, door } = useApp((state) => state.access);
  const isUnderWay = useApp((state) => isRunning(state, "sign-in"));
  const actions = useActions();
  if (isUnderWay) return <p className={`${css.notice} sub`}>Signing in…</p>;
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
