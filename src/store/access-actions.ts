import type { SignInAnswer } from "../access/sign-in-answer.ts";
import { forgetExpired, keptFor, setToken, tokenFor } from "../access/token-vault.ts";
import type { AccessState } from "./access-state.ts";
import { asJob } from "./as-job.ts";
import type { AppStore } from "./create-store.ts";
import { DEFAULT_HUB, isUnasked, readHub } from "./hosts.ts";
import { isRunning } from "./job.ts";
import { linkOf } from "./link.ts";
import type { Environment } from "./opening.ts";
import { phaseOf } from "./phase.ts";

/** Texts that are worth a search: the beginning of a name, of which some letters are there. */
const isSearchable = (text: string): boolean => /^[\w.-]{3,}(?:\/[\w.-]*)?$|^[\w.-]+\/[\w.-]+$/.test(text);

/** A timer holds no more milliseconds than this: 24 days. A sign-in may last longer. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** Which Hub is asked, as whom, and what it may be asked before anything is compared. */
export function createAccessActions(store: AppStore, environment: Environment) {
  /** Hubs that the person chose or agreed to; a link alone makes the page talk to none but the usual ones. */
  const agreed = new Set<string>();
  let searching = false;
  let ending: ReturnType<typeof setTimeout> | undefined;

  const patch = (change: Partial<AccessState>) =>
    store.setState(({ access }) => ({ access: { ...access, ...change } }));

  /** Reads anew who is known to the Hub in use, and looks again when that ends. */
  function look(): void {
    const { hub } = store.getState();
    const { signIn } = environment;
    if (forgetExpired(hub))
      patch({ error: `The sign-in at ${new URL(hub).host} has expired. Sign in again (under Access, at the top).` });
    const kept = keptFor(hub);
    const account = kept?.account ?? null;
    const door = signIn?.client.hub === hub ? (signIn.framed ? "tab" : "here") : null;
    patch({ door, account, kept: kept?.place ?? null });
    clearTimeout(ending);
    if (account) ending = setTimeout(look, Math.min(account.expires - Date.now(), LONGEST_TIMER));
  }

  /** Does one part of a sign-in; what goes wrong is said. */
  async function attempt(part: () => Promise<void>): Promise<void> {
    patch({ error: null });
    await part().catch((error: Error) => {
      const known = error.name.startsWith("SignIn");
      patch({
        error: known ? error.message : "Signing in could not be loaded. Check the network, then reload the page.",
      });
    });
  }

  look();
  store.subscribe(({ hub }, before) => {
    if (hub !== before.hub) look();
  });

  return {
    /** The person wants the Hub in use to be asked. */
    agreeToHub: (): void => void agreed.add(store.getState().hub),

    setHub(text: string): void {
      const read = readHub(text.trim() || DEFAULT_HUB);
      if ("hub" in read) agreed.add(read.hub);
      store.setState("hub" in read ? { hub: read.hub } : { notices: [read.error] });
    },

    /** Another tab may have kept or forgotten a token meanwhile. */
    lookAtAccess: look,

    /** Keeps a read token for the Hub in use: in this tab, or on this computer `forGood`. An empty one forgets it. */
    setToken(token: string, forGood = false): void {
      setToken(store.getState().hub, token, forGood);
      patch({ error: null });
      look();
    },

    /**
     * Leaves the page for the Hub's sign-in, which sends the person back to what they were looking at: in this tab, or on
     * this computer `forGood`. From within a frame it opens this page in a tab of its own instead.
     */
    async signIn(forGood = false): Promise<void> {
      const { signIn } = environment;
      if (!signIn || isRunning(store.getState(), "sign-in")) return;
      const hash = environment.links.format(linkOf(store.getState()));
      if (signIn.framed) return signIn.go(environment.address + hash, true);
      const begin = async () => {
        const { beginSignIn } = await import("../access/begin-sign-in.ts");
        const page = environment.address.replace(/\?.*$/, "");
        signIn.go(await beginSignIn(signIn.client, { page, hash, forGood }), false);
      };
      await asJob(store, "sign-in", () => attempt(begin));
    },

    /** Takes what the Hub sent the person back with, then goes on: the page is never idle in between. */
    async finishSignIn(answer: SignInAnswer, goOn: () => void): Promise<void> {
      const finish = async () => {
        const { finishSignIn } = await import("../access/finish-sign-in.ts");
        await finishSignIn(answer);
      };
      await asJob(store, "sign-in", async () => {
        await attempt(finish);
        look();
        goOn();
      });
    },

    /** Forgets the token for the Hub in use. */
    signOut(): void {
      setToken(store.getState().hub, "");
      patch({ error: null });
      look();
    },

    dismissAccessError: (): void => patch({ error: null }),

    /**
     * Names of models that begin or go on like `text`, for the list under a field; the search before is ended by it. None where the
     * Hub may not be asked yet, nor where it does not answer: they are only a help.
     */
    async suggest(text: string): Promise<string[]> {
      const state = store.getState();
      const { hub } = state;
      const mayAsk = phaseOf(state).status !== "consent" && (agreed.has(hub) || isUnasked(hub, environment.page));
      const wanted = mayAsk && isSearchable(text.trim()) ? text.trim() : "";
      if (wanted === "" && !searching) return [];
      searching = wanted !== "";
      const { survey } = environment.pool;
      return survey.search(wanted, { hub, demo: environment.demo, token: tokenFor(hub) }).catch(() => []);
    },
  };
}
