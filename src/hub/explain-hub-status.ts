import { HubError } from "./hub-error.ts";

/** A Hub, and who asks it. */
export interface HubAsker {
  /** Origin, such as `https://huggingface.co`. */
  hub: string;
  /** Read token of the person, sent to `hub` and nowhere else. */
  token?: string;
  /** Whoever is refused can sign in at the Hub from the page; only for what is said then. */
  canSignIn?: boolean;
  /** Where a token is set, for the same: `under Access, at the top` unless told. */
  tokenPlace?: string;
}

/** What a request was about, for the sentence. */
export interface HubSubject {
  repo: string;
  revision: string;
  path?: string;
  /** What there is to read of it, where a listing said so: `15.1 GB in 4 files`. */
  plan?: string;
}

/**
 * Turns a refusal of the Hub into an error with a sentence, by its status, `X-Error-Code` and `X-Error-Message` (all readable
 * across origins). Undefined where the Hub has nothing to add to what the status says: answers from elsewhere (the CDN that
 * a file's address led to) and server errors.
 */
export function explainHubStatus(
  response: Response,
  { hub, token, canSignIn, tokenPlace = "under Access, at the top" }: HubAsker,
  { repo, revision, path, plan }: HubSubject,
): HubError | undefined {
  const { host, origin } = new URL(hub);
  if (response.url && new URL(response.url).origin !== origin) return undefined;
  const { status } = response;
  const code = response.headers.get("x-error-code");
  const said = response.headers.get("x-error-message") ?? "";
  const identify = canSignIn ? "sign in or set a read token" : "set a read token";
  const isRefused = status === 401 || status === 403;

  if (status === 429) {
    return new HubError(
      "RateLimited",
      token
        ? `${host} limits how much may be asked of it in five minutes, and that is used up. Wait a few minutes, then try again.`
        : `${host} limits how much may be asked of it in five minutes, and that is used up. Wait a few minutes, or ${identify} (${tokenPlace}), which raises the limit.`,
      { status },
    );
  }
  if (isRefused && /invalid (?:credentials|username or password|user token)/i.test(said)) {
    return new HubError(
      "BadToken",
      `${host} does not accept the token that is set. It may have expired or been revoked: set another, or remove it (${tokenPlace}).`,
      { status },
    );
  }
  if (code === "GatedRepo") {
    const then = plan ? ` There are ${plan} to read then.` : "";
    return new HubError(
      "AccessDenied",
      token
        ? `${repo} is gated, and the token that is set was not granted access. Accept its terms at ${hubPage(hub, repo)} with the token's account, and give the token the right to read gated repos.${then}`
        : `${repo} is gated. Accept its terms at ${hubPage(hub, repo)}, then ${identify} (${tokenPlace}) and open it again.${then}`,
      { status },
    );
  }
  if (isRefused && /disabled/i.test(said)) {
    return new HubError("AccessDenied", `The Hub has closed ${repo} to everyone. Choose another model.`, { status });
  }
  if (code === "RevisionNotFound") {
    return new HubError(
      "RevisionNotFound",
      `${repo} has no revision "${revision}". Check the branch, tag or commit after the @, or leave it out for the newest.`,
      { status },
    );
  }
  if (code === "EntryNotFound") {
    return new HubError(
      "EntryNotFound",
      path
        ? `${repo} has no "${path}" at revision ${revision}. Check the path after the colon.`
        : `${repo} is empty at revision ${revision}.`,
      { status },
    );
  }
  if (isRefused && code !== "RepoNotFound" && token) {
    return new HubError(
      "AccessDenied",
      `The token that is set may not read ${repo}. Give it the right to, or set another (${tokenPlace}).`,
      { status },
    );
  }
  if (isRefused || status === 404) {
    return new HubError(
      "RepoNotFound",
      token
        ? `There is no model ${repo} on ${host} that the token which is set may see. Check the spelling, or the token's rights.`
        : `There is no model ${repo} on ${host}, or it is private. Check the spelling; for a private one set a read token (${tokenPlace}).`,
      { status },
    );
  }
  return undefined;
}

const hubPage = (hub: string, repo: string): string => new URL(`/${repo}`, hub).href;
