/**
 * Read tokens, each kept for the origin it was entered for and for nobody else. They live in this tab's session storage
 * and end with it, or, where the person asks for that, in this browser's local storage; they never enter a link, a file, a
 * log or an error.
 */
const KEY = "auscult.token ";

/** The token for requests to `origin`, or undefined; the tab's own goes before the browser's. */
export function tokenFor(origin: string): string | undefined {
  return read("sessionStorage", origin) ?? read("localStorage", origin) ?? undefined;
}

/** Where a token for `origin` is kept: in this tab, on this computer, or nowhere. */
export function isTokenKept(origin: string): "tab" | "computer" | null {
  if (read("sessionStorage", origin) !== null) return "tab";
  return read("localStorage", origin) !== null ? "computer" : null;
}

/** Keeps `token` for `origin` in this tab, or on this computer `forGood`; an empty one forgets it in both. */
export function setToken(origin: string, token: string, forGood = false): void {
  const trimmed = token.trim();
  const home = forGood ? "localStorage" : "sessionStorage";
  for (const place of ["sessionStorage", "localStorage"] as const)
    withStorage(place, (storage) =>
      trimmed && place === home ? storage.setItem(KEY + origin, trimmed) : storage.removeItem(KEY + origin),
    );
}

type Place = "sessionStorage" | "localStorage";

/** Null where there is none. */
const read = (place: Place, origin: string): string | null =>
  withStorage(place, (storage) => storage.getItem(KEY + origin)) ?? null;

/** A browser that blocks storage, or has none left, throws on access or on use; the page then goes on without a token. */
function withStorage<Answer>(place: Place, use: (storage: Storage) => Answer): Answer | undefined {
  try {
    return globalThis[place] ? use(globalThis[place]) : undefined;
  } catch {
    return undefined;
  }
}
