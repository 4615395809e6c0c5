import { createHash, randomBytes } from "node:crypto";
import type { Exchange } from "./send-file.ts";

/** How a Hub lets people sign in. */
export interface SignInSpec {
  /** Ids of the pages that may ask. */
  clients: readonly string[];
  /** Whoever comes to sign in is this account. */
  account: string;
  /** What it is granted; `tokens` of the Hub says what that opens. */
  token: string;
  /** How long that is good, as the Hub says; eight hours unless told. */
  seconds?: number;
  /** What the Hub says of itself instead of the truth. */
  description?: Readonly<Record<string, unknown>>;
}

/** Sign-ins that were granted and wait for their page, by code. */
export type Grants = Map<string, { client: string; page: string; challenge: string }>;

export interface OAuthState {
  signIn: SignInSpec | undefined;
  grants: Grants;
  origin: string;
}

const SCOPES = ["openid", "profile", "gated-repos"];

/** Answers what belongs to signing in (OAuth 2 with PKCE, OpenID Connect); false where the request is about something else. */
export async function answerOAuth(state: OAuthState, exchange: Exchange, url: URL): Promise<boolean> {
  const { signIn } = state;
  if (!signIn) return false;
  switch (url.pathname) {
    case "/.well-known/openid-configuration":
      send(exchange, 200, describe(state.origin, signIn));
      return true;
    case "/oauth/authorize":
      authorize(state, signIn, exchange, url.searchParams);
      return true;
    case "/oauth/token":
      exchangeCode(state, signIn, exchange, new URLSearchParams(await bodyOf(exchange)));
      return true;
    case "/oauth/userinfo":
      if (exchange.entry.authorization !== `Bearer ${signIn.token}`) send(exchange, 401, { error: "invalid_token" });
      else send(exchange, 200, { sub: "1", name: "A. Person", preferred_username: signIn.account });
      return true;
    default:
      return false;
  }
}

const describe = (origin: string, { description }: SignInSpec) => ({
  issuer: origin,
  authorization_endpoint: `${origin}/oauth/authorize`,
  token_endpoint: `${origin}/oauth/token`,
  userinfo_endpoint: `${origin}/oauth/userinfo`,
  ...description,
});

/** The page on which a person agrees or declines; both are links back to where they came from. */
function authorize({ grants }: OAuthState, signIn: SignInSpec, exchange: Exchange, asked: URLSearchParams): void {
  const page = asked.get("redirect_uri") ?? "";
  const client = asked.get("client_id") ?? "";
  const scopes = (asked.get("scope") ?? "").split(" ");
  const wrong = [
    !signIn.clients.includes(client) && "no such client",
    !/^http:\/\/127\.0\.0\.1:\d+\/[^?#]*$/.test(page) && "not a page of the client",
    asked.get("response_type") !== "code" && "not a code",
    asked.get("code_challenge_method") !== "S256" && "no proof",
    scopes.sort().join() !== [...SCOPES].sort().join() && "other scopes",
  ].filter(Boolean);
  if (wrong.length > 0) {
    send(exchange, 400, { error: "invalid_request", error_description: wrong.join(", ") });
    return;
  }
  const code = randomBytes(16).toString("hex");
  grants.set(code, { client, page, challenge: asked.get("code_challenge") ?? "" });
  const way = (answer: Record<string, string>) =>
    `${page}?${new URLSearchParams({ ...answer, state: asked.get("state") ?? "" })}`.replaceAll("&", "&amp;");
  const denied = { error: "access_denied", error_description: "The user did not agree." };
  const html = `<!doctype html><title>Sign in</title><link rel="icon" href="data:,">
<a href="${way({ code })}">Authorize</a> <a href="${way(denied)}">Cancel</a>`;
  exchange.response.setHeader("Content-Type", "text/html; charset=utf-8");
  exchange.response.writeHead(200).end(html);
}

function exchangeCode({ grants }: OAuthState, signIn: SignInSpec, exchange: Exchange, given: URLSearchParams): void {
  const code = given.get("code") ?? "";
  const grant = grants.get(code);
  // A code is good once, whoever brings it.
  grants.delete(code);
  const proof = createHash("sha256")
    .update(given.get("code_verifier") ?? "")
    .digest("base64url");
  const isGood =
    exchange.request.method === "POST" &&
    given.get("grant_type") === "authorization_code" &&
    grant?.page === given.get("redirect_uri") &&
    grant?.challenge === proof;
  if (!isGood) {
    send(exchange, 400, { error: "invalid_grant" });
    return;
  }
  const { token, seconds = 8 * 3600 } = signIn;
  send(exchange, 200, {
    access_token: token,
    token_type: "bearer",
    expires_in: seconds,
    scope: SCOPES.join(" "),
    id_token: "",
  });
}

async function bodyOf({ request }: Exchange): Promise<string> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text;
}

function send({ response, entry }: Exchange, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.setHeader("Content-Type", "application/json; charset=utf-8");
  response.setHeader("Content-Length", body.length);
  response.writeHead(status).end(body);
  entry.bytes += body.length;
}
