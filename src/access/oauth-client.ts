const DEFAULT_HUB = "https://huggingface.co";

/** Who this page is when it sends someone to a Hub to sign in. Public: it is no secret, and opens nothing. */
export interface OAuthClient {
  /** As the Hub gave it, or the https address of a document that describes this page (a client ID metadata document). */
  id: string;
  /** Origin of the Hub that knows the id. */
  hub: string;
}

/** What the page was given by whoever serves it; all of it may be missing or strange. */
export interface ClientSettings {
  /** The variables that a static Space puts into its page. */
  space?: unknown;
  /** Written into the page by the build, or by hand: docs/deploy.md. */
  id?: string | undefined;
  hub?: string | undefined;
}

/** The client of this page, or null where nobody gave it one. The host's own variables go before the build's. */
export function oauthClient({ space, id, hub }: ClientSettings): OAuthClient | null {
  const variables = typeof space === "object" && space !== null ? (space as Record<string, unknown>) : {};
  const text = (key: string) => (typeof variables[key] === "string" ? variables[key].trim() : "");
  const found = text("OAUTH_CLIENT_ID")
    ? { id: text("OAUTH_CLIENT_ID"), hub: text("OPENID_PROVIDER_URL") }
    : { id: id?.trim() ?? "", hub: hub?.trim() ?? "" };
  const origin = originOf(found.hub || DEFAULT_HUB);
  return found.id && origin ? { id: found.id, hub: origin } : null;
}

/** A token on its way over plain http can be read by everyone in between, except on this machine. */
function originOf(address: string): string | null {
  if (!URL.canParse(address)) return null;
  const { protocol, hostname, origin } = new URL(address);
  const isHere = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
  return protocol === "https:" || (protocol === "http:" && isHere) ? origin : null;
}
