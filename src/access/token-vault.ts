/**
 * Read tokens, each kept for the origin it was entered for and for nobody else. They live in this tab's session storage
 * and end with it; they never enter a link, a file, a log or an error.
 */
const KEY = "auscult.token ";

/** The token for requests to `origin`, or undefined. */
export function tokenFor(origin: string): string | undefined {
  return withStorage((storage) => storage.getItem(KEY + origin)) ?? undefined;
}

/** Keeps `token` for `origin`; an empty one forgets it. */
export function setToken(origin: string, token: string): void {
  const trimmed = token.trim();
  withStorage((storage) => (trimmed ? storage.setItem(KEY + origin, trimmed) : storage.removeItem(KEY + origin)));
}

/** A browser that blocks storage, or has none left, throws on access or on use; the page then goes on without a token. */
function withStorage<Answer>(use: (storage: Storage) => Answer): Answer | undefined {
  try {
    return globalThis.sessionStorage ? use(globalThis.sessionStorage) : undefined;
  } catch {
    return undefined;
  }
}
