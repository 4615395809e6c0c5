import { oauthHandleRedirect } from "@huggingface/hub";
import type { PendingSignIn } from "./pending-sign-in.ts";
import type { SignInAnswer } from "./sign-in-answer.ts";
import { SignInError } from "./sign-in-error.ts";
import { setSignIn } from "./token-vault.ts";

/** Milliseconds that a Hub has to answer the requests that end a sign-in. */
const PATIENCE = 30_000;

/** As long as Hubs let a sign-in last where they do not say: eight hours. */
const USUAL_TIME = 8 * 3600_000;

const MAX_NAME = 96;

/**
 * Exchanges the code that the Hub sent for a token and keeps it for that Hub's origin. Sends it, to see whose it is, to that
 * origin alone. Throws a SignInError; then nothing is kept that was not kept before.
 */
export async function finishSignIn({ code, state, error, pending }: SignInAnswer, patience = PATIENCE): Promise<void> {
  if (!pending || !state || nonceOf(state) !== pending.nonce) {
    throw new SignInError(
      "SignInUnknown",
      "Someone was sent back here from a sign-in that this tab did not begin, so it was not used. To sign in, begin again (under Access, at the top).",
    );
  }
  const { host } = new URL(pending.hub);
  if (error === "access_denied") {
    throw new SignInError(
      "SignInDenied",
      `The sign-in was declined at ${host}, and nobody is signed in. Sign in again, or set a read token (under Access, at the top).`,
    );
  }
  if (error !== null || !code) {
    const said = /^[a-z_]{1,40}$/.test(error ?? "") ? ` (${error})` : "";
    throw new SignInError(
      "SignInDenied",
      `${host} refused the sign-in${said}: this page may not be registered there as it should. Set a read token instead (under Access, at the top).`,
    );
  }
  const { accessToken, accessTokenExpiresAt, userInfo } = await soon(exchange(pending, code, state), patience).catch(
    (cause) => {
      throw cause instanceof SignInError ? cause : failure(host, cause);
    },
  );
  if (typeof accessToken !== "string" || accessToken === "") throw failure(host);
  const named = userInfo?.preferred_username || userInfo?.name;
  const until = accessTokenExpiresAt.getTime();
  const account = {
    name: typeof named === "string" && named ? named.slice(0, MAX_NAME) : "someone",
    expires: Number.isFinite(until) ? until : Date.now() + USUAL_TIME,
  };
  setSignIn(pending.hub, accessToken, account, pending.forGood);
}

async function exchange({ hub, nonce, verifier, page }: PendingSignIn, code: string, state: string) {
  await checkEndpoints(hub);
  return oauthHandleRedirect({
    hubUrl: hub,
    redirectedUrl: `${page}?${new URLSearchParams({ code, state })}`,
    nonce,
    codeVerifier: verifier,
  });
}

/** The package sends code and token wherever the Hub's description says; that must be the Hub. */
async function checkEndpoints(hub: string): Promise<void> {
  const response = await fetch(`${hub}/.well-known/openid-configuration`, { headers: { Accept: "application/json" } });
  const said = (await response.json()) as Record<string, unknown>;
  for (const key of ["token_endpoint", "userinfo_endpoint"]) {
    const address = String(said[key]);
    if (URL.canParse(address) && new URL(address).origin === hub) continue;
    throw new SignInError(
      "SignInUnavailable",
      `${new URL(hub).host} would have the sign-in sent elsewhere, which this page does not do. Set a read token (under Access, at the top).`,
    );
  }
}

function nonceOf(state: string): string | null {
  try {
    const { nonce } = JSON.parse(state) as { nonce?: unknown };
    return typeof nonce === "string" ? nonce : null;
  } catch {
    return null;
  }
}

function failure(host: string, cause?: unknown): SignInError {
  return new SignInError(
    "SignInFailed",
    `${host} did not finish the sign-in. Check the network, then sign in again (under Access, at the top).`,
    { cause },
  );
}

/** Rejects where `work` takes longer than `patience` milliseconds. */
async function soon<Result>(work: Promise<Result>, patience: number): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`No answer in ${patience} ms.`)), patience);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
