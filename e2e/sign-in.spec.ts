import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "@playwright/test";
import { AuscultPage } from "./auscult-page.ts";
import { test as base, expect } from "./auscult-test.ts";
import { comparisonBreaches } from "./float64-oracle.ts";
import type { HubServer } from "./server/hub-server.ts";
import type { SignInSpec } from "./server/oauth-routes.ts";
import { tracesOf, wentToHubOnly } from "./token-traces.ts";

const dist = fileURLToPath(new URL("../dist", import.meta.url));
const TOKEN = "hf_oauth_of_the_account";
const GATED = { a: "org/base", b: "org/gated" };

/** Every test gets a Hub that people can sign in at, and that knows this page. */
const test = base.extend<{ signInHub: (change?: Partial<SignInSpec>) => Promise<HubServer> }>({
  signInHub: async ({ newHub, house }, use) => {
    await use((change) =>
      newHub({
        ...house.options,
        tokens: { ...house.options.tokens, [TOKEN]: ["org/gated"] },
        signIn: { clients: ["auscult"], account: "alice", token: TOKEN, ...change },
      }),
    );
  },
});

/** Makes the page a static Space of `hub`: such a page is told its client id by a script of its host's. */
const inSpaceOf = (page: Page, hub: HubServer) =>
  page.addInitScript((provider) => {
    window.huggingface = { variables: { OAUTH_CLIENT_ID: "auscult", OPENID_PROVIDER_URL: provider } };
  }, hub.origin);

const signInButton = (auscult: AuscultPage) => auscult.button(/^Sign in with /);

/** Goes to the Hub, and comes back having agreed or declined there. */
async function signIn(auscult: AuscultPage, choice: "Authorize" | "Cancel" = "Authorize"): Promise<void> {
  await auscult.button("Access settings").click();
  await signInButton(auscult).click();
  await auscult.page.waitForURL(/\/oauth\/authorize\?/);
  await auscult.page.getByRole("link", { name: choice }).click();
  await auscult.page.waitForURL(`${auscult.address}**`);
  await auscult.whenIdle();
}

/** The address bar holds a link and nothing of a sign-in. */
function expectCleanAddress(auscult: AuscultPage): void {
  const { search, hash } = new URL(auscult.page.url());
  expect([search, /code|state|error/.test(hash)]).toEqual(["", false]);
}

test("a gated repo names the sign-in, which comes back to what was to be compared and opens it", async ({
  auscult,
  house,
  signInHub,
  watch,
}) => {
  watch.expect(/401 \(Unauthorized\)/);
  const hub = await signInHub();
  const said: string[] = [];
  auscult.page.on("console", (message) => said.push(message.text()));
  await inSpaceOf(auscult.page, hub);
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs(GATED.a, GATED.b);
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("b")).toContainText(
    /org\/gated is gated\. Accept its terms at .*\/org\/gated, then sign in or set a read token \(under Access, at the top\) and open it again\. There are [\d.]+ kB in one file to read then\.$/,
  );

  await signIn(auscult);
  expectCleanAddress(auscult);
  await expect(auscult.error("b")).toHaveCount(0);
  await expect(auscult.field("a")).toHaveValue(GATED.a);
  await expect(auscult.field("b")).toHaveValue(GATED.b);
  const { pairs } = await auscult.comparison();
  expect(comparisonBreaches(pairs, house.models.base, house.models.tuned)).toEqual([]);

  expect(wentToHubOnly(hub, TOKEN)).toBe(true);
  expect(await tracesOf(auscult, TOKEN)).toEqual([]);
  expect(said.join("\n")).not.toContain(TOKEN);
  // Nor is anything of the sign-in left behind the page: a step back leads to the Hub's page, not to the answer.
  expect(await auscult.page.evaluate(() => JSON.stringify(Object.keys(sessionStorage)))).not.toContain("sign-in");

  await auscult.button("Access settings").click();
  await expect(auscult.page.getByText(/^Signed in at 127\.0\.0\.1:\d+ as alice, in this tab, until /)).toBeVisible();
  await auscult.button("Sign out").click();
  await expect(signInButton(auscult)).toBeVisible();
  await auscult.button("Close").click();
  hub.log.length = 0;
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("b")).toContainText("then sign in or set a read token");
  expect(wentToHubOnly(hub, TOKEN)).toBe(false);
});

