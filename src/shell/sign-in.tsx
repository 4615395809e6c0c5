import { useActions, useApp } from "../components/use-app.ts";
import { isRunning } from "../store/job.ts";

const PLACES = { tab: "in this tab", computer: "on this computer" } as const;

/** What people call the Hub: its name where it has one. */
const nameOf = (hub: string): string =>
  hub === "https://huggingface.co" ? "Hugging Face" : hub.replace(/^https?:\/\//, "");

/** Day and time, as people write them where the browser is. */
const untilText = (time: number): string =>
  new Date(time).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });

/** Who is signed in at the Hub in use, or the way there; nothing where there is none. */
export function SignIn() {
  const { door, account, kept } = useApp((state) => state.access);
  const isUnderWay = useApp((state) => isRunning(state, "sign-in"));
  const hub = useApp((state) => state.hub);
  const actions = useActions();
  if (account && kept) {
    return (
      <div>
        <p>
          Signed in at {nameOf(hub)} as <b>{account.name}</b>, {PLACES[kept]}, until {untilText(account.expires)}.
        </p>
        <button className="button" type="button" onClick={() => actions.signOut()}>
          Sign out
        </button>
      </div>
    );
  }
  if (!door) return null;
  return (
    <div>
      <button
        className="button primary"
        type="button"
        disabled={isUnderWay}
        aria-describedby="sign-in-hint"
        onClick={(event) => {
          const forGood = event.currentTarget.form?.elements.namedItem("forGood");
          void actions.signIn(forGood instanceof HTMLInputElement && forGood.checked);
        }}
      >
        {door === "tab" ? "Open in a tab of its own to sign in" : `Sign in with ${nameOf(hub)}`}
      </button>
      <p className="sub" id="sign-in-hint">
        For gated repos that you were granted. Nothing can be changed with it, and private repos stay closed: for those
        set a token.
      </p>
    </div>
  );
}
