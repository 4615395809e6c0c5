import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { type HubServer, type HubServerOptions, startHub } from "../../e2e/server/hub-server.ts";
import { beginSignIn } from "./begin-sign-in.ts";
import { finishSignIn } from "./finish-sign-in.ts";
import { readSignInAnswer } from "./sign-in-answer.ts";
import { newStorage } from "./testing/new-storage.ts";
import { keptFor, tokenFor } from "./token-vault.ts";

const TOKEN = "hf_oauth_of_the_account";
const PAGE = "http://127.0.0.1:9/app/";
const HASH = "#v=1&a=org/base&b=org/gated";
const signIn = { clients: ["client"], account: "alice", token: TOKEN };

const open: HubServer[] = [];
async function newHub(options: HubServerOptions = { signIn }): Promise<HubServer> {
  const hub = await startHub(options);
  open.push(hub);
  return hub;
}

beforeEach(() => {
  vi.stubGlobal("sessionStorage", newStorage());
  vi.stubGlobal("localStorage", newStorage());
});
afterEach(async () => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
  for (const hub of open.splice(0)) await hub.close();
});

const begin = (hub: HubServer, forGood = false, id = "client") =>
  beginSignIn({ id, hub: hub.origin }, { page: PAGE, hash: HASH, forGood });

/** Where the Hub's sign-in page sends whoever agrees, or declines: the query of the page's address. */
async function choose(address: string, choice: "Authorize" | "Cancel"): Promise<string> {
  const html = await (await fetch(address)).text();
  const [, link = ""] = new RegExp(`<a href="([^"]+)">${choice}`).exec(html) ?? [];
  return new URL(link.replaceAll("&amp;", "&")).search;
}

const answerOf = (search: string) => {
  const read = readSignInAnswer(search);
  if (!read) throw new Error(`There is no answer in ${search}.`);
  return read.answer;
};

describe("signing in", () => {
  it("asks with a proof, for gated repos only, and keeps what is granted for that Hub", async () => {
    const hub = await newHub();
    const address = new URL(await begin(hub));
    expect([address.origin, address.pathname]).toEqual([hub.origin, "/oauth/authorize"]);
    const asked = Object.fromEntries(address.searchParams);
    expect(asked).toMatchObject({
      ...{ client_id: "client", redirect_uri: PAGE, response_type: "code" },
      ...{ scope: "openid profile gated-repos", code_challenge_method: "S256" },
    });
    expect(asked.code_challenge).toMatch(/^[\w-]{43}$/);
    const answer = answerOf(await choose(address.href, "Authorize"));
    expect(answer.pending?.hash).toBe(HASH);
    const before = Date.now();
    await finishSignIn(answer);
    expect(tokenFor(hub.origin)).toBe(TOKEN);
    const kept = keptFor(hub.origin);
    expect(kept).toMatchObject({ place: "tab", account: { name: "alice" } });
    expect(kept?.account?.expires).toBeGreaterThanOrEqual(before + 8 * 3600_000);
    expect(kept?.account?.expires).toBeLessThanOrEqual(Date.now() + 8 * 3600_000);
    expect(localStorage.length).toBe(0);
    // Nothing of the proof stays, and neither it nor the token was in an address.
    expect([sessionStorage.length, sessionStorage.key(0)]).toEqual([1, `auscult.token ${hub.origin}`]);
    expect(hub.log.filter(({ url }) => url.includes(TOKEN) || url.includes(String(answer.pending?.verifier)))).toEqual(
      [],
    );
    expect(hub.log.filter(({ authorization }) => authorization).map(({ url }) => url)).toEqual(["/oauth/userinfo"]);
  });

  it("keeps it on this computer where that was asked for", async () => {
    const hub = await newHub();
    await finishSignIn(answerOf(await choose(await begin(hub, true), "Authorize")));
    expect(keptFor(hub.origin)?.place).toBe("computer");
    expect(sessionStorage.length).toBe(0);
  });

  it("makes another proof each time", async () => {
    const hub = await newHub();
    const challenges = [await begin(hub), await begin(hub)].map((url) =>
      new URL(url).searchParams.get("code_challenge"),
    );
    expect(new Set(challenges).size).toBe(2);
  });
});

