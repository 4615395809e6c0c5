import { type Account, isExpired } from "./account.ts";
import { keepItem, type Place, readItem, removeItem } from "./browser-storage.ts";

/**
 * Read tokens, each kept for the origin it was entered or granted for and for nobody else. They live in this tab's session
 * storage and end with it, or, where the person asks for that, in this browser's local storage; they never enter a link, a
 * file, a log or an error. One that came from a sign-in ends when the Hub said so: it is never handed out after that.
 */
const KEY = "auscult.token ";
const PLACES = ["tab", "computer"] as const;

/** What is known of the token for an origin, without the token. */
export interface Kept {
  place: Place;
  /** Whose sign-in it came from; null where it was typed. */
  account: Account | null;
}

/** The token for requests to `origin`, or undefined; the tab's own goes before the browser's. */
export const tokenFor = (origin: string): string | undefined => valid(origin)?.token;

/** Where a token for `origin` is kept and whose it is; null where there is none. */
export function keptFor(origin: string): Kept | null {
  const entry = valid(origin);
  return entry && { place: entry.place, account: entry.account };
}

/** Keeps a typed `token` for `origin` in this tab, or on this computer `forGood`; an empty one forgets what is kept. */
export const setToken = (origin: string, token: string, forGood = false): void =>
  keep(origin, token.trim(), forGood ? "computer" : "tab");

/** Keeps the `token` that `origin` granted to `account`, as `setToken` does. */
export const setSignIn = (origin: string, token: string, account: Account, forGood = false): void =>
  keep(origin, JSON.stringify({ token, ...account }), forGood ? "computer" : "tab");

/** Forgets the sign-ins for `origin` whose time is over. Returns whether there was one. */
export function forgetExpired(origin: string): boolean {
  const over = PLACES.filter((place) => {
    const account = read(place, origin)?.account;
    return account && isExpired(account);
  });
  for (const place of over) removeItem(place, KEY + origin);
  return over.length > 0;
}

interface Entry {
  place: Place;
  token: string;
  account: Account | null;
}

/** In one place only, so that nothing is left behind in the other. */
function keep(origin: string, text: string, home: Place): void {
  for (const place of PLACES) {
    if (text && place === home) keepItem(place, KEY + origin, text);
    else removeItem(place, KEY + origin);
  }
}

function valid(origin: string): Entry | null {
  for (const place of PLACES) {
    const entry = read(place, origin);
    if (entry && !(entry.account && isExpired(entry.account))) return entry;
  }
  return null;
}

/** A typed token is kept as it is, a granted one as JSON. What is neither is not used. */
function read(place: Place, origin: string): Entry | null {
  const text = readItem(place, KEY + origin);
  if (!text) return null;
  if (!text.startsWith("{")) return { place, token: text, account: null };
  try {
    const { token, name, expires } = JSON.parse(text) as Record<string, unknown>;
    if (typeof token !== "string" || typeof name !== "string" || typeof expires !== "number") return null;
    return { place, token, account: { name, expires } };
  } catch {
    return null;
  }
}
