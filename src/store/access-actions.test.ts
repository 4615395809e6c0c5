import { afterEach, beforeEach, describe, expect, it, test, vi } from "vitest";
import { type HubServer, startHub } from "../../e2e/server/hub-server.ts";
import { readSignInAnswer } from "../access/sign-in-answer.ts";
import { newStorage } from "../access/testing/new-storage.ts";
import { setSignIn, tokenFor } from "../access/token-vault.ts";
import { NO_ACCESS } from "./access-state.ts";
import { isIdle, whenIdle } from "./idle.ts";
import { isRunning } from "./job.ts";
import { phaseOf } from "./phase.ts";
import { HUB, scriptedPage } from "./testing/scripted-page.ts";
import { settle } from "./testing/scripted-pool.ts";

const TOKEN = "hf_oauth_of_the_account";

beforeEach(() => {
  vi.stubGlobal("sessionStorage", newStorage());
  vi.stubGlobal("localStorage", newStorage());
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A Hub sends people back to pages on this machine, whatever their port. */
const ADDRESS = "http://127.0.0.1:9/app/";

/** A page that is a client of `hub`, and where it was sent. */
function pageOf(hub: string, framed = false) {
  const went: { address: string; newTab: boolean }[] = [];
  const go = (address: string, newTab: boolean) => void went.push({ address, newTab });
  const client = { id: "client", hub };
  return { ...scriptedPage({ address: `${ADDRESS}?x=1`, signIn: { client, framed, go } }), went };
}

describe("what is known of access", () => {
  it("is nothing where the page is no client", async () => {
    const { state, actions } = scriptedPage();
    expect(state().access).toEqual(NO_ACCESS);
    await actions.signIn();
    expect(state().access).toEqual(NO_ACCESS);
  });

  it("follows the Hub in use", () => {
    const account = { name: "alice", expires: Date.now() + 60_000 };
    setSignIn(HUB, TOKEN, account, true);
    const { state, actions } = pageOf(HUB);
    expect(state().access).toEqual({ ...NO_ACCESS, door: "here", account, kept: "computer" });
    actions.setHub("https://mirror.test");
    expect(state().access).toEqual(NO_ACCESS);
    actions.setToken("hf_typed");
    expect(state().access).toEqual({ ...NO_ACCESS, kept: "tab" });
    actions.setHub("");
    expect(state().access).toMatchObject({ door: "here", account });
    expect(JSON.stringify(state())).not.toContain("hf_");
  });

  it("hears of what another tab kept when it looks again", () => {
    const { state, actions } = pageOf(HUB, true);
    expect(state().access).toEqual({ ...NO_ACCESS, door: "tab" });
    const account = { name: "alice", expires: Date.now() + 60_000 };
    setSignIn(HUB, TOKEN, account, true);
    actions.lookAtAccess();
    expect(state().access.account).toEqual(account);
    actions.signOut();
    expect([state().access, tokenFor(HUB)]).toEqual([{ ...NO_ACCESS, door: "tab" }, undefined]);
  });

  it("tells the workers' Hub sentences that there is a sign-in, where there is", async () => {
    const { compare, actions, scripted } = pageOf(HUB);
    await compare("org/base");
    actions.setHub("https://mirror.test");
    await compare("org/base");
    expect(scripted.opened.map(({ options }) => options.canSignIn)).toEqual([true, undefined]);
  });
});

describe("a sign-in that ends", () => {
  const HOUR = 3600_000;
  const EXPIRED = "The sign-in at huggingface.co has expired. Sign in again (under Access, at the top).";

  test.each([HOUR, 60 * 24 * HOUR])("after %d ms is forgotten then, and said so once", async (time) => {
    vi.useFakeTimers({ now: 0 });
    setSignIn(HUB, TOKEN, { name: "alice", expires: time });
    const { state, actions, scripted } = pageOf(HUB);
    await vi.advanceTimersByTimeAsync(time - 1);
    expect(state().access).toMatchObject({ account: { name: "alice" }, error: null });
    await vi.advanceTimersByTimeAsync(1);
    expect(state().access).toEqual({ ...NO_ACCESS, door: "here", error: EXPIRED });
    expect(sessionStorage.length).toBe(0);
    actions.dismissAccessError();
    actions.setText("a", "org/base");
    void actions.compare();
    await settle();
    expect(scripted.opened.map(({ options }) => options.token)).toEqual([undefined]);
    expect(state().access.error).toBeNull();
  });

  it("while the page was closed is said when a link opens it again", async () => {
    vi.useFakeTimers({ now: 10 });
    setSignIn(HUB, TOKEN, { name: "alice", expires: 5 }, true);
    const { state, actions, environment } = pageOf(HUB);
    void actions.openLink({ ...environment.links.empty, a: "org/base" });
    await settle();
    expect(state().access).toEqual({ ...NO_ACCESS, door: "here", error: EXPIRED });
    expect(localStorage.getItem(`auscult.token ${HUB}`)).toBeNull();
  });
});

describe("signing in", () => {
  let hub: HubServer;
  beforeEach(async () => {
    hub = await startHub({ signIn: { clients: ["client"], account: "alice", token: TOKEN } });
  });
  afterEach(() => hub.close());

  /** The answer of the Hub's page, as the address bar gets it. */
  async function answerTo(address: string, choice = "Authorize") {
    const html = await (await fetch(address)).text();
    const [, link = ""] = new RegExp(`<a href="([^"]+)">${choice}`).exec(html) ?? [];
    const read = readSignInAnswer(new URL(link.replaceAll("&amp;", "&")).search);
    if (!read) throw new Error("The Hub sent nothing back.");
    return read.answer;
  }

  it("leaves for the Hub and remembers what stood in the fields, then goes on with it as someone", async () => {
    const { actions, state, went } = pageOf(hub.origin);
    actions.setHub(hub.origin);
    actions.setText("a", "org/base");
    actions.setText("b", "org/gated");
    const leaving = actions.signIn(true);
    expect([isRunning(state(), "sign-in"), isIdle(state())]).toEqual([true, false]);
    await leaving;
    expect(isRunning(state(), "sign-in")).toBe(false);
    expect(state().access).toMatchObject({ error: null });
    expect(went).toEqual([{ address: expect.stringMatching(`^${hub.origin}/oauth/authorize`), newTab: false }]);
    expect(new URL(went[0].address).searchParams.get("redirect_uri")).toBe(ADDRESS);

    const answer = await answerTo(went[0].address);
    expect(answer.pending?.hash).toBe(`#v=1&a=org/base&b=org/gated&hub=${hub.origin}`);
    const back = pageOf(hub.origin);
    // So large that the scan waits for a click.
    const link = { ...back.environment.links.empty, a: "org/large", b: "org/larger", hub: hub.origin };
    const finishing = back.actions.finishSignIn(answer, () => void back.actions.openLink(link));
    // Whoever waits for the page waits for both.
    const phases: string[] = [];
    const idle = whenIdle(back.store).then(() => phases.push(phaseOf(back.state()).status));
    await finishing;
    await idle;
    expect(phases).toEqual(["ready"]);
    expect(back.scripted.opened.map(({ options }) => options.token)).toEqual([TOKEN, TOKEN]);
    expect(back.state().access).toMatchObject({ account: { name: "alice" }, kept: "computer", error: null });
  });

  it("goes on as nobody where the person declines, and says so", async () => {
    const { actions, state, went, environment } = pageOf(hub.origin);
    await actions.signIn();
    const answer = await answerTo(went[0].address, "Cancel");
    let wentOn = 0;
    await actions.finishSignIn(answer, () => wentOn++);
    expect([wentOn, state().access.account, isRunning(state(), "sign-in")]).toEqual([1, null, false]);
    expect(state().access.error).toMatch(/^The sign-in was declined at .*\.$/);
    // What was said stays while the link of before is opened, and goes with the next attempt.
    await actions.openLink({ ...environment.links.empty, hub: hub.origin });
    expect(state().access).toMatchObject({ door: "here", error: expect.stringMatching(/declined/) });
    await actions.signIn();
    expect(state().access.error).toBeNull();
  });

  it("says why it cannot begin", async () => {
    const { actions, state, went } = pageOf(hub.origin);
    hub.set({ down: true });
    await actions.signIn();
    expect(went).toEqual([]);
    expect(isRunning(state(), "sign-in")).toBe(false);
    expect(state().access).toMatchObject({ error: expect.stringMatching(/did not say where to sign in/) });
  });

  it("in a frame opens the page in a tab of its own, and asks nobody", async () => {
    const { actions, went } = pageOf(hub.origin, true);
    actions.setText("a", "org/base");
    await actions.signIn();
    expect(went).toEqual([{ address: `${ADDRESS}?x=1#v=1&a=org/base`, newTab: true }]);
    expect([hub.log, sessionStorage.length]).toEqual([[], 0]);
  });
});
