import { isTokenKept, setToken, tokenFor } from "../access/token-vault.ts";
import type { AppStore } from "./create-store.ts";
import { DEFAULT_HUB, isUnasked, readHub } from "./hosts.ts";
import type { Environment } from "./opening.ts";

/** Texts that are worth a search: the beginning of a name, of which some letters are there. */
const isSearchable = (text: string): boolean => /^[\w.-]{3,}(?:\/[\w.-]*)?$|^[\w.-]+\/[\w.-]+$/.test(text);

/** Which Hub is asked, with whose token, and what it may be asked before anything is compared. */
export function createAccessActions(store: AppStore, environment: Environment) {
  /** Hubs that the person chose or agreed to; a link alone makes the page talk to none but the usual ones. */
  const agreed = new Set<string>();
  let searching = false;

  return {
    /** The person wants the Hub in use to be asked. */
    agreeToHub: (): void => void agreed.add(store.getState().hub),

    setHub(text: string): void {
      const read = readHub(text.trim() || DEFAULT_HUB);
      if ("hub" in read) agreed.add(read.hub);
      store.setState("hub" in read ? { hub: read.hub } : { notices: [read.error] });
    },

    /** Whether a read token is kept for the Hub in use, and for how long; never the token itself. */
    keptToken: () => isTokenKept(store.getState().hub),

    /** Keeps a read token for the Hub in use: in this tab, or on this computer `forGood`. An empty one forgets it. */
    setToken(token: string, forGood = false): void {
      setToken(store.getState().hub, token, forGood);
    },

    /**
     * Names of models that begin or go on like `text`, for the list under a field; the search before is ended by it. None where the
     * Hub may not be asked yet, nor where it does not answer: they are only a help.
     */
    async suggest(text: string): Promise<string[]> {
      const { hub, phase } = store.getState();
      const mayAsk = phase.status !== "consent" && (agreed.has(hub) || isUnasked(hub, environment.page));
      const wanted = mayAsk && isSearchable(text.trim()) ? text.trim() : "";
      if (wanted === "" && !searching) return [];
      searching = wanted !== "";
      const { survey } = environment.pool;
      return survey.search(wanted, { hub, demo: environment.demo, token: tokenFor(hub) }).catch(() => []);
    },
  };
}