test("whoever declines is told so, and may turn back or try again", async ({ auscult, signInHub, watch }) => {
  watch.expect(/401 \(Unauthorized\)/);
  const hub = await signInHub();
  await inSpaceOf(auscult.page, hub);
  await auscult.open({ hub: hub.origin });
  await auscult.button("Access settings").click();
  await signInButton(auscult).click();
  await auscult.page.waitForURL(/\/oauth\/authorize\?/);
  await auscult.page.goBack();
  await auscult.whenIdle();
  await auscult.page.reload();

  await auscult.typeRefs(GATED.a, GATED.b);
  await signIn(auscult, "Cancel");
  expectCleanAddress(auscult);
  await expect(auscult.notices).toContainText(
    /The sign-in was declined at 127\.0\.0\.1:\d+, and nobody is signed in\./,
  );
  await expect(auscult.error("b")).toContainText("org/gated is gated");
  expect(hub.log.filter(({ url }) => url.startsWith("/oauth/token"))).toEqual([]);

  await auscult.button("Sign in again").click();
  await auscult.page.getByRole("link", { name: "Authorize" }).click();
  await auscult.page.waitForURL(`${auscult.address}**`);
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  await expect(auscult.notices).not.toContainText("declined");
});

test("an answer that this tab did not ask for is not used, and leaves the address at once", async ({
  auscult,
  signInHub,
}) => {
  const hub = await signInHub();
  await inSpaceOf(auscult.page, hub);
  const state = encodeURIComponent(JSON.stringify({ nonce: "guessed", redirectUri: auscult.address }));
  const link = `#v=1&a=org/base&b=org/tuned&hub=${hub.origin}`;
  await auscult.page.goto(`${auscult.address}?code=stolen&state=${state}${link}`);
  await auscult.whenIdle();
  expectCleanAddress(auscult);
  await expect(auscult.notices).toContainText("a sign-in that this tab did not begin, so it was not used");
  await expect(auscult.exactCells).toHaveCount(21);
  expect(hub.log.filter(({ url }) => /oauth|openid/.test(url))).toEqual([]);
  await auscult.button("Dismiss").click();
  await expect(auscult.notices).not.toContainText("did not begin");

  // Nor is one for a sign-in that was begun here, but under another name.
  await auscult.button("Access settings").click();
  await signInButton(auscult).click();
  await auscult.page.waitForURL(/\/oauth\/authorize\?/);
  await auscult.page.goto(`${auscult.address}?code=stolen&state=${state}`);
  await auscult.whenIdle();
  expectCleanAddress(auscult);
  await expect(auscult.notices).toContainText("so it was not used");
  await expect(auscult.exactCells).toHaveCount(21);
  expect(hub.log.filter(({ url }) => url.startsWith("/oauth/token"))).toEqual([]);
});

test("a sign-in that has expired is forgotten, and one sentence says so", async ({ auscult, signInHub, watch }) => {
  watch.expect(/401 \(Unauthorized\)/);
  const hub = await signInHub({ seconds: 3600 });
  await inSpaceOf(auscult.page, hub);
  await auscult.page.clock.install();
  await auscult.open({ hub: hub.origin });
  await signIn(auscult);
  await expect(auscult.notices).not.toContainText("has expired");
  await auscult.page.clock.fastForward("01:00:01");
  await expect(auscult.notices).toContainText(/The sign-in at 127\.0\.0\.1:\d+ has expired\. Sign in again/);
  expect(wentToHubOnly(hub, TOKEN)).toBe(true);
  expect(await auscult.page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(TOKEN);
  hub.log.length = 0;
  await auscult.typeRefs(GATED.a, GATED.b);
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.error("b")).toContainText("then sign in or set a read token");
  expect(wentToHubOnly(hub, TOKEN)).toBe(false);
});

test("a Hub that fails in the middle gets a sentence, and what was to be compared is still asked for", async ({
  auscult,
  signInHub,
  watch,
}) => {
  watch.expect(/401 \(Unauthorized\)|500 \(Internal Server Error\)/);
  const hub = await signInHub();
  await inSpaceOf(auscult.page, hub);
  await auscult.open({ hub: hub.origin });
  await auscult.typeRefs(GATED.a, GATED.b);
  hub.set({ only: /oauth\/token/, busy: 1, busyStatus: 500 });
  await signIn(auscult);
  expectCleanAddress(auscult);
  await expect(auscult.notices).toContainText(/did not finish the sign-in\. Check the network, then sign in again/);
  await expect(auscult.error("b")).toContainText("org/gated is gated");
});

