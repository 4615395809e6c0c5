import type { Account } from "../access/account.ts";

/** Who is asking the Hub in use, as far as the page may know; never a token. */
export interface AccessState {
  /** How to sign in at this Hub: from here, after the page has a tab of its own, or not at all. */
  door: "here" | "tab" | null;
  /** Who is signed in there; null: nobody. */
  account: Account | null;
  /** Where a token for it is kept, typed or from a sign-in. */
  kept: "tab" | "computer" | null;
  /** The sentence for why nobody was signed in, or is any more. */
  error: string | null;
}

export const NO_ACCESS: Readonly<AccessState> = { door: null, account: null, kept: null, error: null };
