import { keepItem, readItem, removeItem } from "./browser-storage.ts";

/** A sign-in whose answer is awaited. It stays in the tab that began it. */
export interface PendingSignIn {
  /** Origin of the Hub that was asked. */
  hub: string;
  /** What the answer must bring back, so that no other page can send one. */
  nonce: string;
  /** The secret whose hash the Hub was given (PKCE, RFC 7636). */
  verifier: string;
  /** Address that the Hub sends the person back to. */
  page: string;
  /** What the person was looking at, as a link's hash. */
  hash: string;
  /** Keep the sign-in on this computer. */
  forGood: boolean;
}

const KEY = "auscult.sign-in";

/** False where the browser keeps nothing for this page. A sign-in that was begun before is given up. */
export const keepPending = (pending: PendingSignIn): boolean => keepItem("tab", KEY, JSON.stringify(pending));

/** The sign-in that this tab waits for, or null. It is asked for once: after that it is forgotten. */
export function takePending(): PendingSignIn | null {
  const text = readItem("tab", KEY);
  removeItem("tab", KEY);
  try {
    return JSON.parse(text ?? "null") as PendingSignIn | null;
  } catch {
    return null;
  }
}