test("a sign-in stays in its tab, at its Hub, unless it is to be kept on this computer", async ({
  auscult,
  house,
  newHub,
  signInHub,
  watch,
}) => {
  watch.expect(/401 \(Unauthorized\)/);
  const hub = await signInHub();
  const other = await newHub(house.options);
  await inSpaceOf(auscult.page, hub);
  await auscult.open({ hub: hub.origin });
  /** Whether another tab of this browser may read the gated repo. */
  const visit = async () => {
    const tab = await auscult.page.context().newPage();
    await tab.goto(`${auscult.address}#v=1&a=org/gated&hub=${hub.origin}`);
    await tab.evaluate(() => window.auscult.whenIdle());
    const refused = await tab.locator("#error-a").count();
    await tab.close();
    return refused === 0;
  };
  await signIn(auscult);
  expect(await visit()).toBe(false);

  // Another Hub sees nothing of it, and has no sign-in for this page.
  await auscult.button("Access settings").click();
  await auscult.page.getByRole("textbox", { name: /^Hub\b/ }).fill(other.origin);
  await auscult.button("Keep").click();
  await auscult.typeRefs("org/base", "org/tuned");
  await auscult.compare();
  await auscult.whenIdle();
  await expect(auscult.exactCells).toHaveCount(21);
  expect(wentToHubOnly(other, TOKEN)).toBe(false);
  expect(other.log.filter(({ authorization }) => authorization !== undefined)).toEqual([]);
  await auscult.button("Access settings").click();
  await expect(auscult.page.getByText(/^Signed in/)).toHaveCount(0);
  await expect(signInButton(auscult)).toHaveCount(0);
  await auscult.page.getByRole("textbox", { name: /^Hub\b/ }).fill(hub.origin);
  await auscult.button("Keep").click();

  await auscult.button("Access settings").click();
  await auscult.button("Sign out").click();
  await auscult.page.getByLabel("Keep it on this computer until I forget it").check();
  await signInButton(auscult).click();
  await auscult.page.getByRole("link", { name: "Authorize" }).click();
  await auscult.page.waitForURL(`${auscult.address}**`);
  await auscult.whenIdle();
  expect(await visit()).toBe(true);
  await auscult.button("Access settings").click();
  await expect(auscult.page.getByText(/ as alice, on this computer, until /)).toBeVisible();
  await auscult.button("Sign out").click();
  expect(await visit()).toBe(false);
  expect(await auscult.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }))).not.toContain(
    TOKEN,
  );
});

test("a deployment names its client in the page; a page without one offers no sign-in", async ({
  auscult,
  serve,
  signInHub,
}) => {
  const hub = await signInHub();
  await auscult.open({ hub: hub.origin });
  await auscult.button("Access settings").click();
  await expect(auscult.page.getByLabel("Read token")).toBeVisible();
  await expect(signInButton(auscult)).toHaveCount(0);

  const settings = `<meta name="oauth-client-id" content="auscult"><meta name="oauth-hub" content="${hub.origin}">`;
  const root = test.info().outputPath("deployment");
  for (const part of ["assets", "favicon.svg"]) await cp(join(dist, part), join(root, part), { recursive: true });
  const html = await readFile(join(dist, "index.html"), "utf8");
  await writeFile(join(root, "index.html"), html.replace("</head>", `${settings}</head>`));
  const { origin } = await serve({ root });
  const deployed = new AuscultPage(auscult.page, `${origin}/`);
  await deployed.open({ hub: hub.origin });
  await signIn(deployed);
  await deployed.button("Access settings").click();
  await expect(deployed.page.getByText(/^Signed in at .* as alice/)).toBeVisible();
});

test("in a frame the page opens itself in a tab of its own, where people sign in", async ({
  auscult,
  signInHub,
  watch,
}) => {
  const hub = await signInHub();
  const { page } = auscult;
  const context = page.context();
  await context.addInitScript((provider) => {
    window.huggingface = { variables: { OAUTH_CLIENT_ID: "auscult", OPENID_PROVIDER_URL: provider } };
  }, hub.origin);
  const html = `<!doctype html><title>A Space</title><iframe src="./#v=1&amp;hub=${hub.origin}" width="1200" height="700">`;
  await page.route(`${auscult.address}frame.html`, (route) => route.fulfill({ contentType: "text/html", body: html }));
  await page.goto(`${auscult.address}frame.html`);
  const frame = page.frameLocator("iframe");
  await frame.getByRole("combobox", { name: "A (Base model)" }).fill("org/base");
  await frame.getByRole("button", { name: "Access settings" }).click();
  const opening = context.waitForEvent("page");
  await frame.getByRole("button", { name: "Open in a tab of its own to sign in" }).click();
  const tab = new AuscultPage(await opening, auscult.address);
  watch.over(tab.page);
  await tab.page.waitForLoadState();
  await tab.whenIdle();
  await expect(tab.field("a")).toHaveValue("org/base");
  expect(hub.log.filter(({ url }) => /oauth|openid/.test(url))).toEqual([]);
  await signIn(tab);
  await expect(tab.field("a")).toHaveValue("org/base");
  await tab.button("Access settings").click();
  await expect(tab.page.getByText(/ as alice, in this tab, until /)).toBeVisible();
});
