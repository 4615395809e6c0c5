import { oauthLoginUrl } from "@huggingface/hub";
import type { OAuthClient } from "./oauth-client.ts";
import { keepPending } from "./pending-sign-in.ts";
import { SignInError } from "./sign-in-error.ts";

/** Who the person is, and the gated repos they were granted: not their private ones, and nothing can be written. */
const SCOPES = "openid profile gated-repos";

/** What is remembered while the person is away. */
export interface SignInWish {
  /** Address of the page without query and hash; the Hub sends the person back to it. */
  page: string;
  /** What they are looking at, as a link's hash. */
  hash: string;
  /** Keep the sign-in on this computer. */
  forGood: boolean;
}

/**
 * Prepares a sign-in with PKCE at the client's Hub. Returns the Hub's address to send the person to, on the Hub's own
 * origin; the answer is for `finishSignIn`. Throws a SignInError.
 */
export async function beginSignIn(client: OAuthClient, wish: SignInWish): Promise<string> {
  const { host } = new URL(client.hub);
  const secrets: { codeVerifier?: string; nonce?: string } = {};
  const address = await oauthLoginUrl({
    clientId: client.id,
    hubUrl: client.hub,
    redirectUrl: wish.page,
    scopes: SCOPES,
    localStorage: secrets,
  }).catch((cause) => {
    throw new SignInError(
      "SignInFailed",
      `${host} did not say where to sign in. Check the network and try again, or set a read token (under Access, at the top).`,
      { cause },
    );
  });
  // An address that the Hub names is opened in place of this page: a script's, or another host's, is not.
  if (!URL.canParse(address) || new URL(address).origin !== client.hub) {
    throw new SignInError(
      "SignInUnavailable",
      `${host} sends people elsewhere to sign in, which this page does not follow. Set a read token (under Access, at the top).`,
    );
  }
  const { nonce = "", codeVerifier: verifier = "" } = secrets;
  if (!keepPending({ hub: client.hub, nonce, verifier, ...wish })) {
    throw new SignInError(
      "SignInUnavailable",
      "This browser keeps nothing for this page, so a sign-in could not find its way back. Allow site data for it, then sign in.",
    );
  }
  return address;
}
