import { type PendingSignIn, takePending } from "./pending-sign-in.ts";

/** What a Hub sent the person back with, beside what was asked. */
export interface SignInAnswer {
  code: string | null;
  state: string | null;
  /** The OAuth error code, `access_denied` where the person declined. */
  error: string | null;
  /** Null where this tab has asked for none. */
  pending: PendingSignIn | null;
}

/** What an answer adds to the page's address (RFC 6749, 4.1.2; RFC 9207), and nothing else may see. */
const KEYS = ["code", "state", "error", "error_description", "error_uri", "iss"];

/**
 * Reads the answer to a sign-in from the query of the page's address; null where there is none. `search` is the query that
 * remains without it. An answer can be read once: what was asked is forgotten with it.
 */
export function readSignInAnswer(search: string): { answer: SignInAnswer; search: string } | null {
  const params = new URLSearchParams(search);
  const [code, state, error] = [params.get("code"), params.get("state"), params.get("error")];
  if (state === null || (code === null && error === null)) return null;
  for (const key of KEYS) params.delete(key);
  const rest = params.toString();
  return { answer: { code, state, error, pending: takePending() }, search: rest && `?${rest}` };
}