/** Every way in which an answer is none: its error, and the Hub it came from. */
const failures: [what: string, name: string, sentence: RegExp, run: () => Promise<[HubServer, Promise<void>]>][] = [
  [
    "the person declines",
    "SignInDenied",
    /^The sign-in was declined at 127\.0\.0\.1:\d+, and nobody is signed in\./,
    async () => {
      const hub = await newHub();
      return [hub, finishSignIn(answerOf(await choose(await begin(hub), "Cancel")))];
    },
  ],
  [
    "the Hub refuses the page",
    "SignInDenied",
    /refused the sign-in \(invalid_scope\): this page may not be registered/,
    async () => {
      const hub = await newHub();
      const search = await choose(await begin(hub), "Cancel");
      return [hub, finishSignIn({ ...answerOf(search), error: "invalid_scope" })];
    },
  ],
  [
    "another state comes back",
    "SignInUnknown",
    /a sign-in that this tab did not begin/,
    async () => {
      const hub = await newHub();
      const answer = answerOf(await choose(await begin(hub), "Authorize"));
      return [hub, finishSignIn({ ...answer, state: JSON.stringify({ nonce: "other", redirectUri: PAGE }) })];
    },
  ],
  [
    "a state comes back that is none",
    "SignInUnknown",
    /a sign-in that this tab did not begin/,
    async () => {
      const hub = await newHub();
      return [hub, finishSignIn({ ...answerOf(await choose(await begin(hub), "Authorize")), state: "7" })];
    },
  ],
  [
    "this tab asked for none",
    "SignInUnknown",
    /a sign-in that this tab did not begin/,
    async () => {
      const hub = await newHub();
      const search = await choose(await begin(hub), "Authorize");
      sessionStorage.clear();
      return [hub, finishSignIn(answerOf(search))];
    },
  ],
  [
    "the proof is not the one that was begun with",
    "SignInFailed",
    /did not finish the sign-in\. Check the network/,
    async () => {
      const hub = await newHub();
      const answer = answerOf(await choose(await begin(hub), "Authorize"));
      if (answer.pending) answer.pending.verifier = "v".repeat(43);
      return [hub, finishSignIn(answer)];
    },
  ],
  [
    "the code was used before",
    "SignInFailed",
    /did not finish the sign-in/,
    async () => {
      const hub = await newHub();
      const answer = answerOf(await choose(await begin(hub), "Authorize"));
      await finishSignIn(answer);
      sessionStorage.clear();
      return [hub, finishSignIn(answer)];
    },
  ],
  ...(
    [
      ["the Hub cannot be reached", { down: true }],
      ["the Hub has an error", { only: /oauth\/token/, busy: 1, busyStatus: 500 }],
      ["nobody is to be found behind the token", { only: /userinfo/, busy: 2, busyStatus: 500 }],
    ] as const
  ).map(([what, faults]): (typeof failures)[number] => [
    what,
    "SignInFailed",
    /did not finish the sign-in/,
    async () => {
      const hub = await newHub();
      const answer = answerOf(await choose(await begin(hub), "Authorize"));
      hub.set(faults);
      return [hub, finishSignIn(answer)];
    },
  ]),
  [
    "the Hub does not answer in time",
    "SignInFailed",
    /did not finish the sign-in/,
    async () => {
      const hub = await newHub();
      const answer = answerOf(await choose(await begin(hub), "Authorize"));
      hub.set({ only: /oauth\/token/, held: true });
      return [hub, finishSignIn(answer, 50)];
    },
  ],
  ...["token_endpoint", "userinfo_endpoint"].map((endpoint): (typeof failures)[number] => [
    `the Hub's ${endpoint} is elsewhere`,
    "SignInUnavailable",
    /would have the sign-in sent elsewhere/,
    async () => {
      const elsewhere = await newHub();
      const description = { [endpoint]: `${elsewhere.origin}/oauth/token` };
      const hub = await newHub({ signIn: { ...signIn, description } });
      const answer = answerOf(await choose(await begin(hub), "Authorize"));
      const finishing = finishSignIn(answer);
      await finishing.catch(() => expect(elsewhere.log).toEqual([]));
      return [hub, finishing];
    },
  ]),
];

test.each(failures)("nobody is signed in where %s", async (_, name, sentence, run) => {
  const [hub, finishing] = await run();
  const error = await finishing.then(
    () => expect.fail("Somebody was signed in."),
    (failure: Error) => failure,
  );
  expect(error).toMatchObject({ name, message: expect.stringMatching(sentence) });
  expect(error.message).toMatch(/^\S.*\.$/);
  expect(error.message).not.toMatch(/hf_|[0-9a-f]{32}/);
  expect([tokenFor(hub.origin), keptFor(hub.origin)]).toEqual([undefined, null]);
});

describe("no sign-in begins", () => {
  const refused = async (hub: HubServer) => {
    const failure = await begin(hub).catch((error: Error) => error);
    expect(sessionStorage.length).toBe(0);
    return failure;
  };

  it("where the Hub knows of none", async () => {
    expect(await refused(await newHub({}))).toMatchObject({
      name: "SignInFailed",
      message: expect.stringMatching(/did not say where to sign in\. Check the network and try again, or set a read/),
    });
  });

  test.each(["https://elsewhere.test/authorize", "javascript:alert(1)//", "data:text/html,x"])(
    "at %s, where the Hub says",
    async (place) => {
      const hub = await newHub({ signIn: { ...signIn, description: { authorization_endpoint: place } } });
      expect(await refused(hub)).toMatchObject({
        name: "SignInUnavailable",
        message: expect.stringMatching(/sends people elsewhere to sign in/),
      });
    },
  );

  it("where the browser keeps nothing", async () => {
    const hub = await newHub();
    vi.stubGlobal("sessionStorage", undefined);
    await expect(begin(hub)).rejects.toMatchObject({
      name: "SignInUnavailable",
      message: expect.stringMatching(/Allow site data/),
    });
  });
});
