/**
 * Read tokens, each kept for the origin it was entered for and for nobody else. They live in this tab's session storage
 * and end with it; they never enter a link, a file, a log or an error.
 */
const KEY = "auscult.token ";

/** The token for requests to `origin`, or undefined. */
export function tokenFor(origin: string): string | undefined {
  return storage()?.getItem(KEY + origin) ?? undefined;
}

/** Keeps `token` for `origin`; an empty one forgets it. */
export function setToken(origin: string, token: string): void {
  const trimmed = token.trim();
  if (trimmed) storage()?.setItem(KEY + origin, trimmed);
  else storage()?.removeItem(KEY + origin);
}

/** A browser that blocks storage throws on the mere access. */
function storage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
