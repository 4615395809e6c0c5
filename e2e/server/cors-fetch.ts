/** `fetch` as it was before a test put this one in its place. */
const nodeFetch = globalThis.fetch;

const SAFE_RESPONSE_HEADERS =
  "cache-control content-language content-length content-type expires last-modified pragma".split(" ");
const MAX_REDIRECTS = 5;

/**
 * A `fetch` that does to a page's requests what browsers do and Node does not (Fetch standard, CORS protocol): it asks
 * permission (preflight) when a header is not safelisted, drops `Authorization` when a redirect leaves the origin, sends
 * `Origin`, then `null` after a second change of origin, refuses answers without `Access-Control-Allow-Origin`, and hides the
 * headers that are not exposed. GET and HEAD, `cors` and `no-cors`; everything is sent for real. For tests.
 */
export function corsFetch(pageOrigin: string): typeof fetch {
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    const isCors = init.mode !== "no-cors";
    if (!isCors) headers.delete("range");
    let url = new URL(String(input));
    let origin = pageOrigin;
    for (let hops = 0; hops <= MAX_REDIRECTS; hops++) {
      if (isCors && url.origin !== pageOrigin) await preflight(url, origin, headers, init);
      const response = await send(url, origin, headers, { ...init, redirect: "manual" });
      if (isCors && url.origin !== pageOrigin && !isAllowed(response, origin)) throw refused(response);
      const location = response.headers.get("location");
      if (response.status < 300 || response.status >= 400 || location === null) {
        return isCors ? asSeen(response, url, hops > 0, pageOrigin) : new Response(null);
      }
      response.body?.cancel().catch(() => undefined);
      const next = new URL(location, url);
      if (next.origin !== url.origin) {
        headers.delete("authorization");
        if (url.origin !== pageOrigin) origin = "null";
      }
      url = next;
    }
    throw new TypeError("Failed to fetch: too many redirects");
  };
}

function send(url: URL, origin: string, headers: Headers, init: RequestInit): Promise<Response> {
  const sent = new Headers(headers);
  sent.set("origin", origin);
  return nodeFetch(url, { ...init, mode: "cors", headers: sent });
}

async function preflight(url: URL, origin: string, headers: Headers, init: RequestInit): Promise<void> {
  const asking = [...headers].filter(([name, value]) => !isSafe(name, value)).map(([name]) => name);
  if (asking.length === 0) return;
  const question = new Headers({
    "access-control-request-method": "GET",
    "access-control-request-headers": asking.join(","),
  });
  const answer = await send(url, origin, question, {
    method: "OPTIONS",
    redirect: "manual",
    signal: init.signal ?? null,
  });
  const allowed = (answer.headers.get("access-control-allow-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  if (!answer.ok || !isAllowed(answer, origin) || !asking.every((name) => allowed.includes(name)))
    throw refused(answer);
}

/** CORS-safelisted request headers, as far as they occur here. */
function isSafe(name: string, value: string): boolean {
  return name === "range" ? /^bytes=\d+-\d*$/.test(value) : name === "accept";
}

function isAllowed({ headers }: Response, origin: string): boolean {
  const allowed = headers.get("access-control-allow-origin");
  return allowed === "*" || allowed === origin;
}

function refused(response: Response): TypeError {
  response.body?.cancel().catch(() => undefined);
  return new TypeError("Failed to fetch: blocked by CORS");
}

function asSeen(response: Response, url: URL, redirected: boolean, pageOrigin: string): Response {
  const exposed = (response.headers.get("access-control-expose-headers") ?? "").toLowerCase().split(/\s*,\s*/);
  const readable = [...SAFE_RESPONSE_HEADERS, ...exposed];
  const headers = [...response.headers].filter(([name]) => url.origin === pageOrigin || readable.includes(name));
  const { status, statusText, body } = response;
  const seen = new Response(body, { status, statusText, headers });
  Object.defineProperties(seen, { url: { value: url.href }, redirected: { value: redirected } });
  return seen;
}
